"""Problems with Azure Key Vault, whether a person works in it by hand or this portal asks a connected one.

Sources are the failure modes F7, F10-F23 and the traps T5, T6. What a vault's refusals mean is in certs/doctor.
"""

from onboarding.journey.definitions import Actor, StepSlug
from onboarding.journey.problems.codes import ProblemCode
from onboarding.journey.problems.shape import ProblemDefinition

SEEN = "Read what was seen, on the page of the step: it says what Key Vault refused and how to fix it."

PROBLEMS: tuple[ProblemDefinition, ...] = (
    ProblemDefinition(  # F7, F13, F15-F19, T5, T6
        code=ProblemCode.KEY_VAULT_REFUSED,
        title="Azure Key Vault does not make the request",
        what_happened=(
            "Key Vault refuses the name or the subject, says that a request is already in progress, or does "
            "not let you, or this portal, create certificates."
        ),
        why="Without the request there is no CSR.",
        what_to_do=(
            SEEN,
            (
                "If it says Forbidden, ask the vault's owner for the role Key Vault Certificates Officer: for"
                " you, or for this portal where it asks the vault."
            ),
            (
                "If this portal asks the vault, open the step again and try once more, or choose another way."
                " This portal takes a new name for each try, so an older request is not in its way."
            ),
            (
                "A request that this portal asked for may be left waiting in the vault. What was seen says its"
                " name; the vault's owner can delete it under Certificate Operation."
            ),
            (
                "If you work by hand, name the certificate onboarding-key, with a hyphen: Key Vault allows"
                " letters, digits and hyphens. The underscore belongs in the subject only: CN=onboarding_key."
            ),
            (
                "If you work by hand and a request of that name is in progress, merge it or delete it under"
                " Certificate Operation. If the name was used and deleted, recover it, purge it, or choose"
                " another name."
            ),
            (
                "If you work by hand, choose a certificate issued by a non-integrated CA, although GlobalSign"
                " is in the other list."
            ),
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.CSR,),
        messages=(
            (
                "A new key vault certificate can not be created or imported while a pending key vault"
                " certificate's status is inProgress."
            ),
            "is currently in a deleted but recoverable state, and its name cannot be reused",
            "The subject name provided is not a valid X500 name",
            "Operation returned an invalid status code 'Forbidden'",
        ),
    ),
    ProblemDefinition(  # F10-F12, F14, F15, F20
        code=ProblemCode.KEY_VAULT_MERGE_FAILED,
        title="Azure Key Vault does not merge the certificate",
        what_happened=(
            "Merge Signed Request is greyed out or ends in an error, or Key Vault refused when this portal"
            " merged the certificate."
        ),
        why="Key Vault holds the private key, so the PFX can be made only there.",
        what_to_do=(
            SEEN,
            (
                "If this portal asks the vault, open the step again when that is fixed, and let it try once"
                " more."
            ),
            (
                "If you work by hand, open the pending version of the certificate, then Certificate Operation:"
                " the button is there."
            ),
            (
                "If you work by hand, merge a file that begins with -----BEGIN CERTIFICATE-----. A .p7b file"
                " does not work. With a program, give DER bytes, not base64 text."
            ),
            "Merge into the request that made the CSR. Another request has another key.",
            (
                "If the pending request was deleted, or was made with an integrated CA, a new one and a new"
                " CSR are needed."
            ),
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.PFX,),
        back_to=StepSlug.CSR,
        messages=(
            "Property x5c has invalid value X5C must has at least one valid item",
            "(BadParameter) ASN1 bad tag value met",
            "PendingCertificateNotFound",
            "Merge is forbidden on pending object created with issuer",
        ),
    ),
    ProblemDefinition(  # F19, F21, F23
        code=ProblemCode.KEY_VAULT_EXPORT_FAILED,
        title="Azure Key Vault does not give out the PFX",
        what_happened=(
            "The certificate is merged. Key Vault did not give the PFX to this portal, or what it gave is no"
            " PFX with a private key."
        ),
        why=(
            "The key and the certificate are together in the vault. Nothing is lost, and most often nothing"
            " has to be made again."
        ),
        what_to_do=(
            SEEN,
            (
                "If it says Forbidden, ask the vault's owner for the role Key Vault Secrets User for this"
                " portal. Key Vault Certificates Officer alone does not read the PFX."
            ),
            "If the certificate's current version is disabled, expired or not yet active, fix that there.",
            (
                "Then open the step again and let this portal try once more. It finds the merged certificate"
                " and merges nothing twice."
            ),
            "Or download the PFX in the vault yourself, and upload it here.",
            (
                "If the PFX has no private key in it, the key in the vault is not exportable. Only then a new"
                " CSR with an exportable RSA key is needed, and a new certificate."
            ),
        ),
        next_actor=Actor.COMPANY,
        steps=(StepSlug.PFX,),
        back_to=StepSlug.CSR,
        messages=(
            "Operation get is not allowed on a disabled secret.",
            "Operation get is not allowed on an expired secret.",
            "SecretNotFound A secret with (name/id) was not found in this key vault.",
        ),
    ),
)
