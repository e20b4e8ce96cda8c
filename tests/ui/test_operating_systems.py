"""The system is read from what a browser says of itself, and never more than guessed."""

import pytest

from onboarding.ui.operating_systems import System, detect_system, find_system

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0.0.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.6 Safari"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) Chrome/131.0.0.0 Mobile Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "system"),
    [
        (CHROME, System.POWERSHELL),
        (SAFARI, System.MACOS),
        (FIREFOX, System.LINUX),
        (ANDROID, System.POWERSHELL),
        (IPHONE, System.POWERSHELL),
        ("curl/8.0", System.POWERSHELL),
        ("", System.POWERSHELL),
    ],
)
def test_a_browser_tells_its_system_in_its_name(agent: str, system: System) -> None:
    assert detect_system({"User-Agent": agent}) is system


@pytest.mark.parametrize(
    ("platform", "system"),
    [
        ('"macOS"', System.MACOS),
        ('"Linux"', System.LINUX),
        ('"Windows"', System.POWERSHELL),
        ('"?"', System.MACOS),
    ],
)
def test_the_platform_that_chromium_sends_counts_more(platform: str, system: System) -> None:
    assert detect_system({"Sec-CH-UA-Platform": platform, "User-Agent": SAFARI}) is system


def test_only_the_known_systems_are_found() -> None:
    assert [find_system(str(each)) for each in System] == list(System)
    assert [find_system(name) for name in ("", None, "amiga", "MACOS")] == [None] * 4
