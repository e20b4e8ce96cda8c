"""The portal's settings with the addresses of urls.py."""

from config.settings import *  # noqa: F403  the portal's own, all of them

ROOT_URLCONF = "bench.hello_portal.urls"
BOARD_SECONDS = 10  # as in production
