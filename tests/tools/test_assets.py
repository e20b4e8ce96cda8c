"""What ./run assets builds beside styles and scripts: the licences of what browsers get.

The scripts themselves run in tests/browser and tests/ui.
"""

import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tools import assets
from tools.console import JobFailed


def _served() -> str:
    found = finders.find(assets.NOTICES)
    assert isinstance(found, str)
    return Path(found).read_text("utf-8")


def test_each_package_that_browsers_get_has_its_licence_beside_it() -> None:
    packages = json.loads(assets.LOCK.read_text("utf-8"))["packages"]
    served = [place for place, package in packages.items() if place and not package.get("dev")]
    notices = _served()
    for place in served:
        heading = f"{place.removeprefix('node_modules/')} {packages[place]['version']} ("
        assert heading in notices
        own = notices.partition(heading)[2][:1500]
        assert "Copyright" in own, place
        assert "WARRANT" in notices.partition(heading)[2].upper(), place
    assert {"node_modules/node-forge", "node_modules/govuk-frontend"} <= set(served)
    assert "esbuild" not in notices


def test_a_package_without_a_licence_stops_the_build() -> None:
    with pytest.raises(JobFailed, match="Say its copyright"):
        assets._read_licence("no-such-package")


def test_the_page_about_the_portal_leads_to_them(db) -> None:
    assert "/licences" in Client().get("/help/about/").text
