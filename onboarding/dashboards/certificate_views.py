"""A company's certificates: what was issued, until when it is valid, what may be renewed; and as a calendar file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from onboarding.journey.certificate_calendar import write_company_calendar
from onboarding.journey.company_certificates import COUNTED, REMINDED, list_company_certificates
from onboarding.journey.views.files import attachment
from onboarding.people.access import company_for, person, role_in
from onboarding.people.models import ADMINS


@require_safe
def certificates(request: HttpRequest, slug: str) -> HttpResponse:
    """Every certificate that the portal knows of the company; members and ops see it."""
    user = person(request)
    company = company_for(user, slug)
    may_start = role_in(user, company) in ADMINS
    rows = list_company_certificates(company, may_start=may_start)
    context: dict[str, Any] = {
        "company": company,
        "rows": rows,
        "may_start": may_start,
        "counts": any(row.state in COUNTED for row in rows),
        "soon": [row for row in rows if row.ends_soon and not row.later],
        "reminded_days": REMINDED.days,
    }
    return render(request, "dashboards/certificates.html", context)


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The ends of the certificates that count, for a calendar; back to the page where there is none."""
    company = company_for(person(request), slug)
    content = write_company_calendar(company, list_company_certificates(company, may_start=False))
    if not content:
        messages.info(request, "There is no calendar file: no certificate of the company is valid now.")
        return redirect("dashboards:certificates", company.slug)
    return attachment(content, f"{company.slug}-certificates.ics", "text/calendar; charset=utf-8")
