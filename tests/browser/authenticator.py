"""A device with a fingerprint reader, as far as Chromium is concerned: it keeps passkeys and says yes or no.

What people do with it is in test_sign_in.py.
"""

from typing import Any

from playwright.sync_api import Page

BUILT_IN = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """Plugged into one tab."""

    def __init__(self, tab: Page) -> None:
        self._talk = tab.context.new_cdp_session(tab)
        self._talk.send("WebAuthn.enable")
        self._id = self._talk.send("WebAuthn.addVirtualAuthenticator", {"options": BUILT_IN})[
            "authenticatorId"
        ]

    @property
    def keys(self) -> list[dict[str, Any]]:
        """The passkeys that lie on it."""
        found: list[dict[str, Any]] = self._ask("getCredentials")["credentials"]
        return found

    def lose(self) -> None:
        """Nothing is left on it."""
        self._ask("clearCredentials")

    def refuse(self) -> None:
        """The finger is not the owner's."""
        self._ask("setUserVerified", isUserVerified=False)

    def _ask(self, what: str, **more: Any) -> Any:
        return self._talk.send(f"WebAuthn.{what}", {"authenticatorId": self._id, **more})
