"""What the pages must tell: for each rule and trap, where it is said and with which words.

The rules themselves and where else they are met are in docs/rules.md; the words are checked by test_guidance.py.
"""

# rule -> place -> words that appear there, in this order ("…" stands for anything between). A place is
# `<step>.<block>` (`<step>/<way>.<block>` for a way of a step), `help/<guide>` or `partials/<name>`.

REGISTRATION: dict[str, dict[str, str]] = {
    "R1": {
        "register.before": (
            "Vetting establishes … Primary Certificate Admin … can represent … "
            "verifies the company and the person"
        ),
    },
    "R2": {"register.before": "before you have an Atlas account"},
    "R3": {
        "help/before-you-start": (
            "the DIP's eight steps … Access to the DIP and company details … Users of the DIP … "
            "Your GlobalSign account … DIP certificates … Domain … "
            "Certificates for signing and for mTLS with the DIP … DIP IDs and DCP IDs … Message channels"
        ),
    },
    "R4": {
        "register.before": "Tell reception today … may not say where they ring from",
        "verification.before": "may not say where they ring from … Reception must put them through",
    },
    "R5": {"register.next": "up to 72 hours"},
    "R6": {
        "register.next": "the DIP Manager has no control",
        "verification.trouble": "raise a ticket on Elexon Support … cannot influence",
    },
    "R7": {"register.before": "Only Certificate Admins set up the GlobalSign account"},
    "R8": {"register.do": "Sign in to the DIP and open the Certificates tab … GlobalSign Registration"},
    "R9": {"register.do": "It opens GlobalSign's dedicated MHHS page … Get Started with Atlas"},
    "R10": {"register.do": "name and job title"},
    "R11": {"register.before": "email address … used for vetting only"},
    "R12": {"register.before": "shared mailbox … if the Primary Certificate Admin has access to it"},
    "R13": {"register.do": "a direct line, not the switchboard … if its first way to reach you fails"},
    "R14": {"register.do": "the captcha and submit"},
    "R15": {
        "register.before": "current full-time employee … GlobalSign checks this",
        "register.next": "GlobalSign contacts the person you named",
    },
    "R16": {"invitation.before": "Two emails … usually within 30 minutes … confirmation … invitation"},
    "R17": {
        "invitation.before": "12 steps … end-to-end guide … The 12 steps",
        "help/before-you-start": "lists 12 steps … Where the email says otherwise, follow the email",
    },
    "R18": {"invitation.before": "If another email comes from GlobalSign, keep it"},
    "R19": {"invitation.do": "accept it … Set a password"},
    "T14": {
        "register.before": "Tell us who else reads it … nobody else opens the invitation",
        "invitation.before": "Only the Primary Certificate Admin opens the invitation … shared mailbox",
    },
    "T15": {"register.before": "Contractors, part-time staff, and staff of a DCP"},
    "T16": {
        "partials/reception-briefing": (
            "a caller who does not name a company … not a sales call … Put the call through … no password"
        ),
        "register.before": "The briefing for reception",
        "verification.before": "The briefing for reception",
    },
    "T17": {
        "verification.before": "they found themselves … Not the direct line you gave … your mobile",
        "partials/reception-briefing": "a number of the company that they found themselves",
    },
}

