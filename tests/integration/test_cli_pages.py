"""Named pages from the command line: a real web server, real processes and a real password store, at the real pace."""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from privacyguard.checkup.sites import ASKED_NOT_TO
from privacyguard.model.statement import SENTENCE
from tests.conftest import Portraits
from tests.support.commands import CommandLine, Done
from tests.support.web_sites import CDN, HOST, Site, nginx, page, web_site

pytestmark = [
    pytest.mark.skipif(nginx() is None, reason="nginx is not installed (packaging/linux/system-packages.txt)"),
    pytest.mark.timeout(300),
]

CHECK = ("check", "--source", "pages", "--json")


def smaller(path: Path, quality: int) -> bytes:
    with Image.open(path) as picture:
        file = io.BytesIO()
        picture.convert("RGB").resize((picture.width // 2, picture.height // 2)).save(file, "JPEG", quality=quality)
    return file.getvalue()


@pytest.fixture
def site(tmp_path: Path, free_portraits: Portraits) -> Iterator[Site]:
    """A club: three pictures of the person on two pages, one of somebody else, and a folder that programs leave alone."""
    with web_site(tmp_path / "nginx") as running:
        for number in range(3):
            running.write(f"mine-{number}.jpg", smaller(free_portraits.astronaut, 80 + number))
        running.write("other.jpg", smaller(free_portraits.grace_hopper, 80))
        running.write("private/mine.jpg", smaller(free_portraits.astronaut, 90))
        running.write("private/index.html", page("Private", '<img src="/private/mine.jpg">'))
        running.write("robots.txt", "User-agent: *\nDisallow: /private/\n")
        links = '<a href="/gallery.html">gallery</a> <a href="/private/">private</a>'
        running.write("index.html", page("Our club", '<img src="/mine-0.jpg"> <img src="/other.jpg">', links))
        running.write("gallery.html", page("Summer", '<img data-src="/mine-1.jpg"> <a href="/mine-2.jpg">large</a>'))
        yield running


@pytest.fixture
def ready(enrolled: CommandLine, site: Site) -> CommandLine:
    """A home with a face that reaches the site, pages switched on."""
    where = "".join(f'"{host}" = "{there}"\n' for host, there in site.resolve.items())
    enrolled.settings(f"[net.resolve]\n{where}")
    assert enrolled("source", "on", "pages").status == 0
    return enrolled


def of_pages(done: Done) -> dict[str, object]:
    (outcome,) = [each for each in done.json["outcomes"] if each["source"] == "pages"]
    return dict(outcome)


def test_a_named_site_from_the_card_to_the_findings(ready: CommandLine, site: Site) -> None:
    card = next(each for each in ready("sources", "--json").json if each["id"] == "pages")
    assert "can see your internet address and that PrivacyGuard asked" in card["discloses"]
    # Without the sentence, and without a page, nothing is asked.
    assert of_pages(ready(*CHECK))["status"] == "skipped"
    assert ready("statement", typed=SENTENCE).status == 0
    done = of_pages(ready(*CHECK))
    assert (done["status"], site.requests()) == ("skipped", [])
    added = ready("place", "add", site.start, "--json")
    assert added.json == [{"kind": "url", "value": site.start}]
    first = ready(*CHECK)
    assert first.status == 0, first.err
    assert (of_pages(first)["status"], of_pages(first)["seen"], len(first.json["new"])) == ("checked", 4, 3)
    assert of_pages(first)["problem"] == ASKED_NOT_TO
    asked = site.paths()
    assert asked[0] == "/robots.txt"
    assert set(asked) == {"/robots.txt", "/", "/gallery.html", "/sitemap.xml", "/other.jpg"} | {
        f"/mine-{number}.jpg" for number in range(3)
    }
    assert len(set(asked)) == len(asked)
    listed = ready("findings")
    for name, number in (("", 0), ("gallery.html", 1), ("gallery.html", 2)):
        assert f"  http://{HOST}/{name}\n  http://{HOST}/mine-{number}.jpg\n" in listed.out
    assert "other.jpg" not in listed.out
    told = {(each["host"], each["source"]) for each in ready("disclosures", "--json").json}
    assert told == {(HOST, "pages")}
    assert CDN not in listed.out
    # The next check looks again, and the site says that nothing changed.
    site.forget_requests()
    again = ready(*CHECK)
    assert (of_pages(again)["findings"], again.json["new"]) == (of_pages(first)["findings"], [])
    pictures = [each for each in site.requests() if each["path"].endswith(".jpg")]
    assert [(each["status"], bool(each["none_match"])) for each in pictures] == [("304", True)] * 4
    assert {each["status"] for each in site.requests() if each["path"] in ("/", "/gallery.html")} == {"304"}
    # A site that is not named any more is not asked.
    assert ready("place", "remove", site.start).status == 0
    site.forget_requests()
    assert of_pages(ready(*CHECK))["status"] == "skipped"
    assert site.requests() == []


def test_a_look_that_is_killed_keeps_what_it_found_and_is_gone_on_with(ready: CommandLine, site: Site) -> None:
    assert ready("statement", typed=SENTENCE).status == 0
    assert ready("place", "add", site.start).status == 0
    running = ready.start(*CHECK)
    ends_at = time.monotonic() + 60
    while sum(path.endswith(".jpg") for path in site.paths()) < 3 and time.monotonic() < ends_at:
        assert running.poll() is None
        time.sleep(0.05)
    running.kill()
    running.communicate()
    before = site.paths()
    kept = ready("findings", "--json").json
    assert len(kept) >= 1
    site.forget_requests()
    done = ready(*CHECK)
    assert (of_pages(done)["status"], len(ready("findings", "--json").json)) == ("checked", 3)
    twice = set(before) & set(site.paths())
    # The rules are read anew; beside them at most what was under way at the kill.
    assert len(twice - {"/robots.txt", "/sitemap.xml"}) <= 1
    assert "/" not in twice


def test_only_the_person_at_this_computer_has_pages_looked_at(
    ready: CommandLine, site: Site, free_portraits: Portraits
) -> None:
    assert ready("place", "add", site.start).status == 0
    for name, relation in (("Ben", "my-child"), ("Cem", "someone-i-help")):
        other = free_portraits.grace_hopper
        assert ready("enrol", "--consent", "--person", name, "--relation", relation, other).status == 0
        done = ready(*CHECK, "--person", name)
        assert of_pages(done)["status"] == "skipped", done.err
    assert site.requests() == []
