"""Problems with the mTLS certificate: its order, its text and its match with the CSR (`certificate`).

Sources are the failure modes F8-F10, F39-F41, F50 and the trap T3.
"""

from onboarding.journey.definitions import Actor, StepSlug
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.problems.shape import ProblemDefinition

PROBLEMS: tuple[ProblemDefinition, ...] = (
    ProblemDefinition(  # section 6 of the Atlas facts; A25-A27
        code=ProblemCode.CERTIFICATE_REFUSED,
        title="Atlas refused to make the mTLS certificate",
        what_happened="Atlas read the order and refused it.",
        why="Without the certificate there is no PFX. The key, the CSR and the credential are still there.",
        what_to_do=(
            "Read what Atlas said about it.",
            "If it speaks of the CSR or its key, make a new CSR.",
            (
                "If it speaks of the credential, check that it exists in Atlas under the familiar name you"
                " noted."
            ),
            (
                "If it says that you may not do it, check your rights in Atlas: Administrator, or Manage"
                " Credentials."
            ),
            "In Atlas choose Directly via the API, not the way via technology partners.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.CERTIFICATE,),
        back_to=StepSlug.CSR,
    ),
    ProblemDefinition(  # design section 3: usual 5 minutes, limit 1 day
        code=ProblemCode.CERTIFICATE_LATE,
        title="The mTLS certificate has not come",
        what_happened=(
            "The certificate was ordered more than a day ago and Atlas still says that it is in progress."
        ),
        why="The PFX needs the certificate. The order is not lost: the portal keeps its number.",
        what_to_do=(
            "Do not order a second one.",
            (
                "Sign in to Atlas and look under Access Credentials for the mTLS certificate. If it is there,"
                " copy it and paste it here."
            ),
            (
                "If it is not, write to GlobalSign and give them the time of the order and the credential's"
                " familiar name."
            ),
        ),
        next_actor=Actor.GLOBALSIGN,
        steps=(StepSlug.CERTIFICATE,),
    ),
    ProblemDefinition(  # F8-F10, T3
        code=ProblemCode.CERTIFICATE_MISMATCH,
        title="The certificate does not belong to the CSR",
        what_happened=(
            "The certificate's public key is not the one of the CSR that is noted here. Either it is another "
            "certificate, or the key was made again after the CSR was sent."
        ),
        why="A PFX with a certificate and another certificate's key does not work anywhere.",
        what_to_do=(
            "Check that you copied the certificate of this order and not an older one.",
            (
                "Look for the key file that was made together with the CSR. Running the command twice"
                " replaces it."
            ),
            "If you find the matching certificate, upload it here.",
            "If the key is lost, make a new key and CSR, and order a new certificate.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.CERTIFICATE, StepSlug.PFX),
        back_to=StepSlug.CSR,
        messages=(
            "No cert in -in file 'apicert.cer' matches private key",
            "x509 certificate routines:X509_check_private_key:key values mismatch",
            "ValueError: Certificate public key and provided private key do not match",
            (
                "The public key of the end-entity certificate in the specified X.509 certificate content does"
                " not match the public part of the specified private key. Please check if certificate is"
                " valid"
            ),
        ),
    ),
    ProblemDefinition(  # F39-F41
        code=ProblemCode.CERTIFICATE_DAMAGED,
        title="The pasted certificate cannot be read",
        what_happened=(
            "The text was changed between Atlas and here: a line is missing, dashes were replaced, it was "
            "saved as Unicode (UTF-16), or it is another file."
        ),
        why="Tools say only that they cannot read it.",
        what_to_do=(
            "In Atlas use the button that copies the certificate.",
            "Paste it into a plain text editor, not into a word processor, and save it as UTF-8.",
            (
                "It begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----, both"
                " with five dashes on each side."
            ),
            "Or paste it straight into this portal: it repairs what can be repaired without guessing.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.CERTIFICATE,),
        messages=(
            "Could not read certificate from apicert.cer",
            "Unable to load certificate",
            "Could not read any certificates from -in file from apicert.csr",
            "Could not read private key from -in file from apicert.cer",
        ),
    ),
    ProblemDefinition(  # design section 6: reconcile, never re-send blindly
        code=ProblemCode.ORDER_UNKNOWN,
        title="It is not known whether Atlas took the order",
        what_happened=(
            "The portal sent the order for the mTLS certificate, and the answer did not arrive. Atlas may"
            " have made the certificate or not."
        ),
        why="A second order would make a second certificate. So the portal does not send it again.",
        what_to_do=(
            (
                "You need not do anything. The portal compares the certificates that Atlas has made with your"
                " CSR."
            ),
            "If Atlas made it, the portal collects it. If not, the portal orders it again, once.",
            "If you can see the certificate in Atlas, you may paste it here.",
        ),
        next_actor=Actor.PORTAL,
        steps=(StepSlug.CERTIFICATE,),
    ),
    ProblemDefinition(  # F50
        code=ProblemCode.CERTIFICATE_NOT_FOR_SIGN_IN,
        title="The certificate may not be used to sign in",
        what_happened="The certificate lacks the purpose Client Authentication (clientAuth).",
        why=(
            "Without it the secure connection to GlobalSign is refused. Public certificate authorities are"
            " removing this purpose from some kinds of certificates in 2026."
        ),
        what_to_do=(
            "Check that it is the mTLS certificate from Atlas and not a website's certificate.",
            "If it is, write to GlobalSign and ask for an mTLS certificate with Client Authentication.",
        ),
        next_actor=Actor.GLOBALSIGN,
        steps=(StepSlug.CERTIFICATE, StepSlug.PROOF),
    ),
)
