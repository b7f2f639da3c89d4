"""Which leaks happened at a service that a person named."""

import time

import pytest

from privacyguard.model.breach import Breach
from privacyguard.sources.breaches.hibp_model import parse_breaches
from privacyguard.sources.breaches.matching import LeaksByService
from tests.support.fakes.leaks import leak

LEAKS = LeaksByService(
    parse_breaches(
        [
            leak("Example Gym", "gym.example.org", ["Photos"]),
            leak("Example Gym (2020)", "www.gym.example.org", ["Passwords"]),
            leak("Collection", "", ["Passwords"]),
            leak("Café Zoë", "cafe.example.org", ["Names"]),
        ]
    )
)


@pytest.mark.parametrize(
    ("named", "titles"),
    [
        ("gym.example.org", ["Example Gym", "Example Gym (2020)"]),
        ("GYM.example.org.", ["Example Gym", "Example Gym (2020)"]),
        ("https://www.gym.example.org:443/login?x=y", ["Example Gym", "Example Gym (2020)"]),
        ("members.gym.example.org", ["Example Gym", "Example Gym (2020)"]),
        ("example gym", ["Example Gym"]),
        ("Example-Gym", ["Example Gym"]),
        ("café zoë", ["Café Zoë"]),
        ("collection", ["Collection"]),
    ],
)
def test_a_service_is_found_by_site_or_name_each_leak_once(named: str, titles: list[str]) -> None:
    assert [breach.title for breach in LEAKS.at(named)] == titles


@pytest.mark.parametrize(
    "named",
    ["example.org", "org", "notgym.example.org", "gym.example.org.evil.example.com", "gym", "…", "", "https://[x"],
)
def test_a_service_that_only_resembles_one_is_another_one(named: str) -> None:
    assert LEAKS.at(named) == []


def test_a_thousand_leaks_and_five_hundred_services_are_compared_quickly() -> None:
    breaches = [Breach(f"S{n}", f"Site {n}", f"site{n}.example.org", None, None, ()) for n in range(1000)]
    started = time.process_time()
    leaks = LeaksByService(breaches)
    found = [leaks.at(f"www.site{n}.example.org" if n % 2 else f"site {n}") for n in range(500)]
    # Measured 13 ms; ten times that would be a comparison of each with each.
    assert time.process_time() - started < 0.15
    assert [len(each) for each in found] == [1] * 500
