"""The gallery's addresses and templates, and a way to render a piece of a template.

Browser and people come from tests/conftest.py.
"""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from pytest_django.fixtures import Settings

HERE = Path(__file__).resolve().parent


@pytest.fixture
def gallery(settings: Settings) -> None:
    """Serve tests/ui/gallery.py instead of the portal's pages, with the portal's layouts."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [HERE / "templates", *templates[0]["DIRS"]]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.ui.gallery"


@pytest.fixture
def soup() -> Callable[..., BeautifulSoup]:
    """soup("{% tag ... %}", name=value) -> what it draws, as a tree."""

    def draw(text: str, **context: Any) -> BeautifulSoup:
        source = "{% load ui crispy_forms_tags %}" + text
        return BeautifulSoup(Template(source).render(Context(context)), "html.parser")

    return draw
