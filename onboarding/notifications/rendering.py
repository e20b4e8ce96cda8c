"""The words of an email, made of its facts by the templates of its kind: when it is sent first, and never again.

How facts are stored is in fact_encoding.py; whom an email goes to, and its link, in composition.py.
"""

import logging
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.template import Context, Engine, engines

from onboarding.notifications.fact_encoding import Facts, NoSuchFact, decode_facts
from onboarding.notifications.models import UNRENDERED, OutboxEmail

log = logging.getLogger(__name__)


class MissingFact(Exception):
    """A template reads a fact that its email does not have."""


class RenderedEmail(NamedTuple):
    """Its words, with the place of a link in them, not the link itself."""

    subject: str
    text: str
    html: str


class _FactContext(Context):
    """What a template reads from: a name that is not there is an error."""

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError:
            raise NoSuchFact(key) from None


class _Refusal(str):
    """What Django's engine formats in place of a value that is not there, such as the name of nobody."""

    def __mod__(self, variable: Any) -> str:
        raise NoSuchFact(variable)


def store_words(email: OutboxEmail) -> None:
    """Render an email that was not yet, and store its words in place of its facts: every try sends these.

    Of two workers whose claims overlap the first one's words count.
    """
    if email.is_rendered:
        return
    words = render_email(email.kind, email.facts)._asdict() | {"facts": {}}
    if OutboxEmail.objects.filter(pk=email.pk, subject=UNRENDERED).update(**words):
        for name, value in words.items():
            setattr(email, name, value)
    else:
        email.refresh_from_db(fields=list(words))


def render_email(kind: str, facts: dict[str, Any]) -> RenderedEmail:
    """The words of `templates/notifications/<kind>/`; `facts` as they are stored. Raises MissingFact."""
    values = _complete(facts)
    return RenderedEmail(
        _render_subject(kind, values),
        _render(f"{kind}/body.txt", values),
        _render(f"{kind}/body.html", values),
    )


def read_subject(email: OutboxEmail) -> str:
    """The subject as pages show it, also before the email is rendered; the kind where its facts do not make one."""
    if email.is_rendered:
        return email.subject
    try:
        return _render_subject(email.kind, _complete(email.facts))
    except Exception:  # the page that shows it is where ops look for what went wrong
        log.exception("the subject of email %s could not be made", email.pk)
        return email.kind


def _complete(facts: dict[str, Any]) -> Facts:
    portal = settings.PORTAL
    own = {"base_url": portal.base_url, "support_email": portal.support_email}
    return Facts(decode_facts(facts) | own)


def _render_subject(kind: str, values: Facts) -> str:
    return " ".join(_render(f"{kind}/subject.txt", values).split())[:200]


def _render(name: str, values: Facts) -> str:
    try:
        return _get_engine().get_template(f"notifications/{name}").render(_FactContext(values))
    except NoSuchFact as missing:
        raise MissingFact(f"{missing} in {name}") from None


@cache
def _get_engine() -> Engine:
    """The engine of the pages, but for what is missing: there that is an empty place."""
    pages: Engine = engines["django"].engine  # type: ignore[attr-defined]
    return Engine(
        dirs=list(pages.dirs),
        app_dirs=pages.app_dirs,
        libraries=pages.libraries,
        string_if_invalid=_Refusal("%s"),
    )