ACCOUNT: dict[str, dict[str, str]] = {
    "R20": {
        "invitation.next": "dashboard … To Do … yellow",
        "payment-method.do": "To Do … yellow",
    },
    "R21": {"payment-method.before": "No payment is taken and no invoice is sent … need of the system"},
    "R22": {
        "quote.before": "your quotation is ready",
        "quote.do": "View and Accept Quote",
    },
    "R23": {"quote.do": "£0 … both boxes: the quotation and the MSA"},
    "R24": {"quote.do": "Use this payment method … back to the dashboard"},
    "R25": {"identity-profile.before": "three tiles … Start only when … yellow … 20 to 30 minutes"},
    "R26": {
        "identity-profile.before": "every field … full-time employee you named",
        "identity-profile.do": "Complete each field",
    },
    "R27": {"verification.before": "less than 24 hours … up to 72 hours"},
    "R28": {"verification.do": "Do not go on in Atlas until the verification email has come"},
    "R59": {"verification.trouble": "ask GlobalSign … quote the case number"},
    "T18": {"verification.do": "Do not go on in Atlas … may fail"},
    "T21": {
        "payment-method.do": "you can also tell by its text",
        "identity-profile.before": "from grey to yellow, and it can then be opened",
    },
    "T22": {
        "verification.before": "Usually … The programme says up to 72 hours … GlobalSign itself promises no time",
        "help/before-you-start": "Usually … At most … GlobalSign promises no time",
    },
}

CREDENTIALS: dict[str, dict[str, str]] = {
    "R29": {"api-credentials.before": "only after GlobalSign's verification email"},
    "R30": {"api-credentials.before": "Somebody else is to do the technical part … Hand the steps over"},
    "R31": {
        "api-credentials.before": (
            "Create API credentials … Create the CSR and its key … Load the CSR into Atlas … "
            "Generate the certificate … Download or copy it as a CER file … "
            "Merge key and certificate to a PFX … Upload API key, API secret and PFX to the DIP"
        ),
    },
    "R32": {"api-credentials.before": "only by a Certificate Admin"},
    "R33": {"api-credentials.do": "View and Copy … Do not choose Encrypted File"},
    "R34": {"api-credentials.do": "ACTIVE … Internet SSL"},
    "R35": {"api-credentials.do": "familiar name … cannot be changed later … note it in the form"},
    "R36": {"api-credentials.do": "Download the CSV … Upload the CSV here, or paste the key and secret"},
    "R37": {
        "api-credentials.before": "you cannot return to that page",
        "api-credentials.do": "Download the CSV before you leave that page",
    },
    "R48": {"api-credentials.before": "From then on they may do the steps in Atlas"},
    "R55": {"api-credentials.before": "your DIP Connection Provider (DCP) or another third party"},
    "R56": {
        "api-credentials.before": (
            "In the DIP, a DIP User Admin adds them … role Certificate Admin … "
            "In Atlas, the Primary Certificate Admin … Add an Atlas Admin User"
        ),
    },
    "R57": {"api-credentials.before": "Somebody else is to do the technical part … not mandatory"},
    "R58": {
        "api-credentials.before": (
            "profile icon at the top right … Account Settings … Users … Add an Atlas Admin User … "
            "New User Registration"
        ),
    },
    "R61": {
        "help/roles": "The Primary Certificate Admin … outside the DIP Manager's reach",
        "dip-upload.next": "the Primary Certificate Admin's duty: Atlas is outside the DIP Manager's reach",
    },
    "R62": {
        "help/roles": "Agree with your team and your DCP who has which permissions",
        "dip-upload.next": (
            "Account Settings, Users … Agree with your team and your DCP who keeps which permissions"
        ),
    },
    "T7": {
        "api-credentials.before": "Atlas shows the secret once",
        "api-credentials.do": "Download the CSV before you leave that page",
    },
    "T8": {
        "api-credentials.before": "Not into an email, a chat or a text file",
        "api-credentials.do": "Delete the CSV from your downloads folder",
        "dip-upload.do": "Destroy your copies … secret store",
    },
    "T13": {
        "api-credentials.before": (
            "Wait for the verification email … In the DIP … In Atlas … Hand the steps over in this portal"
        ),
    },
    "T19": {
        "api-credentials.before": "a DIP User Admin … being a User Admin of the DIP gives no access to Atlas",
        "help/roles": "In the DIP … In Atlas … In this portal … User Admin",
        "register.trouble": "A User Admin of the DIP",
    },
    "T20": {
        "help/roles": (
            "An Atlas Admin may do everything … accept quotations … revoke certificates … lesser rights … "
            "Manage Credentials"
        ),
        "api-credentials.before": "Which rights to give in Atlas",
    },
}

