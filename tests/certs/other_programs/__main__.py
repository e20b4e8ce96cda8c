"""`python -m tests.certs.other_programs`: runs every program of this machine and writes docs/makers.md again."""

import os
import tempfile
from pathlib import Path

import django

os.environ.setdefault("PORTAL_MODE", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.certs.other_programs import document, measuring  # noqa: E402  # needs Django to be set up

with tempfile.TemporaryDirectory() as folder:
    document.PAGE.write_text(document.page(measuring.measure_all(Path(folder))), encoding="utf-8")
