"""What the pages that depend on the certificate's chain say while the certificate's issuers are missing.

They are searched for in certs/chain_completion.py; what is missing altogether is told, not a root, which nobody needs
in a file.
"""

from datetime import timedelta

from certs import clock
from onboarding.journey.definitions import PagePart
from onboarding.journey.models import StepRecord
from onboarding.journey.page_files import PageFiles
from onboarding.ui.formatting import when

SOON = timedelta(minutes=2)
FETCHED = "The issuers' certificates are being fetched; wait a minute and load this page again, or go on without them."
LATER = (
    "The issuers' certificates could not be fetched yet; this portal tries again on {at}. "
    "Load this page again after that, or go on without them."
)
INCOMPLETE = (
    "The chain of this certificate is incomplete: the issuers' certificates were not found, so the certificate file "
    "and the PFX hold yours alone. Some systems want the whole chain in the PFX. If yours does, download the issuing "
    "CA's certificate in Atlas, where it shows yours, send “Get the mTLS certificate” back on the page of “Build the "
    "PFX”, and paste both together."
)


def describe_chain(record: StepRecord, files: PageFiles) -> str:
    """The sentence, or nothing where there are issuers, no certificate, or nothing to be done any more."""
    if PagePart.CHAIN not in record.definition.page_parts or not record.onboarding.is_active:
        return ""
    certificate = files.certificate
    if certificate is None or certificate.chain_pem:
        return ""
    if certificate.chain_searched_at:
        return INCOMPLETE
    at = certificate.chain_next_search_at
    return FETCHED if at is None or at < clock.now() + SOON else LATER.format(at=when(at))
