"""Work on many rows, one after the other, where none may stop the others."""

import logging
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)


def do_alone(work: Callable[[Any], object], row: Any) -> bool:
    """Whether the work on this row did something. Its failure is on the log and never stops the others."""
    try:
        return bool(work(row))
    except Exception:
        log.exception("%s of %s failed", getattr(work, "__name__", work), row)
        return False
