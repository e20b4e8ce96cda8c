"""What a web process needs for its first requests, loaded before the workers are forked from it.

Django loads addresses, and with them all views and forms, at the first request, and each template when it is first
drawn: in a worker that has just been renewed that is done again, while people wait.
"""

from itertools import chain
from pathlib import Path

from django.template import engines
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver

EMAILS = "notifications/"


def load_pages() -> int:
    """Load every address and compile every template of a page; returns how many templates there are.

    Those of emails are rendered by workers, with an engine of their own.
    """
    resolver = get_resolver()
    resolver.resolve("/healthz")
    _ = resolver.reverse_dict
    engine = engines["django"].engine  # type: ignore[attr-defined]
    folders = chain(engine.dirs, get_app_template_dirs("templates"))
    names = {name for folder in folders for name in _list_templates(Path(folder))}
    for name in names:
        engine.get_template(name)
    return len(names)


def _list_templates(folder: Path) -> list[str]:
    found = [file.relative_to(folder).as_posix() for file in folder.rglob("*")]
    return [name for name in found if name.endswith((".html", ".txt")) and not name.startswith(EMAILS)]
