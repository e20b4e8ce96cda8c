"""Addresses of the journey: one per verb.

`/onboardings/<code>/...`; the company's own pages are in people/urls.py.
"""

from django.urls import path, register_converter

from onboarding.journey.steps import BY_SLUG
from onboarding.journey.views import (
    briefing,
    check_now,
    deadlines,
    files,
    pages,
    registered,
    step,
    verbs,
    ways,
    who_acts,
)

app_name = "journey"


class StepSlug:
    """Only the slugs of the table are addresses."""

    regex = "|".join(BY_SLUG)

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


class Code:
    """An onboarding's code, in either case."""

    regex = "[A-Za-z0-9]{4}-[A-Za-z0-9]{4}"

    def to_python(self, value: str) -> str:
        """Codes are in capitals."""
        return value.upper()

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(StepSlug, "step")
register_converter(Code, "code")

urlpatterns = [
    path("<code:code>/", pages.journey, name="journey"),
    path("<code:code>/history/", pages.history, name="history"),
    path("<code:code>/reception/", briefing.briefing, name="briefing"),
    path("<code:code>/registered/", registered.registered, name="registered"),
    path("<code:code>/withdraw/", pages.withdraw, name="withdraw"),
    path("<code:code>/deadlines/", deadlines.deadlines, name="deadlines"),
    path("<code:code>/deadlines/resume/", deadlines.resume, name="resume-deadlines"),
    path("<code:code>/deadlines/<step:slug>/", deadlines.step_times, name="step-times"),
    path("<code:code>/csr.pem", files.csr, name="csr-file"),
    path("<code:code>/certificate.pem", files.certificate, name="certificate-file"),
    path("<code:code>/evidence/<int:pk>/", files.evidence, name="evidence"),
    path("<code:code>/show-credentials/", files.credentials, name="credentials"),
    path("<code:code>/download/", files.bundle, name="bundle"),
    path("<code:code>/<step:slug>/", step.step, name="step"),
    path("<code:code>/<step:slug>/ways/", ways.ways, name="ways"),
    path("<code:code>/<step:slug>/ways/<slug:name>/", ways.way, name="way"),
    path("<code:code>/<step:slug>/confirm/", step.confirm, name="confirm"),
    path("<code:code>/<step:slug>/check-now/", check_now.check_now, name="check-now"),
    path("<code:code>/<step:slug>/now/", step.now, name="now"),
    path("<code:code>/<step:slug>/problem/", verbs.problem, name="problem"),
    path("<code:code>/<step:slug>/remind/", who_acts.remind, name="remind"),
    path("<code:code>/<step:slug>/reopen/", verbs.reopen, name="reopen"),
    path("<code:code>/<step:slug>/send-again/", verbs.send_anew, name="send-again"),
    path("<code:code>/<step:slug>/send-back/", verbs.send_back, name="send-back"),
]
