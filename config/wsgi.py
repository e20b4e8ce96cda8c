"""The WSGI entry point for gunicorn and for the one-process demo.

Nothing else lives here.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from certs.vault_maintenance import require_keys  # noqa: E402  # models can be imported only now

require_keys()
