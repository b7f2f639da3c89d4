"""Named sites: what a look finds, skips and refuses. nginx on loopback, galleries of development faces in every way, traps.

``python -m tests.bench.pages`` prints the table as JSON. About two minutes for each person on two cores.
"""

import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

from privacyguard.analysis.page_reader import PageReader
from privacyguard.analysis.pool import AnalysisPool
from privacyguard.checkup import sites
from tests.support import lfw
from tests.support.site_looks import Connections, Looks
from tests.support.web_sites import Gallery, Site, nginx, web_site

PEOPLE = ("Kofi_Annan", "Amelie_Mauresmo")
ENROLLED = 5
EACH, STRANGERS = 8, 6
"""Pictures of the person and of others in each of the ways."""


def figures() -> dict[str, object]:
    """The table of each person; nothing where nginx or the faces are missing."""
    if nginx() is None or not lfw.FOLDER.is_dir():
        return {"pages": "nginx or the development faces are missing"}
    return {"pages": {name: look_for(name) for name in PEOPLE}}


def look_for(name: str, each: int = EACH, strangers: int = STRANGERS) -> dict[str, Any]:
    """What one look at a site with pictures of this person finds."""
    own = lfw.enrolled_pictures()[name]
    others = [path.read_bytes() for path in lfw.strangers()[: 7 * each : 7]]
    reader = PageReader()
    with tempfile.TemporaryDirectory() as folder, AnalysisPool() as pool, web_site(Path(folder) / "nginx") as site:
        Gallery(site, [path.read_bytes() for path in own[ENROLLED:]], others, each, strangers).fill()
        looks = Looks.made(Path(folder) / "home", pool, reader, site)
        person = looks.person(own[:ENROLLED])
        heard, connections, logger = _Heard(), Connections(), logging.getLogger("privacyguard")
        logger.setLevel(logging.INFO)
        logger.addHandler(heard)
        try:
            _checkup, outcome = looks.look(person)
        finally:
            logger.removeHandler(heard)
            connections.stop()
            reader.close()
        table = _table(site, looks.found(outcome), connections)
        looks.vault.close()
    return {
        "status": outcome.status.value,
        **table,
        "looked at": outcome.seen,
        "unreadable": outcome.unreadable,
        "left out": heard.counts,
    }


def _table(site: Site, found: set[str], connections: Connections) -> dict[str, Any]:
    ways = {
        way: {"shown": len(addresses), "found": len(found & set(addresses))} for way, addresses in site.pictures.items()
    }
    shown = sum(way["shown"] for way in ways.values())
    of_the_person = sum(way["found"] for way in ways.values())
    return {
        "shown": shown,
        "found": of_the_person,
        "share": round(of_the_person / shown, 4),
        "strangers": len(site.others),
        "false alarms": len(found & set(site.others)),
        "found elsewhere": len(found - set(site.others) - {a for each in site.pictures.values() for a in each}),
        "requests": len(site.requests()),
        "connections to the site": connections.asked.count(("127.0.0.1", site.port)),
        "other connections and look-ups": len([one for one in connections.asked if one != ("127.0.0.1", site.port)]),
        "ways": ways,
    }


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
