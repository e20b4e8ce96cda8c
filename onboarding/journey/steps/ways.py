"""The ways of the steps that a person can do in several ways, in the order in which they are listed.

What a way is stands in journey/ways.py; which of them are there, and which is recommended, in way_conditions.py.
"""

from onboarding.journey.ways import Recommended, Way

NO_KEYS_HERE = "This portal does not make or keep private keys. Choose one of the ways that are listed."
NO_VAULT = "No key vault of the company is connected to this portal. Choose one of the ways that are listed."
NOT_YOURS_TO_ASK = "You cannot hand this step over. Choose one of the ways that are listed."
KEY_ELSEWHERE = "The key of this onboarding was made in another way, so the PFX is built in another way too."
OUTSIDE = "Our DCP makes it"
BY_HAND, OPENSSL, OTHER = "key-vault-by-hand", "openssl", "other-tool"

CSR_WAYS: tuple[Way, ...] = (
    Way(
        "dcp",
        OUTSIDE,
        "You hand this step over to your DIP Connection Provider, or to somebody else outside your company.",
        "journey/ways/dcp.html",
        condition="may_ask_outside",
        closed=NOT_YOURS_TO_ASK,
        recommended=Recommended(
            "{case.let_in[0].name} has access to this step from outside your company.", "is_let_in"
        ),
    ),
    Way(
        "browser",
        "In this browser",
        "The key stays in the browser, locked with your passphrase. The portal gets the CSR only.",
        "journey/ways/csr/browser.html",
        sends="browser",
        fields=("browser_csr",),
        recommended=Recommended("There is nothing to install, and the key never leaves your company."),
        in_browser=True,
    ),
    Way(
        OPENSSL,
        "OpenSSL",
        "One command on your own computer. The portal gets the CSR only.",
        "journey/ways/csr/openssl.html",
        sends="own",
        fields=("csr_text", "csr_file"),
    ),
    Way(
        "key-vault",
        "Azure Key Vault",
        "The portal asks the company’s vault for the key and fetches the CSR. The key stays in the vault.",
        "journey/ways/csr/key-vault.html",
        sends="key-vault",
        condition="has_vault",
        closed=NO_VAULT,
        recommended=Recommended(
            "The company’s vault is connected to this portal, and the key never leaves it.", "has_vault"
        ),
    ),
    Way(
        "portal",
        "This portal makes it",
        "The portal makes the key, keeps it encrypted and destroys it after the upload to the DIP.",
        "journey/ways/csr/portal.html",
        sends="portal",
        condition="keeps_keys",
        closed=NO_KEYS_HERE,
    ),
    Way(
        BY_HAND,
        "Azure Key Vault, by hand",
        "You make the key in the Azure portal. This portal gets the CSR only.",
        "journey/ways/csr/key-vault-by-hand.html",
        sends="own",
        fields=("csr_text", "csr_file"),
    ),
    Way(
        OTHER,
        "Another tool",
        "Keytool, certreq or a tool of your own. The portal gets the CSR only.",
        "journey/ways/csr/other-tool.html",
        sends="own",
        fields=("csr_text", "csr_file"),
    ),
)

PFX_WAYS: tuple[Way, ...] = (
    Way(
        "dcp",
        OUTSIDE,
        "You hand this step over to whoever made the key outside your company.",
        "journey/ways/dcp.html",
        condition="may_ask_outside",
        closed=NOT_YOURS_TO_ASK,
        recommended=Recommended(
            "{case.maker.name} made the key, and the PFX is built where the key is.", "has_key_outside"
        ),
    ),
    Way(
        "browser",
        "In this browser",
        "The browser that has the key builds the PFX. The portal notes its fingerprint only.",
        "journey/ways/pfx/browser.html",
        sends="browser",
        fields=("browser_pfx",),
        condition="has_key_in_browser",
        closed=KEY_ELSEWHERE,
        recommended=Recommended("The key was made in a browser, which still has it.", "has_key_in_browser"),
        in_browser=True,
    ),
    Way(
        OPENSSL,
        "OpenSSL",
        "One command on the computer that has the key.",
        "journey/ways/pfx/openssl.html",
        sends="own",
        fields=("pfx", "keep"),
        recommended=Recommended("The key is on a computer of whoever made it, and OpenSSL reads it there."),
    ),
    Way(
        "key-vault",
        "Azure Key Vault",
        "The portal merges the certificate in the company’s vault and takes the PFX out.",
        "journey/ways/pfx/key-vault.html",
        sends="key-vault",
        condition="has_key_in_vault",
        closed=KEY_ELSEWHERE,
        recommended=Recommended("The key is in the company’s vault.", "has_key_in_vault"),
    ),
    Way(
        "portal",
        "This portal builds it",
        "The portal has the key and builds the PFX from it.",
        "journey/ways/pfx/portal.html",
        sends="portal",
        condition="has_key_here",
        closed="This portal has no key of this onboarding. Choose one of the ways that are listed.",
        recommended=Recommended("The portal made the key and keeps it.", "has_key_here"),
    ),
    Way(
        BY_HAND,
        "Azure Key Vault, by hand",
        "You merge the certificate in the Azure portal, download the PFX and upload it here.",
        "journey/ways/pfx/key-vault-by-hand.html",
        sends="own",
        fields=("pfx", "keep"),
        condition="has_own_key",
        closed=KEY_ELSEWHERE,
        recommended=Recommended("You made the key in Azure Key Vault.", "made_by_hand_in_vault"),
    ),
    Way(
        OTHER,
        "Another tool",
        "Keytool, Windows or a tool of your own; you upload the PFX here.",
        "journey/ways/pfx/other-tool.html",
        sends="own",
        fields=("pfx", "keep"),
        condition="has_own_key",
        closed=KEY_ELSEWHERE,
        recommended=Recommended("You made the key with a tool other than OpenSSL.", "made_with_another_tool"),
    ),
)
