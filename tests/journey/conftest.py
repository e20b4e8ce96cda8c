"""Fixtures of this room: the local Atlas, and a browser of each person.

What people do in each step is in step_actions.py, how a page is read and pressed in form_client.py.
"""

from tests.atlas_fixtures import atlas, with_api, without_api

__all__ = ["atlas", "with_api", "without_api"]
