"""Problems with the PFX, the test sign-in and the upload to the DIP (`pfx`, `proof`, `dip-upload`).

Key Vault's are in key_vault.py. Sources are the failure modes F8, F9, F19-F38, F42, F48-F50 and the traps T9, T10.
"""

from onboarding.journey.definitions import Actor, StepSlug
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.problems.shape import ProblemDefinition

PROBLEMS: tuple[ProblemDefinition, ...] = (
    ProblemDefinition(  # design section 5
        code=ProblemCode.PFX_BUILD_FAILED,
        title="The portal could not build the PFX",
        what_happened="The portal tried to put the key and the certificate into a PFX and did not finish.",
        why="The key and the certificate are still there; nothing is lost.",
        what_to_do=(
            "Open the step again and let the portal try once more.",
            ("If you hold the key yourself, build the PFX with OpenSSL or in Key Vault and upload it here."),
            (
                "If it fails again, tell the people who run this portal and give them the time and your"
                " onboarding code."
            ),
        ),
        next_actor=Actor.OPS,
        steps=(StepSlug.PFX,),
    ),
    ProblemDefinition(  # T3, F8
        code=ProblemCode.KEY_LOST,
        title="The private key is lost",
        what_happened=(
            "The private key that belongs to the certificate cannot be found, or it was replaced because the "
            "command ran twice."
        ),
        why=(
            "Nobody can make it again from the CSR or the certificate. A new key needs a new CSR and a new "
            "certificate."
        ),
        what_to_do=(
            (
                "Look on the computer where the CSR was made, in the folder where the command ran. The key"
                " was made with the CSR and its file ends in .key."
            ),
            "If it was made in Key Vault, it is in the vault: finish it there with Merge Signed Request.",
            (
                "If it was made in a browser, it is in that browser on that computer: open the step there. In any"
                " other browser load the encrypted backup, a file whose name ends in -backup.pem."
            ),
            "If it is lost, make a new key and CSR. The API credentials stay as they are.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.CERTIFICATE, StepSlug.PFX, StepSlug.PROOF),
        back_to=StepSlug.CSR,
    ),
    ProblemDefinition(  # F19, F21-F23, F41
        code=ProblemCode.PFX_WITHOUT_KEY,
        title="The PFX has no private key in it, or is not a PFX",
        what_happened=(
            "The file opens and holds only a certificate; or it is base64 text that was never turned back "
            "into a binary file."
        ),
        why="The DIP signs in to GlobalSign with the key in the PFX.",
        what_to_do=(
            (
                "From Key Vault, download the PFX of the certificate as a secret: that needs the right to"
                " read secrets. Downloading the certificate gives no key."
            ),
            "With the az command add --encoding base64.",
            "If the key in Key Vault is not exportable, make a new request with an exportable RSA key.",
            "With OpenSSL name both files: -inkey for the key and -in for the certificate.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.PFX,),
        messages=(
            "asn1 encoding routines:asn1_check_tlen:wrong tag Type=PKCS12",
            "Could not read private key from -in file",
            "CertificateMustContainOnePrivateKey",
        ),
    ),
    ProblemDefinition(  # F24
        code=ProblemCode.PFX_HAS_PASSWORD,
        title="The PFX has a password",
        what_happened=(
            "The PFX does not open with an empty password. The DIP asks for one without a password."
        ),
        why="The DIP has no field for a password: it would refuse the file.",
        what_to_do=(
            (
                "Build it again with the command from this portal: it ends in -passout pass: with nothing"
                " after the colon."
            ),
            "If a tool insists on a password, use another way: this portal or OpenSSL.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.PFX, StepSlug.DIP_UPLOAD),
        messages=(
            "Mac verify error: invalid password?",
            "Invalid password or PKCS12 data",
            "The password you entered is incorrect.",
        ),
    ),
    ProblemDefinition(  # F25-F38, F42
        code=ProblemCode.PFX_UNREADABLE_ELSEWHERE,
        title="Another program cannot read the PFX",
        what_happened=(
            "The PFX is good, and a program says that the password is wrong or the format is not supported."
            " There are several ways to encrypt a PFX, and several ways to write an empty password; not every"
            " program reads all of them."
        ),
        why="The message speaks of a password although the password is not the cause.",
        what_to_do=(
            "For the DIP use the PFX that this portal checked. You need not open it anywhere else.",
            (
                "For Windows Server 2016 and older, or .NET there, build it with 3DES: the OpenSSL command"
                " for it is in the guide to OpenSSL and Key Vault."
            ),
            "If OpenSSL 3 cannot read an old file, add -legacy to read it and build a new one.",
            (
                "For macOS, curl on macOS and Azure App Service use the key and the certificate as two PEM"
                " files, or a PFX with a password."
            ),
            "For an import into Key Vault give the empty password explicitly.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.PFX,),
        messages=(
            (
                "error:0308010C:digital envelope routines:inner_evp_generic_fetch:unsupported Algorithm"
                " (RC2-40-CBC : 0)"
            ),
            "Error: unsupported Unsupported PKCS12 PFX data",
            "The specified network password is not correct.",
            "The password you entered is incorrect.",
            "MAC verification failed during PKCS12 import (wrong password?)",
            "SecKeychainItemImport: Unable to decode the provided data.",
            "Warning: MAC is absent!",
            "Error outputting keys and certificates",
            "Key not valid for use in specified state.",
            (
                "We could not parse the provided certificate as .pem or .pfx. Please verify the certificate"
                " with OpenSSL."
            ),
            (
                "The specified PKCS#12 X.509 certificate content can not be read. "
                "Please check if certificate is in valid PKCS#12 format."
            ),
            (
                "The specified PEM X.509 certificate content is in an unexpected format. "
                "Please check if certificate is in valid PEM format."
            ),
            "Certificate invalid, or password is incorrect",
            "(58) SSL: Incorrect password for the certificate",
        ),
    ),
    ProblemDefinition(  # F48; section 3 of the Atlas facts: key and certificate are bound
        code=ProblemCode.PROOF_REFUSED,
        title="Atlas refused the test sign-in",
        what_happened=(
            "Atlas was reached and did not let the bundle in. The API key, the API secret and the certificate"
            " in the PFX do not belong together, or one of them was altered."
        ),
        why="The DIP signs in the same way. It would refuse the upload.",
        what_to_do=(
            "Check the key and the secret: not swapped, no space before or after, both from the same CSV.",
            (
                "Check that the mTLS certificate was made for this credential: its familiar name is chosen in"
                " Atlas before the CSR is pasted."
            ),
            "If you have more than one credential or PFX, check that you took the newest pair.",
            "If nothing helps, generate another credential, and a certificate that is linked to it.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.PROOF,),
        back_to=StepSlug.API_CREDENTIALS,
        messages=("401 Unauthorized", "Invalid login request"),
    ),
    ProblemDefinition(  # F49
        code=ProblemCode.PROOF_UNREACHABLE,
        title="Atlas cannot be reached for the test sign-in",
        what_happened=(
            "No connection came about to GlobalSign's API on port 8443. Often a firewall blocks that port."
        ),
        why=(
            "Nothing is known about the bundle yet: it may be good. The DIP calls GlobalSign from its own"
            " network, so your firewall does not matter there."
        ),
        what_to_do=(
            (
                "If you run the test on your own computer, ask your network team to allow outgoing"
                " connections to port 8443, or run it from another network."
            ),
            (
                "If this portal runs the test, the people who run it must look. The portal tries again by"
                " itself."
            ),
            "If GlobalSign has an outage, wait and try again.",
        ),
        next_actor=Actor.OPS,
        steps=(StepSlug.PROOF,),
        messages=(
            "hvca.globalsign.com:8443 connection refused",
            "hvca.globalsign.com:8443 connection timed out",
        ),
    ),
    ProblemDefinition(  # section 1.8 of the Atlas facts
        code=ProblemCode.PROOF_POLICY_UNREADABLE,
        title="The sign-in worked, and Atlas's answer could not be read",
        what_happened=(
            "The test sign-in worked. Then the portal asked Atlas what the credential may order, and did not "
            "understand the answer, or your pasted answer is not complete."
        ),
        why=(
            "Key, secret and PFX belong together, or the sign-in had failed. The portal calls the bundle proved only"
            " when it has understood the answer."
        ),
        what_to_do=(
            "If you ran the test on your own computer, run it again and paste the whole answer.",
            (
                "If the portal ran it, tell the people who run it and give them the time and your onboarding"
                " code."
            ),
        ),
        next_actor=Actor.OPS,
        steps=(StepSlug.PROOF,),
    ),
    ProblemDefinition(  # F48, E22
        code=ProblemCode.DIP_REFUSED,
        title="The DIP refused the key, the secret or the PFX",
        what_happened="After Validate the DIP did not show Added successfully.",
        why="The DIP cannot order certificates for you until it has accepted them.",
        what_to_do=(
            "Paste the key and the secret again, each in its own field, without a space before or after.",
            "Take the PFX that this portal checked and proved, not another copy. It has no password.",
            "If the DIP says why, note the words exactly.",
            (
                "If it refuses again, raise a ticket on Elexon Support for the DIP Manager, with the time and"
                " the exact words. Never put the key, the secret or the PFX in a ticket."
            ),
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.DIP_UPLOAD,),
        back_to=StepSlug.PFX,
    ),
)
