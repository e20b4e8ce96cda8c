"""Files of the local Atlas: written whole or not at all, and secrets readable by their owner only."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any


def write(path: Path, data: bytes, *, secret: bool) -> None:
    """Replace a file in one step. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        new.chmod(0o600 if secret else 0o644)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def write_json(path: Path, document: dict[str, str]) -> None:
    """A JSON file that holds secrets."""
    write(path, (json.dumps(document, indent=2) + "\n").encode(), secret=True)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object, empty if the file is missing or is none."""
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
