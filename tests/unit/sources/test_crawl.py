"""The parts of the crawler: robots.txt, forms of addresses, and which page comes next."""

import pytest

from privacyguard.model.webpage import LeftOut
from privacyguard.sources.pictures.crawl.addresses import (
    does_something,
    goes_on_with,
    is_of_calendar,
    may_be_a_page,
    one_form,
    same_page_key,
    site_named,
)
from privacyguard.sources.pictures.crawl.frontier import CALENDAR_PAGES, COMBINATIONS, DEPTH, Frontier
from privacyguard.sources.pictures.crawl.robots import read_robots
from privacyguard.sources.pictures.pages import sites_of

SITE = "https://club.example.org"


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /a", "/ab/c", False),
        ("User-agent: *\nDisallow: /a/", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.jpg$", "/x/y.jpg", False),
        ("User-agent: *\nDisallow: /*.jpg$", "/x/y.jpg?z", True),
        ("User-agent: *\nDisallow: /x*y", "/x/a/y/b", False),
        ("User-agent: *\nDisallow: *secret", "/a/secret", False),
        ("User-agent: *\nDisallow: /a$", "/a", False),
        ("User-agent: *\nDisallow: /a$", "/ab", True),
        ("User-agent: *\nDisallow: /ab*b$", "/ab", True),
        ("User-agent: *\nDisallow: /a?b=", "/a?b=1", False),
        ("User-agent: *\nDisallow: /gr%C3%B6%C3%9Fe", "/größe/1", False),
        ("User-agent: *\nDisallow: /größe", "/gr%c3%b6%c3%9fe", False),
        ("User-agent: *\nDisallow: /\nUser-agent: PrivacyGuard\nDisallow: /p", "/a", True),
        ("User-agent: *\nDisallow: /\nUser-agent: PRIVACYGUARD/9\nDisallow: /p", "/p", False),
        ("User-agent: PrivacyGuardPlus\nDisallow: /", "/a", True),
        ("User-agent: a\nUser-agent: PrivacyGuard\nDisallow: /p", "/p", False),
        (
            "User-agent: PrivacyGuard\nDisallow: /p\n\nUser-agent: a\nDisallow: /\nUser-agent: privacyguard\nDisallow: /q",
            "/q",
            False,
        ),
        ("Disallow: /", "/a", True),
        ("<html><title>Not here</title>\nDisallow: /</html>", "/a", True),
        ("\ufeffUSER-AGENT : *  # all\n disallow : /a # no", "/a", False),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
    ],
)
def test_rules_of_robots_txt(rules: str, path: str, allowed: bool) -> None:
    assert read_robots(rules.encode()).allows(SITE + path) is allowed


@pytest.mark.parametrize(
    ("text", "delay_s"),
    [("5", 5.0), ("0.5", 0.5), ("3600", 30.0), ("-1", 0.0), ("nan", 0.0), ("inf", 0.0), ("soon", 0.0), ("", 0.0)],
)
def test_a_site_may_wish_for_a_slower_pace(text: str, delay_s: float) -> None:
    assert read_robots(f"User-agent: *\nCrawl-delay: {text}".encode()).delay_s == delay_s
    assert read_robots(f"User-agent: other\nCrawl-delay: {text}".encode()).delay_s == 0.0


def test_a_long_robots_txt_is_read_to_500_kb_and_names_site_maps() -> None:
    head = b"Sitemap: https://club.example.org/a.xml\nUser-agent: *\nDisallow: /a\n"
    robots = read_robots(head + b"#" * 500 * 1024 + b"\nDisallow: /b\n")
    assert robots.site_maps == ("https://club.example.org/a.xml",)
    assert not robots.allows(f"{SITE}/a")
    assert robots.allows(f"{SITE}/b")


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("HTTPS://Club.Example.org", f"{SITE}/"),
        (f"{SITE}/a;jsessionid=7?b=1", f"{SITE}/a?b=1"),
        (f"{SITE}/a?PHPSESSID=1&b=%20c&utm_source=x", f"{SITE}/a?b=+c"),
        (f"{SITE}/a?b=%2F&c", f"{SITE}/a?b=%2F&c"),
        (f"{SITE}/ä", f"{SITE}/%C3%A4"),
        ("javascript:alert(1)", None),
        ("https://[::1", None),
        ("", None),
    ],
)
def test_addresses_have_one_form(address: str, form: str | None) -> None:
    assert one_form(address) == form


