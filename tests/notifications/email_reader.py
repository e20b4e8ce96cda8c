"""What an email of the outbox says, for tests of whatever has it written."""

from onboarding.notifications.models import OutboxEmail
from onboarding.notifications.rendering import RenderedEmail, render_email


def read_email(email: OutboxEmail) -> RenderedEmail:
    """Its words as they leave, but for its link: those that are stored, else what sending makes of its facts now."""
    if email.is_rendered:
        return RenderedEmail(email.subject, email.text, email.html)
    return render_email(email.kind, email.facts)
