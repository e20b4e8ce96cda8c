"""Several files at once: each is examined by itself, then certificates and PFX files are compared with the only CSR.

One file is examined in examine.py.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from django.views.decorators.debug import sensitive_variables

from certs.doctor.examine import Examination, examine, ordered
from certs.doctor.objects import Object, together


@sensitive_variables()
def examine_together(files: Mapping[str, bytes]) -> dict[str, Examination]:
    """{name: examination}, in the order of the files. Never raises."""
    alone = {name: examine(data, name) for name, data in files.items()}
    compared = iter(together(each for one in alone.values() for each in one.objects))
    return {name: _with(one, list(islice(compared, len(one.objects)))) for name, one in alone.items()}


def _with(one: Examination, objects: list[Object]) -> Examination:
    """The same examination with what comparing has found."""
    fresh = tuple(objects)
    if fresh == one.objects:
        return one
    old = {finding for each in one.objects for finding in each.findings}
    kept = [finding for finding in one.findings if finding not in old]
    return replace(
        one, objects=fresh, findings=ordered([*kept, *(f for each in fresh for f in each.findings)])
    )