def test_what_is_one_page_and_one_site() -> None:
    assert same_page_key(f"{SITE}/a?x=1&y=2") == same_page_key("http://club.example.org/a?y=2&x=1")
    assert same_page_key(f"{SITE}/a?1") != same_page_key(f"{SITE}/a?2")
    assert site_named("https://www.club.co.uk/") == "club.co.uk"
    assert site_named("https://anna.github.io/") != site_named("https://ben.github.io/")
    assert sites_of((f"{SITE}/a", "https://www.example.org/", "https://other.org/", f"{SITE}/a")) == {
        "example.org": (f"{SITE}/a", "https://www.example.org/"),
        "other.org": ("https://other.org/",),
    }


def test_what_no_page_is_asked_for() -> None:
    assert may_be_a_page(f"{SITE}/a.html")
    assert may_be_a_page(f"{SITE}/zip")
    assert not may_be_a_page(f"{SITE}/a.ZIP?x")
    assert does_something("/logout")
    assert does_something("/user/sign-out.php")
    assert not does_something("/catalogue/loginsky")


def test_the_next_page_is_not_deeper() -> None:
    assert goes_on_with(f"{SITE}/list", f"{SITE}/list?page=2")
    assert goes_on_with(f"{SITE}/list?a=1&page=2", f"{SITE}/list?a=1&page=3")
    assert goes_on_with(f"{SITE}/photo/1.html", f"{SITE}/photo/2.html")
    assert not goes_on_with(f"{SITE}/list?a=1", f"{SITE}/list?b=2")
    assert not goes_on_with(f"{SITE}/list", f"{SITE}/other")
    assert not goes_on_with(f"{SITE}/2026/11", f"{SITE}/2026/12")
    assert is_of_calendar(f"{SITE}/events?month=3")
    assert not is_of_calendar(f"{SITE}/2026/11/our-party")


def test_each_page_comes_once_and_the_nearest_first() -> None:
    frontier = Frontier()
    assert [
        frontier.add(f"{SITE}{path}", depth) for path, depth in (("/b", 2), ("/a", 1), ("/a", 1), ("/far", DEPTH + 1))
    ] == [
        None,
        None,
        None,
        LeftOut.TOO_DEEP,
    ]
    frontier.note(f"{SITE}/c")
    assert frontier.add(f"{SITE}/c", 1) is None
    assert len(frontier) == 2
    order = [frontier.next(), frontier.next(), frontier.next()]
    assert [each.address if each else None for each in order] == [f"{SITE}/a", f"{SITE}/b", None]


def test_ten_thousand_links_of_one_kind_leave_room_for_the_others() -> None:
    frontier = Frontier()
    for number in range(10_000):
        frontier.add(f"{SITE}/link-{number}.html", 1)
    frontier.add(f"{SITE}/gallery.html", 2)
    first = [waiting.address for _ in range(12) if (waiting := frontier.next()) is not None]
    assert f"{SITE}/gallery.html" in first


def test_calendars_combinations_and_growing_addresses_end() -> None:
    frontier = Frontier()
    months = [frontier.add(f"{SITE}/cal?month={number}", 1) for number in range(100)]
    assert months.count(LeftOut.ENDLESS) == 100 - CALENDAR_PAGES
    sorted_ways = [frontier.add(f"{SITE}/shop?sort={number}&colour=red", 1) for number in range(100)]
    assert sorted_ways.count(LeftOut.ENDLESS) == 100 - COMBINATIONS
    assert [frontier.add(f"{SITE}/photo?id={number}", 1) for number in range(100)].count(LeftOut.ENDLESS) == 0
    assert frontier.add(f"{SITE}{'/a/b' * 4}", 1) is LeftOut.ENDLESS
    assert frontier.add(f"{SITE}/{'/'.join(map(str, range(20)))}", 1) is LeftOut.ENDLESS
    assert frontier.add(f"{SITE}/days/{'20' * 11}/11", 1) is LeftOut.ENDLESS
    assert frontier.add(f"{SITE}/photo/{'20' * 10}.html", 1) is None
    assert frontier.add(f"{SITE}/q?{'&'.join(f'p{n}=1' for n in range(9))}", 1) is LeftOut.ENDLESS
