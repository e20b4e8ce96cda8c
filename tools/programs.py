"""Programs of the operating system that a job needs: installed where we may, named where we may not.

Python and Node packages are not here (tools/packages.py, tools/assets.py).
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import sys

from tools.console import JobFailed, print_status, run_quietly

# The shell without a window does the same with two thirds of the work of a Chromium that is told to show none.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
BROWSER_INSTALLATION = "sudo apt-get install -y chromium-headless-shell"

# what a job asks for -> the programs that answer to it (any of them will do), the Debian package
PROGRAMS = {
    "chromium": (BROWSERS[:1], "chromium-headless-shell"),
    "curl": (("curl",), "curl"),
    "openssl": (("openssl",), "openssl"),
    "pk12util": (("pk12util",), "libnss3-tools"),
    "keytool": (("keytool",), "default-jre-headless"),
    "certtool": (("certtool",), "gnutls-bin"),
}
LIBRARIES = {"libatomic1": "libatomic.so.1"}  # the Node inside Playwright is linked against it


def require_programs(*names: str) -> None:
    """Make sure that the programs are there.

    As root on Debian or Ubuntu they are installed; elsewhere Stop names the one command to run.
    """
    packages = [_package(name) for name in names if not _is_there(name)]
    if not packages:
        return
    if os.geteuid() or not shutil.which("apt-get"):
        raise JobFailed(f"This needs programs that are not here. Install them first: {_command(packages)}")
    print_status(f"Installing {', '.join(packages)} ...")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_quietly(["apt-get", "update", "-qq"], env=env)
    run_quietly(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=env)
    importlib.invalidate_caches()


def _is_there(name: str) -> bool:
    if name == "python3-venv":
        return importlib.util.find_spec("ensurepip") is not None
    if name in LIBRARIES:
        return sys.platform != "linux" or _loads(LIBRARIES[name])
    return any(shutil.which(program) for program in PROGRAMS[name][0])


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _package(name: str) -> str:
    return PROGRAMS[name][1] if name in PROGRAMS else name


def _command(packages: list[str]) -> str:
    return f"sudo apt-get install -y {' '.join(packages)}"
