"""Plumbing of the portal: settings, addresses, Celery, WSGI.

No business lives here; the rooms are onboarding/, certs/ and atlas/.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
