"""The words with which people look for help, in one place: for the guides, for their sections, and for the catalogue.

How they are weighed is in search.py. A word that means the same as another belongs in SAME, and works for every page;
a word that only one page is known by belongs to that page.
"""

from dataclasses import dataclass

from certs.findings.codes import FindingCode
from onboarding.journey.problems import ProblemCode

# Words for one thing: who types one finds what has another. A word may stand in several groups.
SAME: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "absence absent away holiday holidays vacation leave sick pto deputy cover maternity",
        "remove delete leaver left leave offboard fire revoke",
        "invite invitation add new join colleague member",
        "handover delegate assign transfer",
        "outside external supplier contractor consultant third-party",
        "role roles permission permissions rights allowed privilege who-can",
        "password passphrase passcode pw login sign-in signin log-in",
        "phone telephone mobile handset",
        "two-step 2fa mfa totp otp authenticator second-factor passkey yubikey passkeys",
        "pfx p12 pkcs12 pkcs#12 bundle",
        "csr request pkcs10",
        "certificate cert cer crt",
        "key private-key keyfile",
        "renew renewal expire expired expires expiry rotate end",
        "quote quotation offer",
        "price cost fee charge money invoice pay payment free",
        "vetting verification verify vetted identity",
        "call ring rang reception switchboard receptionist",
        "late delay delayed slow waiting wait stuck",
        "uit test testing sandbox pre-production qualification",
        "production live prod go-live promotion promoted",
        "upload validate",
        "secret api-secret credentials credential csv",
        "email emails mail spam inbox",
        "withdraw cancel stop abandon",
        "wrong mistake error typo incorrect",
        "clients client customers bulk",
        "openssl command commands terminal shell",
        "key-vault azure vault",
        "atlas globalsign",
        "support contact helpdesk",
        "deadline due time duration long",
    )
)

# Two words that mean more together than apart.
TOGETHER = {
    "-mail": "mail",  # email with a hyphen
    "two step": "two-step",
    "two factor": "two-step",
    "second factor": "second-factor",
    "who can": "who-can",
    "who may": "who-can",
    "hand over": "handover",
    "third party": "third-party",
    "log in": "log-in",
    "sign in": "sign-in",
    "go live": "go-live",
    "private key": "private-key",
    "key vault": "key-vault",
    "api secret": "api-secret",
}

# Words that say nothing about what is looked for.
SAYS_NOTHING = (
    "a an and are be can do does for from have how i if in is it me my of on or our please that the this to we what "
    "when where which with you your need want should get someone somebody"
)
EMPTY = frozenset(SAYS_NOTHING.split())


@dataclass(frozen=True)
class Topic:
    """A guide, or a section of one (`section` is its id), and the words it is known by."""

    title: str
    url_name: str
    section: str
    words: str


def _topics(url_name: str, *rows: tuple[str, str, str]) -> tuple[Topic, ...]:
    return tuple(Topic(title, f"help:{url_name}", section, words) for section, title, words in rows)


