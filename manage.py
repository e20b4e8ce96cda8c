#!/usr/bin/env python
"""Django's command line for the portal.

Settings come from the environment (see config/env.py); nothing else lives here.
"""

import os
import sys


def main() -> None:
    """Run one management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
