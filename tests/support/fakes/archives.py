"""The Wayback Machine as its documentation describes it: which copy is the newest, and the list of all."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from tests.support.servers import Answer, Seen

CDX = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
HIDDEN = "AdministrativeAccessControlException: Blocked Site Error"


@dataclass
class Archive:
    """What it holds: ``copies``: address to time (14 digits) and status of each, oldest first; ``forgetful``: the newest
    copy is not named although there is one; ``hidden``: hosts whose copies nobody is shown; ``answers``: part of the path
    to the answer that it gives there, whatever is asked.
    """

    copies: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    forgetful: bool = False
    hidden: frozenset[str] = frozenset()
    answers: dict[str, Answer] = field(default_factory=dict)

    def answer(self, seen: Seen) -> Answer:
        """What it says to a request."""
        parts = urlsplit(seen.path)
        for path, given in self.answers.items():
            if path in parts.path:
                return given
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/wayback/available":
            return self._available(asked["url"])
        if parts.path == "/cdx/search/cdx":
            return self._list(asked)
        return Answer(404, b"<!DOCTYPE html><title>Not here</title>", "text/html")

    def _available(self, url: str) -> Answer:
        shown: dict[str, object] = {"url": url, "archived_snapshots": {}}
        copies = [] if self.forgetful or self._is_hidden(url) else self.copies.get(url, [])
        if copies:
            stamp, status = copies[-1]
            link = f"http://web.archive.org/web/{stamp}/{url}"
            shown["archived_snapshots"] = {
                "closest": {"available": True, "url": link, "timestamp": stamp, "status": status}
            }
        return Answer(200, json.dumps(shown).encode())

    def _list(self, asked: dict[str, str]) -> Answer:
        url = asked["url"]
        if self._is_hidden(url):
            return Answer(403, b"", "text/plain", {"X-Archive-Wayback-Runtime-Error": HIDDEN})
        copies = self.copies.get(url, [])
        if asked.get("filter", "").startswith("!statuscode:"):
            unwanted = asked["filter"].removeprefix("!statuscode:")
            copies = [copy for copy in copies if not re.fullmatch(unwanted, copy[1])]
        limit = int(asked.get("limit", "0"))
        copies = copies[:limit] if limit > 0 else copies[limit:]
        wanted = asked["fl"].split(",") if "fl" in asked else list(CDX)
        rows = [[self._row(url, copy)[name] for name in wanted] for copy in copies]
        return Answer(200, json.dumps([wanted, *rows] if rows else []).encode())

    def _row(self, url: str, copy: tuple[str, str]) -> dict[str, str]:
        values = ("org,example)/", copy[0], url, "text/html", copy[1], "Q4YULN754FHV2U6Q5JUT6Q2P57WEWNNY", "1415")
        return dict(zip(CDX, values, strict=True))

    def _is_hidden(self, url: str) -> bool:
        return urlsplit(url).hostname in self.hidden
