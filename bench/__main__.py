"""`python -m bench [WORD...] [NUMBER...]`: run the measurements whose names hold a word, print the table, write JSON.

Numbers are the sizes at which scale.py measures.

The measurements themselves are in the other modules of this folder.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator

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
    entries: list[harness.Entry] = []
    try:
        for entry in _measure(measurements):
            entries.append(entry)
            sys.stderr.write(f"  {harness.describe(entry)}\n")
            harness.write(entries)  # each time, so that a run that is cut short keeps what it has
    finally:
        harness.close()
        print(harness.table(entries))
    print(f"\nWritten to {harness.RESULTS.relative_to(harness.ROOT)}.")
    return 0


def _measure(measurements: dict[str, harness.Measurement]) -> Iterator[harness.Entry]:
    for name, measure in measurements.items():
        sys.stderr.write(f"measuring {name} ...\n")
        yield from measure()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
