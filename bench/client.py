"""What the Atlas client costs beside a bare requests.Session, the local Atlas beside a bare signature, and memory.

The local Atlas is a process of its own, over real mutual TLS.
"""

import gc
import json
import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from atlas.budget import UnlimitedBudget
from atlas.hvca import Hvca
from atlas.key_check import proof_of_possession, public_key_pem
from atlas.request_types import CertificateRequest, San, SubjectDn
from atlas.types import ClientIdentity
from bench.harness import Entry, compare, measurement

CALLS = 400  # in each of the rounds that take turns, so that a busy machine slows both alike
TURNS = 5
ISSUES = 150
MANY = 10_000


@measurement
def client() -> Iterator[Entry]:
    """Calls per second; both sign in, keep their connection, and read the answer as JSON."""
    with local_atlas() as known:
        ours, theirs = hvca_of(known), bare_session(known)
        yield beside("HVCA calls of the client", ours.issuance_quota, lambda: quota(theirs, known))
        yield beside("validation policies read", ours.validation_policy, lambda: policy(theirs, known))


@measurement
def issuing() -> Iterator[Entry]:
    """Certificates that the local Atlas issues in a second, one client; beside the bare RSA signature in each."""
    with local_atlas("pkcs8") as known:
        ours, request = hvca_of(known), right_request()
        issued = rate(lambda: ours.issue(request), ISSUES)
    key = rsa.generate_private_key(65537, 2048)
    signed = rate(lambda: key.sign(b"a certificate", padding.PKCS1v15(), hashes.SHA256()), ISSUES)
    yield compare(
        "certificates issued by the local Atlas",
        ours=issued,
        unit="/s",
        against="one RSA 2048 signature for each",
        theirs=signed,
        better="higher",
    )


@measurement
def memory() -> Iterator[Entry]:
    """What the client holds after many calls, beyond what it held after the first some hundred."""
    with local_atlas() as known:
        ours = hvca_of(known)
        before = resident_after(ours, 500)
        after = resident_after(ours, MANY)
    grown = (after - before) / 1024
    yield compare(f"memory gained in {MANY} calls", ours=grown, unit="KiB")
    yield compare("memory of the process then", ours=after / 2**20, unit="MiB")


@contextmanager
def local_atlas(key_format: str = "pkcs10") -> Iterator[dict[str, str]]:
    """A local Atlas in a process of its own, with TLS and a first credential; answers its client.json."""
    logging.getLogger("atlas").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        ports = ["--port", "0", "--account-port", "0", "--pages-port", "0", "--policy", key_format]
        command = [sys.executable, "-m", "atlas.sandbox", *ports, "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            file = Path(folder) / "client.json"
            until = time.monotonic() + 30
            while not file.exists() and time.monotonic() < until:
                time.sleep(0.05)
            yield json.loads(file.read_text()) | {"folder": folder}
        finally:
            process.terminate()
            process.wait(10)


def hvca_of(known: dict[str, str]) -> Hvca:
    """Our client, signed in."""
    folder = Path(known["folder"])
    identity = ClientIdentity((folder / "client.pem").read_bytes(), (folder / "client.key").read_bytes())
    made = Hvca(
        known["url"],
        known["api_key"],
        known["api_secret"],
        identity,
        folder / "root.pem",
        budget=UnlimitedBudget(),
    )
    made.login()
    return made


def bare_session(known: dict[str, str]) -> requests.Session:
    """What somebody writes who needs one call: a session with the certificate, signed in."""
    folder = Path(known["folder"])
    session = requests.Session()
    session.trust_env, session.verify = False, str(folder / "root.pem")
    session.cert = (str(folder / "client.pem"), str(folder / "client.key"))
    login = {"api_key": known["api_key"], "api_secret": known["api_secret"]}
    headers = {"Content-Type": "application/json;charset=utf-8"}
    answer = session.post(f"{known['url']}/login", data=json.dumps(login), headers=headers, timeout=10)
    session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return session


def quota(session: requests.Session, known: dict[str, str]) -> int:
    value = session.get(f"{known['url']}/quotas/issuance", timeout=10).json()["value"]
    assert isinstance(value, int)
    return value


def policy(session: requests.Session, known: dict[str, str]) -> Any:
    return session.get(f"{known['url']}/validationpolicy", timeout=10).json()


def beside(name: str, ours: Callable[[], object], theirs: Callable[[], object]) -> Entry:
    """Both in turns; the best turn of each."""
    turns = [(rate(ours, CALLS), rate(theirs, CALLS)) for _ in range(TURNS)]
    return compare(
        name,
        ours=max(turn[0] for turn in turns),
        unit="/s",
        against="bare requests.Session, same calls",
        theirs=max(turn[1] for turn in turns),
        better="higher",
    )


def rate(call: Callable[[], object], rounds: int) -> float:
    """Calls per second, after one that is not counted."""
    call()
    begun = time.perf_counter()
    for _ in range(rounds):
        call()
    return rounds / (time.perf_counter() - begun)


def right_request() -> CertificateRequest:
    key = rsa.generate_private_key(65537, 2048)
    name = "dip.one.example"
    return CertificateRequest(
        public_key=public_key_pem(key),
        not_before=datetime.now(UTC),
        subject_dn=SubjectDn(common_name=name),
        san=San(dns_names=(name,)),
        extended_key_usages=("1.3.6.1.5.5.7.3.1",),
        public_key_signature=proof_of_possession(key),
    )


def resident_after(hvca: Hvca, calls: int) -> int:
    """Resident bytes of this process after so many more calls."""
    for _ in range(calls):
        hvca.issuance_quota()
    gc.collect()
    return int(psutil.Process().memory_info().rss)
