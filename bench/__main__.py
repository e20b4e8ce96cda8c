"""`python -m bench [WORD...] [NUMBER...]`: run the measurements whose names hold a word, print the table, write JSON.

Numbers are the sizes at which scale.py measures.

The measurements themselves are in the other modules of this folder.
"""

import importlib
import pkgutil
import sys

import bench
from bench import harness


def main(words: list[str]) -> int:
    """Run and show; 2 when no measurement has such a name."""
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name != "__main__":
            importlib.import_module(f"bench.{module.name}")
    harness.numbers += [int(word) for word in words if word.isdigit()]
    measurements = harness.chosen([word for word in words if not word.isdigit()])
    if not measurements:
        sys.stderr.write(f"No measurement is called {' or '.join(words) or 'anything'}.\n")
        return 2
    try:
        entries = [entry for name, measure in measurements.items() for entry in _measured(name, measure)]
    finally:
        harness.close()
    print(harness.table(entries))
    print(f"\nWritten to {harness.write(entries).relative_to(harness.ROOT)}.")
    return 0


def _measured(name: str, measure: harness.Measurement) -> list[harness.Entry]:
    sys.stderr.write(f"measuring {name} ...\n")
    return list(measure())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
