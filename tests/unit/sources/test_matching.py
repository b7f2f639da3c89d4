"""Which leaks happened at a service or organisation that a person named."""

import json
import time
from datetime import UTC, datetime
from itertools import product

import pytest

from privacyguard.model.breach import Breach
from privacyguard.model.sites import site_of
from privacyguard.sources.breaches.catalogue import _read
from privacyguard.sources.breaches.hibp_model import parse_breaches
from privacyguard.sources.breaches.matching import LeaksByService
from tests.support.fakes.leaks import LEAKS as FAKES
from tests.support.fakes.leaks import leak

LEAKS = LeaksByService(
    parse_breaches(
        [
            leak("Example Gym", "gym.example", ["Photos"]),
            leak("Example Gym (2020)", "www.gym.example", ["Passwords"]),
            leak("Collection", "", ["Passwords"]),
            leak("Café Zoë", "cafe.example", ["Names"]),
            leak("Example Shop", "shop.example.co.uk", ["Names"]),
            leak("Pages", "pages.github.io", ["Names"]),
            leak("All Pages", "github.io", ["Names"]),
            leak("Müller", "müller.example", ["Names"]),
        ]
    )
)


@pytest.mark.parametrize(
    ("named", "titles"),
    [
        ("gym.example", ["Example Gym", "Example Gym (2020)"]),
        ("GYM.example.", ["Example Gym", "Example Gym (2020)"]),
        ("https://www.gym.example:443/login?x=y", ["Example Gym", "Example Gym (2020)"]),
        ("members.gym.example", ["Example Gym", "Example Gym (2020)"]),
        ("example gym", ["Example Gym", "Example Gym (2020)"]),
        ("Example-Gym", ["Example Gym", "Example Gym (2020)"]),
        ("example gym (2020)", ["Example Gym (2020)"]),
        ("café zoë", ["Café Zoë"]),
        ("collection", ["Collection"]),
        ("example.co.uk", ["Example Shop"]),
        ("account.example.co.uk", ["Example Shop"]),
        ("pages.github.io", ["Pages"]),
        ("github.io", ["All Pages"]),
        ("müller.example", ["Müller"]),
        ("xn--mller-kva.example", ["Müller"]),
    ],
)
def test_a_service_is_found_by_registered_site_or_name_each_leak_once(named: str, titles: list[str]) -> None:
    assert [breach.title for breach in LEAKS.at(named)] == titles


@pytest.mark.parametrize(
    "named",
    [
        "example",
        "uk",
        "co.uk",
        "other.co.uk",
        "notgym.example",
        "gym.example.evil.example.com",
        "mine.github.io",
        "gym",
        "Example Gym Zurich",
        "192.168.0.1",
        "…",
        "",
        "https://[x",
        "..",
        "a" * 300 + ".example",
    ],
)
def test_a_service_that_only_resembles_one_is_another_one(named: str) -> None:
    assert LEAKS.at(named) == []


def test_leaks_of_pictures_come_first() -> None:
    leaks = parse_breaches(
        [
            leak("Words One", "a.example", ["Passwords"]),
            leak("Faces", "a.example", ["Biometric data"]),
            leak("Words Two", "a.example", ["Names"]),
        ]
    )
    assert [breach.title for breach in LeaksByService(leaks).at("a.example")] == ["Faces", "Words One", "Words Two"]


ORGANISATIONS = LeaksByService(
    [
        Breach("ExampleGym", "Example Gym", "", None, None, ("Photos",)),
        Breach("Invented", "Inventedia", "", None, None, ("Names",)),
        Breach("Short", "Shorty", "", None, None, ("Names",)),
        Breach("City", "City Sports Club", "", None, None, ("Names",)),
        Breach("Private", "Private Meetings", "", None, None, ("Names",), sensitive=True),
        Breach("Mails", "Example Mailings", "", None, None, ("Names",), spam_list=True),
        Breach("Other", "Quite Other", "", None, None, ("Names",)),
    ],
    {"Other": ("Example Health Clubs",)},
)


