"""A real OpenID Connect provider in a process of its own, and a person who signs in at it.

What the portal makes of it is tested in test_oidc.py.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import requests
from django.test import Client
from pydantic import SecretStr

from config.oidc import oidc_provider

PATIENCE = 20  # seconds until a provider that does not start counts as broken
START = "/accounts/oidc/organisation/login/"
CALLBACK = "http://testserver/accounts/oidc/organisation/login/callback/"


class Provider:
    """Where it answers, and what it knows of the portal and of people."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def meets(self, settings: Any, callback: str = CALLBACK) -> None:
        """Register the portal here, and set what its operator would set."""
        asked = {"redirect_uris": [callback], "token_endpoint_auth_method": "client_secret_post"}
        client = requests.post(f"{self.issuer}/oauth2/clients", json=asked, timeout=5).json()
        sets = {
            "oidc_name": "Example Entra",
            "oidc_issuer": self.issuer,
            "oidc_client_id": client["client_id"],
            "oidc_client_secret": SecretStr(client["client_secret"]),
        }
        settings.PORTAL = settings.PORTAL.model_copy(update=sets)
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": oidc_provider(settings.PORTAL)}

    def knows(self, sub: str, **claims: Any) -> None:
        """What it says about this person from now on."""
        requests.put(f"{self.issuer}/users/{quote(sub)}", json=claims, timeout=5).raise_for_status()

    def answers(self, client: Client, sub: str, then: str = "", **form: str) -> str:
        """Start at the portal, sign in at the provider: the address to which it sends the browser back."""
        start = client.get(START, {"process": "login", **({"next": then} if then else {})})
        assert start.status_code == 302, start.text
        return self._signed_in(start["Location"], sub, **form)

    def follow(self, client: Client, address: str, sub: str) -> Any:
        """Go on from the provider's page at this address; what the portal answers at the end."""
        return client.get(self._signed_in(address, sub))

    def _signed_in(self, address: str, sub: str, **form: str) -> str:
        assert address.startswith(f"{self.issuer}/oauth2/authorize?")
        back = requests.post(address, data={"sub": sub, **form}, allow_redirects=False, timeout=5)
        to, state = back.headers["Location"], parse_qs(urlsplit(address).query)["state"][0]
        assert to.startswith(CALLBACK), back.text
        # RFC 6749 section 4.1.2.1 asks for the state in refusals too; this provider leaves it out there.
        return to if "state=" in to else f"{to}&state={state}"

    def sign_in(self, client: Client, sub: str, then: str = "") -> Any:
        """The whole way; what the portal answers at its end."""
        return client.get(self.answers(client, sub, then))


@contextmanager
def running() -> Iterator[Provider]:
    """Start it on a free port; gone at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [
        sys.executable,
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-registration",
        "true",
    ]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, "the provider ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the provider does not start")