BUNDLE: dict[str, dict[str, str]] = {
    "R38": {
        "api-credentials.before": "an API key, an API secret and a certificate in a PFX",
        "csr.before": "technical work outside the DIP",
    },
    "R39": {"csr.choose": "the programme has tried OpenSSL and Azure Key Vault"},
    "R40": {"csr/key-vault-by-hand.do": "Choose Generate/Import … calls it Request a Certificate"},
    "R41": {
        "csr/key-vault-by-hand.do": (
            "For Type of Certificate Authority (CA), choose Certificate issued by a non-integrated CA"
        ),
    },
    "R42": {
        "csr.before": "CN=onboarding_key",
        "csr/key-vault-by-hand.do": "For Subject, type CN=onboarding_key",
        "csr/other-tool.do": "with the subject CN=onboarding_key",
    },
    "R43": {"csr/key-vault-by-hand.do": "4096 can be set only under Advanced Policy Configuration"},
    "R44": {"help/before-you-start": "step 6 … at most 35 characters … split as you like"},
    "R45": {
        "csr/key-vault-by-hand.do": "Download CSR … checks its structure for you … You need not open it",
        "csr/openssl.do": "checks its structure for you … You need not open it",
    },
    "R46": {"csr/openssl.do": 'rsa:4096 … -nodes … .key … .csr … "/CN=onboarding_key"'},
    "R47": {
        "certificate.do": "A Certificate Admin goes back to the Atlas portal … Generate mTLS Certificates"
    },
    "R49": {
        "certificate.do": (
            "Generate mTLS Certificates … Directly via the API … by its familiar name … "
            "Paste the CSR … CONTINUE"
        ),
    },
    "R50": {"certificate.do": "copy the certificate with the button … plain text file"},
    "R51": {"pfx/openssl.do": "openssl pkcs12 -export"},
    "R52": {"pfx/key-vault-by-hand.do": "completes the request with the certificate you downloaded"},
    "R53": {
        "pfx.before": "without a password",
        "pfx/openssl.do": "Type nothing behind pass:",
    },
    "R54": {"pfx/key-vault-by-hand.do": "Merge Signed Request … PFX format"},
    "R60": {"dip-upload.next": "production … review the users in Atlas … at least two admins"},
    "T1": {"csr/openssl.do": "Copy the command with its button … curly quotes"},
    "T2": {"csr/openssl.do": "a full stop at the end spoil it"},
    "T3": {
        "csr/openssl.do": "Run it once … would replace the key … does nothing if its key file is there already"
    },
    "T4": {"csr/openssl.do": "In Git Bash use the command … MSYS_NO_PATHCONV=1"},
    "T5": {"csr.before": "4096 … Atlas also takes 2048"},
    "T6": {"csr/key-vault-by-hand.do": "although GlobalSign is an integrated one in Key Vault"},
    "T9": {
        "pfx.before": "whoever has that file has the key",
        "pfx/openssl.do": "three ways in which a PFX can have “no password”",
        "pfx/key-vault-by-hand.do": "three ways in which a PFX can have “no password”",
    },
    "T10": {"pfx/openssl.do": "openssl pkcs12 -export", "pfx/key-vault-by-hand.do": "Merge Signed Request"},
    "T11": {"help/before-you-start": "This rule has nothing to do with the CSR you make here"},
    "T12": {"dip-upload.before": "was one task … is another … fourth onboarding step"},
    "T23": {"csr/openssl.do": "its signature is good … 4096 bits … the subject letter by letter"},
    "T25": {
        "certificate.next": "five years is noted here",
        "dip-upload.next": "five years … calendar",
    },
    "T26": {"dip-upload.next": "promoted to production … the vetted person still works here"},
}

GUIDANCE: dict[str, dict[str, str]] = {**REGISTRATION, **ACCOUNT, **CREDENTIALS, **BUNDLE}
