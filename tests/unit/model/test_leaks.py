"""The same leak at several services is known as one, and two leaks of one site stay two."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacyguard.model.breach import Breach
from privacyguard.model.leaks import added, class_form, is_same_leak, joined, likeness, united
from privacyguard.model.sites import site_of


def leak(name: str, domain: str = "", day: str = "", title: str = "", **changes: object) -> Breach:
    occurred_on = date.fromisoformat(day) if day else None
    known = Breach(name, title or name, domain, occurred_on, None, ("Email addresses",))
    return dataclasses.replace(known, **changes)  # type: ignore[arg-type]


CANVA = leak("Canva", "canva.com", "2019-05-24")
LINKEDIN = leak("LinkedIn", "linkedin.com", "2012-05-05")
SCRAPE = leak("LinkedInScrape", "linkedin.com", "2021-04-08", "LinkedIn Scraped Data (2021)")
WISHBONE = leak("Wishbone", "wishbone.io", "2016-08-07", "Wishbone (2016)")

ONE = {
    "a site's name with a month": (CANVA, leak("Canva.com", "canva.com", "2019-05-01")),
    "a site's name with a year alone": (CANVA, leak("Canva.com", "canva.com", "2019-01-01")),
    "a site's name without a date": (CANVA, leak("Canva.com", "canva.com")),
    "three months later": (CANVA, leak("Canva.com", "canva.com", "2019-08-31")),
    "over the turn of the year": (leak("A", "a.example", "2019-12-30"), leak("B", "a.example", "2020-02-01")),
    "equal names": (CANVA, leak("canva")),
    "names with other signs": (leak("Cutout.Pro"), leak("CutoutPro")),
    "equal names, other dates": (leak("Facebook", "facebook.com", "2019-08-01"), leak("Facebook", "", "2021-04-03")),
    "a title for a name": (leak("MGM", title="MGM Resorts"), leak("MGMResorts")),
    "a part of the site": (CANVA, leak("CanvaDesign", "www.design.canva.com")),
    "another name for a site": (leak("DailyQuiz", "thedailyquiz.example"), leak("TDQ-Quiz", "thedailyquiz.example")),
    "a year that fits the date": (WISHBONE, leak("Wishbone2016", "wishbone.io")),
    "a site under two letters": (leak("A", "shop.co.uk"), leak("B", "www.shop.co.uk")),
    "what the name says more, in other words": (SCRAPE, leak("LinkedIn-Scraped", "linkedin.com", "2021-06-22")),
    "one paste": (leak("Pastebin-8Q0BvKD8", paste=True), leak("pastebin8q0bvkd8", paste=True)),
}
TWO = {
    "years apart": (LINKEDIN, SCRAPE),
    "four months apart": (CANVA, leak("Canva.com", "canva.com", "2019-09-01")),
    "another year alone": (CANVA, leak("Canva.com", "canva.com", "2020-01-01")),
    "other sites": (leak("A", "shop.co.uk"), leak("B", "club.co.uk")),
    "neighbours at a host for all": (leak("A", "a.github.io"), leak("B", "b.github.io")),
    "parts of one site": (
        leak("CrossFire", "cfire.mail.ru", "2016-08-08"),
        leak("Parapa", "parapa.mail.ru", "2016-08-08"),
    ),
    "two forums of one site": (
        leak("R2Games", "r2games.com", "2015-11-01"),
        leak("R2-2017", "r2games.com", "2017-01-01", "R2 (2017 forum breach)"),
    ),
    "other years in the names": (WISHBONE, leak("Wishbone2020", "wishbone.io")),
    "a year in the name, far from the date": (LINKEDIN, leak("LinkedIn 2021", "linkedin.com")),
    "other things in the names": (leak("Twitter200M", "twitter.com"), leak("TwitterScrape", "twitter.com")),
    "lists without a site": (leak("Collection1"), leak("Collection2")),
    "logs without a site": (leak("Stealer Logs", malware=True), leak("StealerLogsJan2025", malware=True)),
    "one title, two sites": (leak("A", "a.example", title="Forum"), leak("B", "b.example", title="Forum")),
    "one title, other times": (leak("A", "", "2012-02-02", "Forum"), leak("B", "", "2015-02-02", "Forum")),
    "two pastes on one site": (leak("a", "pastebin.com", paste=True), leak("b", "pastebin.com", paste=True)),
    "a paste and a leak": (leak("Pastebin", "pastebin.com"), leak("b", "pastebin.com", paste=True)),
}


@pytest.mark.parametrize(("a", "b"), ONE.values(), ids=ONE)
def test_one_leak_is_known_as_one(a: Breach, b: Breach) -> None:
    assert is_same_leak(a, b) and is_same_leak(b, a)


@pytest.mark.parametrize(("a", "b"), TWO.values(), ids=TWO)
def test_two_leaks_stay_two(a: Breach, b: Breach) -> None:
    assert not is_same_leak(a, b) and not is_same_leak(b, a)


def test_of_several_that_may_be_meant_the_most_alike_is() -> None:
    asked = leak("LinkedIn.com", "linkedin.com")
    assert likeness(LINKEDIN, asked) > likeness(SCRAPE, asked)
    dated = leak("LinkedIn.com", "linkedin.com", "2021-04-01")
    assert likeness(SCRAPE, dated) > likeness(leak("LinkedIn2", "linkedin.com"), dated)


def test_nothing_that_either_service_said_is_lost() -> None:
    bare = leak("CutoutPro", "", "2024-02-01", data_classes=("passwords", "Names"), verified=False, spam_list=True)
    told = leak("Cutout.Pro", "cutout.pro", "2024-02-26", "Cutout Pro", data_classes=("Photos", "Passwords"))
    told = dataclasses.replace(told, sensitive=True, malware=True, added_on=date(2024, 2, 28), knows_no_addresses=True)
    whole = joined(bare, told)
    assert whole == Breach(
        "CutoutPro",
        "Cutout Pro",
        "cutout.pro",
        date(2024, 2, 26),
        date(2024, 2, 28),
        ("passwords", "Names", "Photos"),
        sensitive=True,
        malware=True,
    )
    assert dataclasses.replace(joined(told, bare), name="CutoutPro", data_classes=()) == dataclasses.replace(
        whole, data_classes=()
    )
    assert joined(whole, bare) == whole == joined(whole, told)


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ("", "x", "x"),
        ("myspace", "MySpace", "MySpace"),
        ("MySpace", "My Space", "My Space"),
        ("Canva.com", "Canva", "Canva"),
        ("mgm", "MGM Resorts", "MGM Resorts"),
    ],
)
def test_the_title_that_says_more_is_kept(one: str, other: str, kept: str) -> None:
    for a, b in ((one, other), (other, one)):
        assert joined(leak(a, title=a), leak(b, title=b)).title == kept


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ("", "2019-05-01", "2019-05-01"),
        ("2019-05-01", "2019-05-24", "2019-05-24"),
        ("2019-01-01", "2019-03-01", "2019-03-01"),
        ("2019-01-01", "2019-03-07", "2019-03-07"),
    ],
)
def test_the_date_that_says_more_is_kept(one: str, other: str, kept: str) -> None:
    for a, b in ((one, other), (other, one)):
        assert joined(leak("A", day=a), leak("A", day=b)).occurred_on == date.fromisoformat(kept)


def test_of_two_dates_that_say_as_much_the_first_stays() -> None:
    assert joined(leak("A", day="2019-05-24"), leak("A", day="2019-06-02")).occurred_on == date(2019, 5, 24)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Passwords", "password"),
        ("Driver's licenses", "Driver’s License"),
        ("Email addresses", "E-mail address"),
        ("Email addresses", "Emails"),
        ("IP addresses", "IP"),
        ("Phone numbers", "Phones"),
        ("Dates of birth", "DOB"),
        ("Nationalities", "nationality"),
        ("Profile photos", "Profile Photos"),
    ],
)
def test_spellings_of_one_kind_of_data_are_one(one: str, other: str) -> None:
    assert class_form(one) == class_form(other)
    assert added([one], [other]) == added([other], [one]) == ()
    assert len(united([one], [other])) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Photos", "Profile photos"),
        ("Passwords", "Historical passwords"),
        ("Names", "Usernames"),
        ("写真", "密码"),
        ("!", "?"),
    ],
)
def test_other_kinds_of_data_are_not(one: str, other: str) -> None:
    assert added([one], [other]) == (other,)
    assert united([one], [other]) == (one, other)


def test_the_spelling_by_which_passwords_are_known_survives() -> None:
    assert joined(leak("A", data_classes=("password",)), leak("A", data_classes=("Passwords",))).has_passwords


BREACHES = st.builds(
    leak,
    st.sampled_from(["Club", "Club.com", "Club2019", "ClubScrape", "", "!"]),
    st.sampled_from(["", "club.com", "www.club.com", "a.club.com", "github.io"]),
    st.sampled_from(["", "2019-01-01", "2019-05-02", "2020-01-01"]),
    st.sampled_from(["", "Club", "The Club (2019)"]),
    data_classes=st.lists(st.sampled_from(["Passwords", "password", "Names", ""]), max_size=3).map(tuple),
    paste=st.booleans(),
    verified=st.booleans(),
)


@given(BREACHES, BREACHES)
def test_it_does_not_matter_who_tells_first(a: Breach, b: Breach) -> None:
    assert is_same_leak(a, b) == is_same_leak(b, a) and is_same_leak(a, a)
    whole = joined(a, b)
    assert added(whole.data_classes, (*a.data_classes, *b.data_classes)) == ()
    assert joined(whole, a) == joined(whole, b) == whole


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("Shop.Example.co.uk", "example.co.uk"),
        ("https://www.club.example/login?next=1", "club.example"),
        ("a.github.io", "a.github.io"),
        ("github.io", "github.io"),
        ("müller.de", "xn--mller-kva.de"),
        ("", None),
        ("Club", None),
        ("The Club. Berlin", None),
        ("192.168.1.7", None),
        ("//[", None),
        ("a..b", None),
    ],
)
def test_the_registered_part_of_a_site(text: str, site: str | None) -> None:
    assert site_of(text) == site
