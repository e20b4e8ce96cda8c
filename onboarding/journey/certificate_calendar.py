"""The entries of a company's calendar file: when each certificate that counts ends, and when to renew it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from urllib.parse import urljoin
from uuid import uuid5

from django.conf import settings
from django.urls import reverse

from certs import clock
from onboarding.journey.company_certificates import COUNTED, REMINDED, CompanyCertificate
from onboarding.journey.polling.expiring import EXPIRY_NOTICE
from onboarding.people.models import Company
from onboarding.ui.calendar_file import CalendarEntry, write_calendar

PRODUCT = "-//DIP onboarding portal//Certificates//EN"


def write_company_calendar(company: Company, rows: Iterable[CompanyCertificate]) -> bytes:
    """The file; empty where no certificate counts, because a calendar without an entry is none."""
    entries = [entry for row in rows if row.state in COUNTED for entry in _list_entries(company, row)]
    return write_calendar(PRODUCT, entries) if entries else b""


def _list_entries(company: Company, row: CompanyCertificate) -> Iterator[CalendarEntry]:
    """The end, with alarms when the portal writes, too; the day of the first reminder, while it is to come."""
    certificate = row.certificate
    url = urljoin(settings.PORTAL.base_url, reverse("dashboards:certificates", args=[company.slug]))
    what = f"{company.name}, {row.onboarding.get_environment_display()} ({row.onboarding.code})"
    about = f"Serial number {certificate.serial}. {url}"
    yield CalendarEntry(
        uid=str(uuid5(certificate.pk, "end")),
        at=certificate.not_after,
        made_at=certificate.created_at,
        summary=f"The mTLS certificate for GlobalSign ends: {what}",
        description=f"From now on the DIP cannot sign in to Atlas with it. Renew it before.\n{about}",
        url=url,
        alarms=EXPIRY_NOTICE,
    )
    begin = certificate.not_after - REMINDED
    if begin > clock.now() - timedelta(days=1):
        yield CalendarEntry(
            uid=str(uuid5(certificate.pk, "renew")),
            at=begin,
            made_at=certificate.created_at,
            summary=f"Renew the mTLS certificate for GlobalSign: {what}",
            description=f"It ends in {REMINDED.days} days. A Certificate Admin starts the renewal here.\n{about}",
            url=url,
        )
