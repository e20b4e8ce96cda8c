"""Which poller each wait and watch of the table names, and how what it meets becomes an Outcome.

The pollers themselves are in atlas.py, portal.py, azure_key_vault.py and sending.py; applying the outcome is
progress.settle's business.
"""

from collections.abc import Callable
from datetime import timedelta

from atlas.errors import AtlasError, CircuitOpen, NotReady, RateLimited, Refused, Unreachable
from onboarding.journey import sending
from onboarding.journey.models import StepRecord
from onboarding.journey.outcomes import NotYet, Outcome
from onboarding.journey.polling import atlas as atlas_pollers
from onboarding.journey.polling import portal as portal_pollers
from onboarding.journey.polling.client import NoAccount
from onboarding.journey.steps import State

Poller = Callable[[StepRecord], Outcome]

REFUSED_PAUSE = timedelta(minutes=5)  # the portal's own token is refused: an operator has to act


BUSY = "Atlas is busy"
POLLERS: dict[str, Poller] = {
    poller.__name__: poller
    for poller in (
        sending.send_registration,
        atlas_pollers.poll_invitation_emails,
        atlas_pollers.poll_invitation,
        atlas_pollers.poll_payment_method,
        atlas_pollers.poll_quotation,
        atlas_pollers.poll_quote,
        atlas_pollers.poll_identity_tile,
        sending.send_identity_profile,
        atlas_pollers.poll_vetting,
        portal_pollers.make_key,
        portal_pollers.order_certificate,
        portal_pollers.build_pfx,
        portal_pollers.prove,
    )
}


def get_poller(record: StepRecord) -> Poller | None:
    """What to ask for a record as it stands: its wait's poller, or the watch over an open step."""
    if record.state == State.WAITING and record.wait:
        return POLLERS[record.wait.poller]
    if record.state == State.OPEN and record.definition.watch:
        return POLLERS[record.definition.watch]
    return None


def only_asks(record: StepRecord) -> bool:
    """Whether the poll asks Atlas and changes nothing, here or there, so that many can be made at once."""
    poller = get_poller(record)
    return poller is None or poller.__module__ == atlas_pollers.__name__


def poll(record: StepRecord) -> Outcome:
    """Ask, and turn whatever Atlas does into an Outcome. A fault of the line is never a fault of the step."""
    poller = get_poller(record)
    if poller is None:
        return NotYet()
    try:
        return poller(record)
    except NotReady:
        return NotYet(because="Atlas is still working on it")
    except RateLimited as error:
        pause = timedelta(seconds=error.retry_after) if error.retry_after else None
        return NotYet(pause, because=BUSY)
    except CircuitOpen as error:
        pause = timedelta(seconds=error.retry_after)
        return NotYet(pause, because="Atlas failed several times in a row; it is left alone for a while")
    except Unreachable as error:
        return NotYet(because=f"Atlas could not be reached: {error.reason}")
    except Refused:
        return NotYet(REFUSED_PAUSE, because="Atlas refuses the portal's own access; an operator has to act")
    except NoAccount:
        return NotYet(
            REFUSED_PAUSE, because="Atlas shows no account of this company; only a person can confirm"
        )
    except AtlasError as error:
        return NotYet(because=str(error))
