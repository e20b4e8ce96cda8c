"""Several files at once: each is examined by itself, then certificates and PFX files are compared with the only CSR.

One file is examined in examiner.py.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from django.views.decorators.debug import sensitive_variables

from certs.doctor.examined_artifacts import ExaminedArtifact, compare_artifacts
from certs.doctor.examiner import Examination, examine, sort_findings


@sensitive_variables()
def examine_files(files: Mapping[str, bytes]) -> dict[str, Examination]:
    """{name: examination}, in the order of the files. Never raises."""
    alone = {name: examine(data, name) for name, data in files.items()}
    compared = iter(compare_artifacts(each for one in alone.values() for each in one.artifacts))
    return {name: _with(one, list(islice(compared, len(one.artifacts)))) for name, one in alone.items()}


def _with(one: Examination, artifacts: list[ExaminedArtifact]) -> Examination:
    """The same examination with what comparing has found."""
    fresh = tuple(artifacts)
    if fresh == one.artifacts:
        return one
    old = {finding for each in one.artifacts for finding in each.findings}
    kept = [finding for finding in one.findings if finding not in old]
    return replace(
        one, artifacts=fresh, findings=sort_findings([*kept, *(f for each in fresh for f in each.findings)])
    )
