"""What the demonstration's settings are: keys of its own, SQLite, no broker process, a local Atlas that hurries.

Django is not imported here; it reads these settings afterwards.
"""

import base64
import json
import os
import secrets
from pathlib import Path

from atlas.sandbox.server import Sandbox

SPEED = 4320.0  # 72 hours pass in a minute


def prepare(home: Path, port: int, *, account_api: bool = True) -> Sandbox:
    """Make `home`, start the local Atlas in it, and set the environment. Returns the running Atlas.

    Without `account_api` the portal cannot look into it, and people say what they saw.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    speed = chosen_speed()
    sandbox = Sandbox(home / "atlas", port=0, speed=speed, account_port=0, pages_port=0)
    sandbox.start()
    os.environ.update(_keys(home / "keys.json"))
    os.environ.update(
        {
            "PORTAL_MODE": "demo",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "BASE_URL": f"http://localhost:{port}",
            "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
            "DATABASE_URL": f"sqlite:///{home / 'portal.sqlite3'}",
            "REDIS_URL": "memory://localhost",
            "EMAIL_URL": f"file://{home / 'mail'}",
            "ENVIRONMENT_NAME": "Demonstration",
            "POLL_SPEED": str(min(speed, 10.0)),
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
            "HVCA_URL": sandbox.url,
            "HVCA_ROOT": str(sandbox.root_path),
            "ATLAS_PORTAL_URL": sandbox.pages_url,
        }
    )
    if account_api:
        os.environ["ACCOUNT_API_URL"] = sandbox.account_url
        os.environ["ACCOUNT_API_TOKEN"] = sandbox.account_token
        os.environ["ACCOUNT_API_ROOT"] = str(sandbox.root_path)
    return sandbox


def chosen_speed() -> float:
    """How many seconds pass in the local Atlas in one of ours."""
    return float(os.environ.get("DEMO_SPEED") or SPEED)


def _keys(path: Path) -> dict[str, str]:
    """Keys made at the first start and kept beside the database, so that a second start can read it."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "AUDIT_KEY": secrets.token_urlsafe(48),
            "VAULT_KEYS": "demo:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept
