"""Named sites: what a look finds, skips and refuses. nginx on loopback, galleries of development faces in every way, traps.

``python -m tests.bench.pages`` prints the table as JSON. A few minutes for each person on two cores.

A picture that is not found is the crawler's miss only if it is found when the same file is looked at by itself: else nobody
finds that face, and it is counted as "missed by recognition". Waiting costs no time here, so nothing is said of the pace.
"""

import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from privacyguard.analysis.page_reader import PageReader
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup import sites
from privacyguard.checkup.look import Look
from privacyguard.model.checkup import Outcome
from privacyguard.model.person import Person
from privacyguard.model.picture import Candidate, PictureAnalysis
from privacyguard.model.progress import Progress
from tests.support import lfw
from tests.support.own_time import Hurried
from tests.support.site_looks import Connections, Looks
from tests.support.web_sites import FORBIDDEN, Gallery, nginx, web_site

PEOPLE = ("Kofi_Annan", "Amelie_Mauresmo", "Tony_Blair")
ENROLLED = 5
EACH, STRANGERS = 6, 6
"""Pictures of the person and of others in each of the ways."""

STOPPED_AFTER = 20
"""Findings, before the look that is stopped."""

TRAPS: Mapping[str, tuple[str, ...]] = {
    "calendar that grows": ("/calendar",),
    "calendar without end": ("/months/",),
    "days and numbers that grow": ("/days/",),
    "links to itself, longer and longer": ("/forever",),
    "10,000 links": ("/link-",),
    "two redirects in a circle": ("/loop",),
    "redirect to another site": ("/away",),
    "redirect to 169.254.169.254": ("/to-metadata",),
    "behind robots.txt": ("/private/members", "/private/me.jpg", "/file.secret"),
    "behind nofollow": ("/behind",),
    "one page with many session numbers": ("/members.html",),
    "sign out": ("/logout",),
    "film": ("/film.mp4",),
    "hostile HTML": ("/hostile.html", "/too-large.html"),
    "hostile pictures": ("/bombs/",),
}
"""What the requests of each begin with."""


@dataclass
class _Counted:
    """An analysis pool that counts what it looks at."""

    pool: AnalysisPool
    looked_at: int = 0

    def analyse(self, *arguments: Any, **options: Any) -> PictureAnalysis:
        self.looked_at += 1
        return self.pool.analyse(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pool, name)


def figures() -> dict[str, object]:
    """The table of each person; nothing where nginx or the faces are missing."""
    if nginx() is None or not lfw.FOLDER.is_dir():
        return {"pages": "nginx or the development faces are missing"}
    return {"pages": {name: look_for(name) for name in PEOPLE}, "pages, a stopped look": look_stopped(PEOPLE[0])}


def look_for(name: str, each: int = EACH, strangers: int = STRANGERS) -> dict[str, Any]:
    """What a look at a site with pictures of this person finds, and a second one a week later."""
    with _looks(name, each, strangers) as (looks, person, counted):
        first = _Look(looks, person, counted)
        table = _table(looks, person, first)
        looks.clock.now += timedelta(days=7)
        return {**table, "second look": _second(first, _Look(looks, person, counted))}


def look_stopped(name: str, each: int = 2) -> dict[str, Any]:
    """What a look keeps that is stopped in the middle, and what the one asks for that goes on with it."""
    token, stopped_at = Hurried(), 0.0

    def stop(progress: Progress) -> None:
        nonlocal stopped_at
        if progress.found >= STOPPED_AFTER and not token.is_cancelled:
            stopped_at = time.monotonic()
            token.cancel()

    with _looks(name, each, each) as (looks, person, counted):
        looks.progress = _Told(stop)
        checkup, _outcome = looks.look(person, token)
        ended_s = time.monotonic() - stopped_at
        told, kept, asked = len(looks.progress), len(looks.vault.findings()), set(looks.site.paths())
        looks.progress = []
        on = _Look(looks, person, counted)
        again = [each["path"] for each in on.requests if each["path"] in asked]
        shown = {address for addresses in looks.site.pictures.values() for address in addresses}
    return {
        "is told as stopped": checkup.cancelled,
        "seconds to the end": round(ended_s, 3),
        "progress told": told,
        "found and kept": kept,
        "asked before": len(asked),
        "asked by the one that goes on": len(on.requests),
        "pictures asked twice": len([path for path in again if _is_picture(path)]),
        "others asked twice": sorted(path for path in again if not _is_picture(path)),
        "shown": len(shown),
        "found in the end": len(shown & on.found),
    }


@contextmanager
def _looks(name: str, each: int, strangers: int) -> Iterator[tuple[Looks, Person, _Counted]]:
    """A site with galleries of this person and others, and the person in a new vault."""
    own = lfw.enrolled_pictures()[name]
    others = [path.read_bytes() for path in lfw.strangers()[: 7 * each : 7]]
    with tempfile.TemporaryDirectory() as folder, AnalysisPool() as pool, web_site(Path(folder) / "nginx") as site:
        Gallery(site, [path.read_bytes() for path in own[ENROLLED:]], others, each, strangers).fill()
        reader, counted = PageReader(), _Counted(pool)
        looks = Looks.made(Path(folder) / "home", counted, reader, site)  # type: ignore[arg-type]
        try:
            yield looks, looks.person(own[:ENROLLED]), counted
        finally:
            reader.close()
            looks.vault.close()