@pytest.mark.parametrize(
    ("named", "titles"),
    [
        ("Example Gym Zurich", ["Example Gym"]),
        ("the EXAMPLE-GYM, Zurich", ["Example Gym"]),
        ("My old Example Gym", ["Example Gym"]),
        ("Inventedia Shop", ["Inventedia"]),
        ("The Inventedia", ["Inventedia"]),
        ("Example Health Clubs Limited", ["Quite Other"]),
        ("Private Meetings", ["Private Meetings"]),
        ("Example Mailings", ["Example Mailings"]),
        # A part of a word, words in another order, a short or common name, or a private one inside a longer name.
        ("Example Gymnasium", []),
        ("Gym Example", []),
        ("Best Inventedia", []),
        ("Shorty Zurich", []),
        ("City Sports Club Zurich", []),
        ("Private Meetings Zurich", []),
        ("Example Mailings Zurich", []),
        ("Example", []),
        ("Gym", []),
    ],
)
def test_an_organisations_name_may_say_more_than_the_leaks(named: str, titles: list[str]) -> None:
    assert [breach.title for breach in ORGANISATIONS.at(named, is_organisation=True)] == titles


TITLES = """
Adobe|Ancestry|Army Online|Big Money|Black World|Business Magazine|City Direct|Community Forums|Cross Master|Data Records
Direct Travel|Family Directory|Final Score Online|Flashback|Florida School|Green Valley|Health Networks|Lifeboat|Light Board
Linux Forum|Little Monsters|Lookbook|Market Square|Master Data|Minefield|Modern Business Solutions|Music Mania|Open Games
Photo Club|Poker League|Programming Forums|Royal Bank|Spam List|Sports Direct|Sunday Times Club|Team Work|The Verified|Town Hall
Travel Agency|Video Shop|Virtual School|White Hat World|Wishbone|Young Heroes Club
""".strip().replace("\n", "|")
"""Names for leaks, invented, but of the kinds that real ones are; many are words that other names hold."""


def test_no_ordinary_name_is_taken_for_that_of_a_leak() -> None:
    leaks = LeaksByService(Breach(title, title, "", None, None, ()) for title in TITLES.split("|"))
    firsts = "Riverside|Saint Mary|City|Green Valley|Northern|Little Stars|Sunny Day|Royal|Modern|Big|Open|Young|White|Florida"
    kinds = "|Primary|Community|High|Sports|Health|Family|Dental|Music|Travel|Virtual|Photo|Business|Data|Programming"
    lasts = (
        "Gym|School|Club|Practice|Nursery|Agency|Studio|Church|Solutions|Forum|Bank|Hotel|Magazine|Shop|Board|Town Hall"
    )
    parts = (firsts.split("|"), kinds.split("|"), lasts.split("|"), ("", "Zurich", "of London"))
    names = [" ".join(filter(None, each)) for each in product(*parts)]
    wrong = {name: found for name in names if (found := leaks.at(name, True)) and name not in {b.title for b in found}}
    assert len(names) == 10_080
    assert wrong == {}


def test_a_thousand_leaks_and_five_hundred_services_are_compared_quickly() -> None:
    site_of("loads.the.list.example")
    many = [{**FAKES[1], "Name": f"S{n}", "Title": f"Site {n}", "Domain": f"site{n}.example"} for n in range(1000)]
    content = json.dumps(many).encode()
    took = []
    for _ in range(3):  # the quickest counts: other threads of this process, and its memory, are none of this
        started = time.process_time()
        kept = _read(json.loads(content), content, datetime(2026, 5, 4, tzinfo=UTC))
        read = time.process_time()
        found = [kept.leaks.at(f"www.site{n}.example" if n % 2 else f"site {n}", n % 3 == 0) for n in range(500)]
        took.append((read - started, time.process_time() - read))
    # Measured 25 ms and 6 ms; the limits are those of the issue.
    assert min(reading for reading, _ in took) < 0.1
    assert min(comparing for _, comparing in took) < 0.05
    assert [len(each) for each in found] == [1] * 500
