"""Problems with API credentials, keys and CSRs (steps `api-credentials` and `csr`); Key Vault's are in key_vault.py.

Sources are the failure modes F1-F7, F43 and the traps T1-T8.
"""

from onboarding.journey.definitions import Actor, StepSlug
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.problems.shape import ProblemDefinition

PROBLEMS: tuple[ProblemDefinition, ...] = (
    ProblemDefinition(  # F43, T18
        code=ProblemCode.SERVICE_MISSING,
        title="Atlas offers no identity or no service to choose",
        what_happened=(
            "While you make the credentials, the list of identities or services in Atlas is empty, or "
            "Internet SSL is not in it."
        ),
        why="Credentials work only for an identity and a service that are active.",
        what_to_do=(
            "Check that GlobalSign's verification email has come. Processed is not yet the end of vetting.",
            "Check in Atlas that the quotation is accepted.",
            "Sign out of Atlas and in again. If the list is still empty, write to GlobalSign.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.API_CREDENTIALS,),
    ),
    ProblemDefinition(  # R48, R56, T13, T19
        code=ProblemCode.NO_ATLAS_USER,
        title="You cannot sign in to Atlas as a Certificate Admin",
        what_happened=(
            "You are a Certificate Admin in the DIP, and Atlas does not know you. The two have separate "
            "lists of users."
        ),
        why="Credentials and the mTLS certificate are made inside the Atlas portal.",
        what_to_do=(
            (
                "Ask the Primary Certificate Admin to add you in Atlas: profile icon, Account Settings,"
                " Users, Add an Atlas Admin User."
            ),
            "Wait for the email with the subject New User Registration and set a password.",
            "If Atlas says that your address is in use already, use another one of yours.",
            "Or hand the step to somebody who has an Atlas user.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.API_CREDENTIALS, StepSlug.CERTIFICATE),
    ),
    ProblemDefinition(  # F43, T7
        code=ProblemCode.CREDENTIAL_LOST,
        title="The API key or the API secret is lost",
        what_happened="Atlas shows the API secret once, and nobody has a copy of it.",
        why=(
            "Nobody can bring it back: not GlobalSign, not Elexon, not this portal. A new credential is"
            " needed, and an mTLS certificate that is linked to it."
        ),
        what_to_do=(
            "Look first for the CSV file in the downloads folder of the person who made the credential.",
            "If it is not there, generate another credential in Atlas, with another familiar name.",
            "Download the CSV before you leave that page, then upload it here.",
            "Order the mTLS certificate again for the new credential. The CSR can stay the same.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.API_CREDENTIALS, StepSlug.CERTIFICATE, StepSlug.PROOF, StepSlug.DIP_UPLOAD),
        back_to=StepSlug.API_CREDENTIALS,
    ),
    ProblemDefinition(  # T8, A21
        code=ProblemCode.CREDENTIAL_EXPOSED,
        title="Somebody else may have seen the API secret",
        what_happened=(
            "The secret was sent by email, pasted in a chat, or kept in a file that others can open."
        ),
        why=(
            "With the key, the secret and the certificate's private key, somebody can order certificates in"
            " your company's name."
        ),
        what_to_do=(
            "Generate another credential in Atlas and upload its CSV here.",
            "Order the mTLS certificate again for the new credential.",
            "Ask GlobalSign to disable the old credential. Until then treat it as known to others.",
            "Delete the copies: the email, the chat message, the file.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.API_CREDENTIALS, StepSlug.PROOF, StepSlug.DIP_UPLOAD),
        back_to=StepSlug.API_CREDENTIALS,
        goes_back_first=True,
    ),
    ProblemDefinition(  # F1-F5, T1-T4
        code=ProblemCode.OPENSSL_FAILED,
        title="The OpenSSL command stops, or makes the wrong CSR",
        what_happened=(
            "The command was changed on its way: curly quotes from a document, a full stop at its end, or "
            "Git Bash that takes /CN= for a folder."
        ),
        why=(
            "OpenSSL sometimes leaves a key file behind when it stops, and sometimes makes a CSR with the"
            " wrong name without a warning."
        ),
        what_to_do=(
            "Delete the key file and the CSR of the failed try.",
            "Copy the command from this portal with its button, for the shell that you use.",
            "Paste it whole and change nothing. Do not add a full stop.",
            "In Git Bash use the command for Git Bash: the others turn /CN= into a folder there.",
            "If OpenSSL asks for a pass phrase, -nodes is missing: start again.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.CSR,),
        messages=(
            "req: subject name is expected to be in the format /type0=value0/type1=value1/type2=...",
            "This name is not in that format: '“/CN=onboarding_key”'",
            "This name is not in that format: 'C:/Program Files/Git/CN=onboarding_key'",
            'req warning: Skipping unknown subject name attribute "/CN"',
            "Enter PEM pass phrase: problems getting password",
            "CN = onboarding_key.",
        ),
    ),
    ProblemDefinition(  # T2, T5, T23
        code=ProblemCode.CSR_REJECTED,
        title="The CSR does not fit",
        what_happened=(
            "The CSR was read and something in it is not as the DIP asks: the key must be RSA with 4096 bits "
            "and the subject exactly CN=onboarding_key."
        ),
        why=(
            "Atlas takes smaller keys and other names without a word. The DIP would refuse them at the very"
            " end."
        ),
        what_to_do=(
            "Read the findings: each says what was seen and how to fix it.",
            "Make a new key and a new CSR, under new file names. A CSR cannot be corrected.",
            "Upload the new CSR here. It is checked at once.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.CSR, StepSlug.CERTIFICATE),
        back_to=StepSlug.CSR,
        goes_back_first=True,
    ),
    ProblemDefinition(  # design: a key made by a worker
        code=ProblemCode.KEY_MADE_FAILED,
        title="The portal could not make the key",
        what_happened="The portal tried to make the key and the CSR for you and did not finish.",
        why="There is no CSR yet. Nothing was sent anywhere.",
        what_to_do=(
            "Open the step again and let the portal try once more.",
            "Or make the key with OpenSSL or in Azure Key Vault: each way is as good.",
            (
                "If it fails again, tell the people who run this portal and give them the time and your"
                " onboarding code."
            ),
        ),
        next_actor=Actor.OPS,
        steps=(StepSlug.CSR,),
    ),
    ProblemDefinition(  # A27
        code=ProblemCode.KEY_EXPOSED,
        title="Somebody else may have seen the private key",
        what_happened=(
            "The private key was pasted where the CSR belongs, sent by email, or kept where others can "
            "open it. The key begins with BEGIN PRIVATE KEY, the CSR with BEGIN CERTIFICATE REQUEST."
        ),
        why="Who has the private key can act as your company. A key that was seen cannot be made safe again.",
        what_to_do=(
            "Make a new key and a new CSR, and upload the CSR here.",
            "Order a new mTLS certificate with it. Do not use the old one.",
            "If a certificate was already made for the old key, ask GlobalSign to revoke it.",
            "Delete the copies of the old key.",
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.CSR, StepSlug.CERTIFICATE, StepSlug.PFX, StepSlug.PROOF),
        back_to=StepSlug.CSR,
        goes_back_first=True,
    ),
)
