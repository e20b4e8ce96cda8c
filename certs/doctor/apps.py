"""The doctor as a Django app, so that its command lives with it; it has no tables."""

from django.apps import AppConfig


class DoctorConfig(AppConfig):
    """The command `manage.py doctor`."""

    name = "certs.doctor"
    label = "doctor"
