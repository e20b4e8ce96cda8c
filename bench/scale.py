"""Pages and jobs at several sizes: `./run bench scale [COMPANIES...]`; 1,000 and 10,000 unless numbers are given.

The companies are those of `manage.py seed`. Which pages are opened beside what is in scale_pages.py, which jobs are
run with how much to do in scale_jobs.py, what a server answers in a second in scale_web.py.
"""

import sys
import time
from collections.abc import Iterator

from bench import harness
from bench.harness import Entry, compare, measurement, portal
from bench.scale_jobs import measure_jobs
from bench.scale_pages import measure_pages
from bench.scale_web import measure_web

SIZES = (1_000, 10_000)
SAY_AFTER = 15.0  # seconds between two lines about seeding


@measurement
def scale() -> Iterator[Entry]:
    """Everything at each size, the smallest first, with how much each page has grown since, beside its bare view."""
    portal()
    sizes = sorted(harness.numbers) or SIZES
    first: dict[str, float] = {}
    for size in sizes:
        yield _grow_to(size)
        for name, entry in measure_pages(size):
            yield entry
            if "bare view" in entry.against and entry.theirs:
                # Beside the bare view, so that a machine that was busier meanwhile does not count.
                share = entry.ours / entry.theirs
                grown = share / first.setdefault(name, share)
                if size != sizes[0]:
                    yield compare(f"{name}: growth from {sizes[0]:,} to {size:,}", ours=grown, unit="times")
        if size <= SIZES[0]:
            yield from measure_web(size)
        yield from measure_jobs(size)


def _grow_to(size: int) -> Entry:
    """Seed as many as are missing, and let PostgreSQL count them."""
    from django.db import connection

    from onboarding.people.models import Company
    from onboarding.seeding.seeding import seed

    begun = said = time.monotonic()
    missing = size - Company.objects.count()
    for done in seed(missing, password="!") if missing > 0 else ():
        if time.monotonic() - said > SAY_AFTER:
            said = time.monotonic()
            sys.stderr.write(f"  seeded {done.companies:,} of {missing:,}, {said - begun:.0f} s\n")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return compare(
        f"seeding {max(missing, 0):,} companies, to {size:,}", ours=time.monotonic() - begun, unit="s"
    )
