"""The Python packages: .venv, filled from a hash-pinned lock and stamped with the lock's hash.

What is in the lock is decided elsewhere (tools/lockfiles.py).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tools import programs
from tools.console import ROOT, JobFailed, print_status, run_quietly

ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
UV = ENVIRONMENT / "bin" / "uv"
SUPERSET = {"requirements.txt": "requirements-dev.txt"}  # a fresh superset needs no second installation


def install(lock: str) -> None:
    """Make .venv hold what `lock` (a file beside ./run) names; at once when its stamp is fresh."""
    if any(_is_fresh(name) for name in (lock, SUPERSET.get(lock)) if name):
        return
    _make_environment()
    print_status(f"Installing the Python packages of {lock} ...")
    _fill(lock)
    _stamp(lock).write_text(_fingerprint(lock))


def keep_bytecode() -> None:
    """Let Python compile a module once and not at every start, also where it may write nothing beside the modules.

    Holds for this process and for those that it starts. Installations bring no bytecode along (uv makes none).
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    folder = os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ENVIRONMENT / "bytecode"))
    sys.dont_write_bytecode, sys.pycache_prefix = False, folder


def _stamp(lock: str) -> Path:
    return ENVIRONMENT / f".installed-{lock}"


def _fingerprint(lock: str) -> str:
    """Hash of the lock and of the Python that runs it: a new interpreter means a new installation."""
    return hashlib.sha256((ROOT / lock).read_bytes() + sys.version.encode()).hexdigest()


def _is_fresh(lock: str) -> bool:
    stamp = _stamp(lock)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == _fingerprint(lock)


def _make_environment() -> None:
    """Make .venv with pip, unless one of this Python's version is there."""
    if _has_same_version():
        return
    if importlib.util.find_spec("ensurepip") is None:
        programs.require_programs("python3-venv")
    print_status("Making .venv ...")
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    # A child process, because ensurepip may only just have been installed.
    run_quietly([sys.executable, "-m", venv.__name__, ENVIRONMENT])


def _has_same_version() -> bool:
    if not PYTHON.exists():
        return False
    ask = [str(PYTHON), "-c", "import sys; print(*sys.version_info[:2])"]
    said = subprocess.run(ask, capture_output=True, text=True, check=False).stdout.split()
    return said == [str(part) for part in sys.version_info[:2]]


def _fill(lock: str) -> None:
    """By uv where there is a wheel of it (1 s instead of 20), else, or when that fails, by the environment's own pip.

    The two disagree on whom to trust: uv is told to trust whom the machine trusts, pip brings its own list as well.
    """
    wanted: list[str | Path] = ["--require-hashes", "-r", ROOT / lock]
    if not UV.exists():
        _pip(
            "install",
            "--quiet",
            "--only-binary",
            ":all:",
            "--require-hashes",
            "-r",
            ROOT / "requirements-uv.txt",
        )
    if UV.exists():
        try:
            run_quietly([UV, "pip", "install", "--quiet", "--system-certs", "--python", PYTHON, *wanted])
        except JobFailed as failure:
            print_status(f"{failure}\nTrying once more with pip, which is slower ...")
        else:
            return
    run_quietly([PYTHON, "-m", "pip", "install", "--quiet", *wanted])


def _pip(*arguments: str | Path) -> None:
    """pip in .venv, its failure ignored: whoever asks looks at what came of it."""
    if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        run_quietly([PYTHON, "-m", "ensurepip"])
    subprocess.run([PYTHON, "-m", "pip", *arguments], capture_output=True, check=False)
