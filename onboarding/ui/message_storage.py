"""Where messages wait for the next page: in a cookie under the name that the settings give it, else in the session.

Django's own storage has no setting for the name.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NamedCookieStorage(CookieStorage):
    """Django's, under our name."""

    cookie_name = settings.MESSAGE_COOKIE_NAME


class MessageStorage(FallbackStorage):
    """What does not fit into the cookie goes into the session."""

    storage_classes = (NamedCookieStorage, SessionStorage)
