"""A hundred thousand inputs for every parser of the client together: only an AtlasError ever comes out.
Not here: the same with some thousand inputs, which every run makes; see test_parsing and test_transport_limits.
"""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.atlas.response_samples import READERS, corrupted, trees
from tests.atlas.test_parsing import only_atlas_errors

INPUTS = 100_000
EACH = settings(
    max_examples=INPUTS // len(READERS) + 1, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.nightly
@pytest.mark.parametrize("name", READERS)
@EACH
@given(data=st.data())
def test_only_an_atlas_error_comes_out(name: str, data: st.DataObject) -> None:
    wrong = corrupted(name) | trees.map(lambda tree: json.dumps(tree).encode()) | st.binary(max_size=300)
    only_atlas_errors(name, data.draw(wrong))
