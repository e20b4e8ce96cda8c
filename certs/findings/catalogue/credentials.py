"""What is said about an API key and secret, pasted or in the CSV that Atlas gives.

Rules R33, R36, R37; traps T7, T8; failure modes F43, F48.
"""

from certs.findings.catalogue.catalogue_entry import CatalogueEntry
from certs.findings.codes import FindingCode

_AGAIN = "If you still have the CSV, choose it unchanged; if not, generate new API credentials in Atlas."

ENTRIES = {
    FindingCode.CSV_UNREADABLE: CatalogueEntry(
        "error",
        "This is not a CSV with an API key and an API secret.",
        "We read the file that Atlas offers when it makes the credentials, and nothing else.",
        "Choose that file, or paste the API key and the API secret.",
    ),
    FindingCode.CSV_COLUMN_MISSING: CatalogueEntry(
        "error",
        "There is no column {about}.",
        "Both the API key and the API secret are needed.",
        _AGAIN,
    ),
    FindingCode.CSV_NO_ROW: CatalogueEntry(
        "error",
        "The CSV has headings and nothing under them.",
        "The API key and the API secret are missing.",
        _AGAIN,
    ),
    FindingCode.CSV_SEVERAL: CatalogueEntry(
        "error",
        "The CSV holds {count} pairs of key and secret.",
        "We cannot know which of them you mean.",
        "Paste the API key and the API secret of the one that you mean.",
    ),
    FindingCode.CSV_SPREADSHEET: CatalogueEntry(
        "error",
        "A spreadsheet has turned the {about} into a number.",
        "Digits were lost, so it no longer opens anything.",
        "Choose the CSV as Atlas gave it, never opened and saved in a spreadsheet; or generate new "
        "credentials.",
    ),
    FindingCode.CSV_FORMULA: CatalogueEntry(
        "info",
        'The API key or the API secret is written as a formula (="...").',
        "Spreadsheets need it so; Atlas and the DIP would refuse it.",
        "You need do nothing here: we took the value. Leave the equals sign and the quotes out in the DIP.",
    ),
    FindingCode.CSV_ENCRYPTED: CatalogueEntry(
        "error",
        "This looks like credentials that Atlas encrypted.",
        "Only the owner of the key that was given to Atlas can read them.",
        "In Atlas generate API credentials again and choose View and Copy, not Encrypted File.",
    ),
    FindingCode.CREDENTIALS_MISSING: CatalogueEntry(
        "error",
        "The {about} is missing.",
        "Both the API key and the API secret are needed.",
        "Fill in both; Atlas shows them once, beside each other.",
    ),
    FindingCode.CREDENTIALS_LENGTH: CatalogueEntry(
        "error",
        "The {about} has {length} characters.",
        "GlobalSign's have {wanted}, so a part was lost or added.",
        "Copy it again with the button in Atlas. " + _AGAIN,
    ),
    FindingCode.CREDENTIALS_CHARACTER: CatalogueEntry(
        "error",
        "The {about} has a character that does not belong there, at place {place}.",
        "GlobalSign uses only the digits 0 to 9 and the letters a to f.",
        "Copy it again with the button in Atlas. " + _AGAIN,
    ),
    FindingCode.CREDENTIALS_SWAPPED: CatalogueEntry(
        "error",
        "The API key and the API secret have changed places.",
        "The key is the short one (16 characters), the secret the long one (40); the other way round "
        "Atlas and the "
        "DIP refuse them.",
        "Put the short one under API key and the long one under API secret.",
    ),
    FindingCode.CREDENTIALS_TRIMMED: CatalogueEntry(
        "info",
        "There were spaces or quotes around the {about}.",
        "With them Atlas and the DIP would refuse it.",
        "You need do nothing here: we left them out. Leave them out in the DIP too.",
    ),
}
