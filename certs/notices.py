"""That the mark of a certificate's notices does not hold any more, for the one case that its caller cannot see.

Who is written to about a certificate's end, and what the mark means, is in onboarding/journey/polling/expiring.py.
"""

from collections.abc import Iterable
from uuid import UUID

from certs import clock
from certs.models import Certificate


def forget_notices(company_ids: Iterable[UUID]) -> None:
    """All certificates of these companies that have not ended are looked at again, for whom there is to tell.

    In the transaction of the change: whoever looks at one of them at this moment has the row locked, and is waited for.
    """
    Certificate.objects.filter(company_id__in=list(company_ids), not_after__gt=clock.now()).update(
        notice_state=""
    )