class _Look:
    """One look to its end, and what was seen of it from outside."""

    def __init__(self, looks: Looks, person: Person, counted: _Counted) -> None:
        looks.site.forget_requests()
        before, heard, connections = counted.looked_at, _Heard(), Connections()
        logger = logging.getLogger("privacyguard")
        logger.setLevel(logging.INFO)
        logger.addHandler(heard)
        started = time.monotonic()
        try:
            self.checkup, self.outcome = looks.look(person)
        finally:
            logger.removeHandler(heard)
            connections.stop()
        self.seconds = round(time.monotonic() - started, 1)
        self.left_out = heard.counts
        self.connections = connections.asked
        self.requests = looks.site.requests()
        self.looked_at = counted.looked_at - before
        self.found = looks.found(self.outcome)


def _table(looks: Looks, person: Person, look: _Look) -> dict[str, Any]:
    site = looks.site
    of_the_person = {address for addresses in site.pictures.values() for address in addresses}
    missed = of_the_person - look.found
    by_recognition = {address for address in missed if not _is_found_alone(looks, person, address)}
    paths = [each["path"] for each in look.requests]
    return {
        "status": look.outcome.status.value,
        "shown": len(of_the_person),
        "found": len(of_the_person & look.found),
        "share": round(len(of_the_person & look.found) / len(of_the_person), 4),
        "missed by recognition": len(by_recognition),
        "missed by the crawler": len(missed - by_recognition),
        "strangers": len(site.others),
        "false alarms": len(look.found & set(site.others)),
        "found elsewhere": len(look.found - set(site.others) - of_the_person),
        "with page and picture": _with_page_and_picture(looks, look.outcome),
        "looked at": look.outcome.seen,
        "unreadable": look.outcome.unreadable,
        "requests": len(look.requests),
        "seconds": look.seconds,
        "connections to the site": look.connections.count(("127.0.0.1", site.port)),
        "other connections and look-ups": len([one for one in look.connections if one != ("127.0.0.1", site.port)]),
        "forbidden addresses asked": len([one for one in look.connections if _is_forbidden(one)]),
        "ways": {
            way: {"shown": len(addresses), "found": len(look.found & set(addresses))}
            for way, addresses in site.pictures.items()
        },
        "left out": look.left_out,
        "requests into traps": {
            trap: len([path for path in paths if path.startswith(beginnings)]) for trap, beginnings in TRAPS.items()
        },
    }


def _is_found_alone(looks: Looks, person: Person, address: str) -> bool:
    """Whether the person is found in the same file when it is looked at by itself."""
    assert person.template is not None
    path = looks.site.folder / "site" / unquote(urlsplit(address).path).lstrip("/")
    look = Look(person, person.template, looks.pool, looks.vault.not_me(person.person_id))
    analysis = looks.pool.analyse(path)
    return look.finding(Candidate(path=path), analysis, "folders", looks.clock()) is not None


def _with_page_and_picture(looks: Looks, outcome: Outcome) -> int:
    findings = {finding.key: finding.evidence for finding in looks.vault.findings()}
    named = [
        (getattr(findings[key], "page", None), getattr(findings[key], "picture", None)) for key in outcome.findings
    ]
    return len([1 for page, picture in named if page and picture and page != picture])


def _is_forbidden(connection: object) -> bool:
    return isinstance(connection, tuple) and (
        str(connection[0]) == "169.254.169.254" or ":".join(map(str, connection[:2])) in FORBIDDEN
    )


def _is_picture(path: str) -> bool:
    return path.endswith((".jpg", ".png"))


def _second(first: _Look, second: _Look) -> dict[str, Any]:
    """What is asked again a week later, when nothing changed."""
    pictures = [each for each in second.requests if _is_picture(each["path"])]
    pages = [each for each in second.requests if not _is_picture(each["path"])]
    return {
        "status": second.outcome.status.value,
        "findings as before": set(second.outcome.findings) == set(first.outcome.findings),
        "new findings": len(second.checkup.new),
        "pages asked": len(pages),
        "pages asked with If-None-Match": len([each for each in pages if each["none_match"]]),
        "pages not sent again (304)": len([each for each in pages if each["status"] == "304"]),
        "pictures asked": len(pictures),
        "pictures asked with If-None-Match": len([each for each in pictures if each["none_match"]]),
        "pictures not sent again (304)": len([each for each in pictures if each["status"] == "304"]),
        "pictures looked at": second.looked_at,
        "pictures looked at the first time": first.looked_at,
        "seconds": second.seconds,
    }


class _Told(list[Progress]):
    """Tells of each progress."""

    def __init__(self, heard: Callable[[Progress], None]) -> None:
        super().__init__()
        self._heard = heard

    def append(self, item: Progress) -> None:
        super().append(item)
        self._heard(item)


class _Heard(logging.Handler):
    """Keeps the counts of what each look left out, as the log is told them."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.counts: dict[str, int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == sites.__name__ and isinstance(record.args, tuple):
            self.counts = record.args[1]  # type: ignore[assignment]


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2), file=sys.stdout)
