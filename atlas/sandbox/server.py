"""The local Atlas as a whole: its listeners over one state. The command line is in __main__.py."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from atlas.sandbox import ca, claim_checks
from atlas.sandbox.account_server import PREFIX as ACCOUNT_PREFIX
from atlas.sandbox.account_server import AccountServer
from atlas.sandbox.app_state import AppState, Environment, KeyFormat, Options, RevokeTwice
from atlas.sandbox.bootstrap import Addresses, account_token, write_account_file, write_client_files
from atlas.sandbox.clock import Clock
from atlas.sandbox.control import ControlServer
from atlas.sandbox.fake_network import DnsRecords, WebPages
from atlas.sandbox.faults import FaultQueue
from atlas.sandbox.httpd import ApiServer, Listener
from atlas.sandbox.hvca_server import PREFIX as HVCA_PREFIX
from atlas.sandbox.hvca_server import HvcaServer
from atlas.sandbox.pages import PagesServer
from atlas.sandbox.policy_file import checked
from atlas.sandbox.store import Store
from atlas.sandbox.tls import TLS_FAULTS, TlsFault, contexts

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
LOOPBACK = "127.0.0.1"


class Sandbox:
    """A local Atlas in this process.

    `directory` keeps the state, the CA and the files for clients; it is made if missing. Port 0 takes a free one;
    there is a control port only if one is given. `names` are further names of this host for the server certificate;
    the first one, if any, is used in addresses. `token_seconds` is the life of an HVCA token, `quota` the number of
    certificates per API key, `rate_limit` calls per second and key. `validation_policy` is a policy of one's own, as
    GET /validationpolicy answers it (BadPolicy if it is none). `require_claims` issues for names only that a verified
    claim covers. `root_issues`: there is no issuing CA, and the trust chain is one certificate.

    `faults`, `dns`, `web`, `clock_skew` and `set_tls_fault` may be used at any time, also before `start`.
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
        validation_policy: dict[str, Any] | None = None,
        revoke_twice: RevokeTwice = "success",
        require_claims: bool = False,
        rate_limit: int | None = None,
        control_port: int | None = None,
        tls_fault: TlsFault | None = None,
        clock_skew: float = 0.0,
        root_issues: bool = False,
    ) -> None:
        self.directory = directory.absolute()
        self._host = host
        self._ports = (port, account_port, pages_port, control_port)
        self._names = tuple(names)
        self._clock = Clock(speed, clock_skew)
        own = None if validation_policy is None else checked(validation_policy)
        self._options = Options(policy, token_seconds, quota, own, revoke_twice, require_claims, rate_limit)
        self._environment = Environment()
        self._tls_fault, self._root_issues = tls_fault, root_issues
        self._listeners: dict[str, Listener] = {}
        self._state: AppState | None = None
        self.faults = FaultQueue()
        self.url = self.account_url = self.pages_url = self.control_url = self.account_token = ""

    @property
    def root_path(self) -> Path:
        """The root certificate that clients must trust."""
        return self.directory / "root.pem"

    @property
    def dns(self) -> DnsRecords:
        """What checks of claims see in DNS: name to TXT values."""
        return self._environment.dns

    @property
    def web(self) -> WebPages:
        """What checks of claims see on the web: address to body."""
        return self._environment.web

    @property
    def clock_skew(self) -> float:
        """By how many seconds the clock of this Atlas is ahead of the machine's; may be set."""
        return self._clock.skew

    @clock_skew.setter
    def clock_skew(self, seconds: float) -> None:
        self._clock.skew = seconds

    @property
    def longest_mtls_validity(self) -> int | None:
        """The most seconds that a new mTLS certificate lasts; may be set. None: its five years."""
        return self._environment.longest_mtls_validity

    @longest_mtls_validity.setter
    def longest_mtls_validity(self, seconds: int | None) -> None:
        self._environment.longest_mtls_validity = seconds

    @property
    def tls_fault(self) -> TlsFault | None:
        """What is wrong with the server certificate, if anything."""
        return self._tls_fault

    def set_tls_fault(self, fault: TlsFault | None) -> None:
        """From the next handshake on. Raises ValueError for an unknown fault."""
        if fault is not None and fault not in TLS_FAULTS:
            raise ValueError(f"fault: must be null or one of {', '.join(TLS_FAULTS)}")
        self._tls_fault = fault
        if self._state is not None:
            self._secure(self._state.authority)

    def claim_mail(self) -> list[dict[str, Any]]:
        """The emails about claims sent so far: `to`, `domain`, `link`, `sent_at`."""
        return [] if self._state is None else claim_checks.sent_mail(self._state)

    def forget_answers(self) -> None:
        """An Idempotency-Key that was used counts as new from now on, as a day after its first use."""
        if self._state is not None:
            self._state.forget_answers()

    def start(self) -> None:
        """Returns when all listen. Raises OSError, with `.filename` "HOST:PORT" for a taken port."""
        self.directory.mkdir(parents=True, exist_ok=True)
        authority = ca.load_or_create(self.directory, root_issues=self._root_issues)
        store = Store(self.directory / "state.sqlite3")
        self._state = state = AppState(store, self._clock, authority, self._options, self._environment)
        self.account_token = account_token(self.directory)
        try:
            self._bind(state)
            addresses = Addresses(self.url, self.account_url, self.pages_url)
            write_account_file(self.directory, addresses, self.account_token)
            write_client_files(state, self.directory, addresses)
        except BaseException:
            self._close()
            raise
        for listener in self._listeners.values():
            threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()

    def _bind(self, state: AppState) -> None:
        hvca = self._listen("hvca", self._ports[0] or 0, HvcaServer(state))
        account = self._listen("account", self._ports[1] or 0, AccountServer(state, self.account_token))
        pages = self._listen("pages", self._ports[2] or 0, PagesServer(state))
        self._secure(state.authority)
        name = self._names[0] if self._names else "localhost"
        self.url = f"https://{name}:{hvca.port}{HVCA_PREFIX}"
        self.account_url = f"https://{name}:{account.port}{ACCOUNT_PREFIX}"
        self.pages_url = f"http://localhost:{pages.port}"
        self._environment.pages_url = f"http://{name}:{pages.port}"
        if self._ports[3] is not None:
            control = self._listen("control", self._ports[3], ControlServer(self), LOOPBACK)
            self.control_url = f"http://{LOOPBACK}:{control.port}"

    def _listen(self, name: str, port: int, api_server: ApiServer, host: str | None = None) -> Listener:
        address = (host or self._host, port)
        try:
            listener = Listener(address, api_server, name, self.faults, self._clock)
        except OSError as error:
            error.filename = f"{address[0]}:{port}"
            raise
        self._listeners[name] = listener
        return listener

    def _secure(self, authority: ca.Authority) -> None:
        """Give the two HTTPS listeners the server certificate of the moment."""
        names = [*LOCAL_NAMES, *self._names]
        hvca, account = contexts(self.directory, authority, names, self._tls_fault)
        self._listeners["hvca"].tls = hvca
        self._listeners["account"].tls = account

    def stop(self) -> None:
        """Stop listening and end open connections; the state stays in the folder."""
        for listener in self._listeners.values():
            listener.stop()
        self._close()

    def _close(self) -> None:
        for listener in self._listeners.values():
            listener.server_close()
        self._listeners = {}
        if self._state is not None:
            self._state.store.close()
            self._state = None
