"""`python -m tests.certs.readers`: writes docs/readers.md again."""

import os

import django

os.environ.setdefault("PORTAL_MODE", "test")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.certs.readers import document  # noqa: E402  # needs Django to be set up

document.PAGE.write_text(document.page(), encoding="utf-8")
