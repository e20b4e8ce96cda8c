"""What is logged, and what never is.

How loud it is comes from the environment (env.py).
"""

from typing import Any

from config.log_redaction import TokenFilter


def log_settings(level: str) -> dict[str, Any]:
    """Lines on standard error, at this level."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
            "bare": {"format": "%(message)s"},
        },
        "filters": {"no_tokens": {"()": TokenFilter}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]},
            "security": {"class": "logging.StreamHandler", "formatter": "bare", "filters": ["no_tokens"]},
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # One JSON line for each event (onboarding/audit/security_log.py), however loud the rest is.
            "portal.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
            "django.server": {"level": "WARNING", "handlers": ["console"], "propagate": False},
            "atlas": {"level": level},
            "azure": {"level": "WARNING"},  # its INFO lines hold every request's address and headers
            "urllib3": {"level": "WARNING"},  # its DEBUG lines name whole paths
            # Their DEBUG lines hold what a page shows, a password for one, and what is stored.
            "django.template": {"level": "INFO"},
            "django.db.backends": {"level": "INFO"},
            "requests_oauthlib": {"level": "INFO"},
        },
    }
