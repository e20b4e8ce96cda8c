"""The local Atlas as a whole: three listeners over one state. The command line is in __main__.py."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Sequence
from pathlib import Path

from atlas.sandbox import ca
from atlas.sandbox.account_face import PREFIX as ACCOUNT_PREFIX
from atlas.sandbox.account_face import AccountFace
from atlas.sandbox.bootstrap import Addresses, account_token, write_account_file, write_client_files
from atlas.sandbox.clock import Clock
from atlas.sandbox.httpd import Listener
from atlas.sandbox.hvca_face import PREFIX as HVCA_PREFIX
from atlas.sandbox.hvca_face import HvcaFace
from atlas.sandbox.pages import PagesFace
from atlas.sandbox.state import Store
from atlas.sandbox.tls import mutual_context, plain_context
from atlas.sandbox.world import KeyFormat, World

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


class Sandbox:
    """A local Atlas in this process.

    `directory` keeps the state, the CA and the files for clients; it is made if missing. Port 0 takes a free one.
    `names` are further names of this host for the server certificate; the first one, if any, is used in addresses.
    `token_seconds` is the life of an HVCA token and `quota` the number of certificates per API key.
    """

    def __init__(
        self,
        directory: Path,
        port: int = 0,
        host: str = "127.0.0.1",
        speed: float = 1.0,
        account_port: int = 0,
        pages_port: int = 0,
        *,
        names: Sequence[str] = (),
        policy: KeyFormat = "PKCS10",
        token_seconds: float = 600.0,
        quota: int = 999_999,
    ) -> None:
        self.directory = directory.absolute()
        self._host = host
        self._ports = (port, account_port, pages_port)
        self._names = tuple(names)
        self._clock = Clock(speed)
        self._choices = (policy, token_seconds, quota)
        self._listeners: list[Listener] = []
        self._store: Store | None = None
        self.url = self.account_url = self.pages_url = self.account_token = ""

    @property
    def root_path(self) -> Path:
        """The root certificate that clients must trust."""
        return self.directory / "root.pem"

    def start(self) -> None:
        """Returns when all three listen. Raises OSError, with `.filename` "HOST:PORT" for a taken port."""
        self.directory.mkdir(parents=True, exist_ok=True)
        authority = ca.load_or_create(self.directory)
        self._store = Store(self.directory / "state.sqlite3")
        world = World(self._store, self._clock, authority, *self._choices)
        self.account_token = account_token(self.directory)
        try:
            self._bind(world, authority)
            addresses = Addresses(self.url, self.account_url, self.pages_url)
            write_account_file(self.directory, addresses, self.account_token)
            write_client_files(world, self.directory, addresses)
        except BaseException:
            self._close()
            raise
        for listener in self._listeners:
            threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()

    def _bind(self, world: World, authority: ca.Authority) -> None:
        certificate, key = ca.server_certificate(self.directory, authority, [*LOCAL_NAMES, *self._names])
        hvca = self._listen(0, HvcaFace(world), mutual_context(certificate, key, authority))
        account = self._listen(1, AccountFace(world, self.account_token), plain_context(certificate, key))
        pages = self._listen(2, PagesFace(world), None)
        name = self._names[0] if self._names else "localhost"
        self.url = f"https://{name}:{hvca.port}{HVCA_PREFIX}"
        self.account_url = f"https://{name}:{account.port}{ACCOUNT_PREFIX}"
        self.pages_url = f"http://localhost:{pages.port}"

    def _listen(
        self, number: int, face: HvcaFace | AccountFace | PagesFace, tls: ssl.SSLContext | None
    ) -> Listener:
        try:
            listener = Listener(self._host, self._ports[number], face, tls)
        except OSError as error:
            error.filename = f"{self._host}:{self._ports[number]}"
            raise
        self._listeners.append(listener)
        return listener

    def stop(self) -> None:
        """Stop listening and end open connections; the state stays in the folder."""
        for listener in self._listeners:
            listener.stop()
        self._close()

    def _close(self) -> None:
        for listener in self._listeners:
            listener.server_close()
        self._listeners = []
        if self._store is not None:
            self._store.close()
            self._store = None