TOPICS: tuple[Topic, ...] = (
    *_topics(
        "before-you-start",
        ("", "Before you start", "start begin first checklist prepare preparation steps overview people"),
        ("how-long", "How long it takes", "long duration deadline wait days hours"),
        ("twelve-steps", "The twelve steps", "steps twelve list order"),
        ("after", "What comes after the upload", "next domain dns signing message channels"),
    ),
    *_topics(
        "roles",
        (
            "",
            "Roles in the DIP, in Atlas and in this portal",
            "role who-can user admin gds rights difference",
        ),
    ),
    *_topics(
        "certificate-admin",
        ("", "Guide for Certificate Admins", "certificate admin guide role"),
        ("take", "Take a step", "take claim start step mine"),
        ("invite", "Invite somebody to the team", "invite add user person second team email"),
        ("remove", "Change a role or remove somebody", "remove role change user team access"),
        ("hand-over", "Hand a step over", "handover step give colleague else"),
        ("remind", "Remind somebody of a step", "remind reminder chase nudge email colleague late"),
        (
            "outside",
            "Let a DCP or another outside technician do a step",
            "dcp outside technician access grant",
        ),
        ("share", "Give somebody a secret", "share send secret pfx key safely pass"),
        ("absence", "Say when you are away", "absence stand-in deputy"),
        ("send-back", "Have an earlier step done again", "again redo back undo correct wrong repeat"),
        ("review", "Review who has access", "review access users cleanse audit production list"),
        (
            "certificates",
            "See when a certificate ends",
            "certificate certificates end expiry calendar ics list valid",
        ),
        ("secrets", "Choose how long secrets are kept", "keep kept delete destroy days retention store"),
    ),
    *_topics(
        "primary-certificate-admin",
        ("", "Guide for Primary Certificate Admins", "primary certificate admin guide role"),
        ("call", "Take GlobalSign's call", "call phone number vetting"),
        (
            "hand-on",
            "Stop being the Primary Certificate Admin",
            "primary change successor leave replace left",
        ),
        ("withdraw", "End an onboarding", "withdraw onboarding close"),
    ),
    *_topics(
        "technician",
        ("", "Guide for technicians", "technician technical engineer it guide role"),
        ("csr", "Make the key and the CSR", "csr key make create generate"),
        ("key", "Keep the key", "key private-key keep store safe backup"),
        ("pfx", "Build the PFX", "pfx build make merge convert export"),
        ("test", "Test it", "test proof prove port 8443 firewall"),
        ("check", "Check a file or an error message", "check file error message validate wrong"),
        ("secret", "Get a secret from the company", "secret shared open once receive"),
        ("return", "Give a step back", "return decline unclaim back"),
    ),
    *_topics(
        "dcp",
        (
            "",
            "Guide for DCPs and others with many clients",
            "dcp provider clients organisation many companies role",
        ),
        ("csrs", "Make many CSRs at once", "bulk many csr script"),
        ("pfxs", "Build many PFX files at once", "bulk many pfx script"),
        ("longer", "Keep access for longer", "access ended extend date longer"),
        ("colleague", "Let a colleague take over", "colleague access takeover"),
    ),
    *_topics(
        "reader",
        ("", "Guide for readers", "reader read view manager auditor role"),
        ("history", "Read what happened", "history log audit who did"),
    ),
    *_topics(
        "ops",
        ("", "Guide for ops", "ops operator board role"),
        ("add-company", "Add a company", "add company new register"),
        ("stuck", "Help a company that is stuck", "stuck late problem"),
        ("change-primary", "Change the Primary Certificate Admin", "primary change successor"),
        ("emergency", "Help a company in which nobody can invite", "emergency nobody invite rescue"),
    ),
    *_topics(
        "account",
        ("", "Your account: password, phone, sign in", "account user name login"),
        ("no-account", "You have no account", "account register sign-up signup none"),
        ("password", "You forgot your password", "password forgot forgotten reset change"),
        ("two-step", "Set up two-step verification", "two-step code app set up"),
        ("phone", "You have a new phone, or lost the old one", "phone new lost recovery code two-step"),
        (
            "telephone",
            "Your telephone numbers",
            "telephone number numbers phone direct line ring call contact who sees",
        ),
        ("locked", "You are told to wait", "locked lock wait attempts too many"),
        ("address", "Your email address changes", "email address change name"),
        ("sessions", "You left a browser signed in", "session sessions sign-out browser logout"),
    ),
    *_topics(
        "uit-and-production",
        ("", "UIT, production and the end of a certificate", "uit production environment environments"),
        ("production", "When you go to production", "production promotion move"),
        ("how-long", "How long a certificate lasts", "certificate valid lasts years long end"),
        (
            "renew",
            "Renew the certificate before it ends",
            "renew certificate replace calendar ics reminder expiry list",
        ),
        ("expired", "If it has ended already", "expired certificate ended"),
    ),
    *_topics(
        "openssl-and-key-vault",
        (
            "",
            "OpenSSL and Azure Key Vault: all commands",
            "openssl key-vault command powershell bash windows csr pfx",
        ),
    ),
    *_topics(
        "which-program",
        (
            "",
            "Which program will open it?",
            "program open pfx pem java dotnet .net node go python curl stunnel windows macos azure null password",
        ),
    ),
    *_topics("check-file", ("", "Check a file", "check file upload validate csr pfx error message")),
    *_topics("accessibility", ("", "Accessibility of this portal", "accessibility screen reader keyboard")),
    *_topics("about", ("", "About this portal", "about secrets privacy security what portal")),
)

# More words for a problem or a finding, by its code; its own sentences count as well.
CATALOGUE_WORDS: dict[ProblemCode | FindingCode, str] = {
    ProblemCode.QUOTE_LATE: "quote missing tile",
    ProblemCode.QUOTE_NOT_ZERO: "quote price wrong",
    ProblemCode.PAYMENT_METHOD_STUCK: "payment card invoice finance",
    ProblemCode.E_MAILS_LATE: "email missing invitation spam quarantine",
    ProblemCode.INVITATION_LOCKED_OUT: "password atlas locked login",
    ProblemCode.VETTING_LATE: "vetting late long",
    ProblemCode.VETTING_MISSED_CALL: "vetting call missed phone",
    ProblemCode.IDENTITY_REJECTED: "vetting rejected refused failed",
    ProblemCode.CREDENTIAL_LOST: "lost secret csv",
    ProblemCode.CREDENTIAL_EXPOSED: "leaked secret stolen",
    ProblemCode.KEY_LOST: "lost key deleted overwritten",
    ProblemCode.KEY_EXPOSED: "leaked key stolen",
    ProblemCode.DIP_REFUSED: "upload dip refused invalid",
    ProblemCode.PFX_HAS_PASSWORD: "pfx password",
    FindingCode.CERTIFICATE_EXPIRED: "expired certificate",
    FindingCode.CERTIFICATE_SOON: "expires soon renew certificate",
    ProblemCode.PROOF_UNREACHABLE: "port 8443 firewall network",
    ProblemCode.NO_ATLAS_USER: "atlas user login",
}
