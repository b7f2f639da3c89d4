"""The list of sites that know user names, at its place, and the sites on it. Written for this project after its schema.

On one server of loopback each host stands in front of the path; on a server of its own it is the host of the request.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.servers import Answer, Seen

LIST_HOST = "raw.githubusercontent.com"
LIST_PATH = "/WebBreacher/WhatsMyName/main/wmn-data.json"
LICENCE = ["Copyright (C) 2015-2026 Micah Hoffman", "4.0 International License."]

FOUND = Answer(200, b"<html>Profile of somebody", "text/html")
MISSING = Answer(404, b"<html>No such user", "text/html")


def entry(name: str, **changes: Any) -> dict[str, Any]:
    """An entry of the list; its host is ``name`` below example.org."""
    host = f"{name.lower().replace(' ', '')}.example.org"
    fields = {
        "name": name,
        "uri_check": f"https://{host}/u/{{account}}",
        "e_code": 200,
        "e_string": "Profile of",
        "m_string": "No such user",
        "m_code": 404,
        "known": ["one", "two"],
        "cat": "images",
    }
    return fields | changes


def list_of(*entries: dict[str, Any]) -> bytes:
    """The bytes of a list with these entries, as its project writes it: with line ends and spaces."""
    whole = {"license": LICENCE, "authors": ["x"], "categories": ["images"], "sites": list(entries)}
    return json.dumps(whole, indent=2).encode()


def etag_of(content: bytes) -> str:
    """What the list's place calls this content."""
    return f'W/"{hashlib.sha256(content).hexdigest()}"'


@dataclass
class UserNameSites:
    """What the list's place and the sites answer, to be changed at any time.

    ``content``: the list; ``names``: the user names that every site knows; ``answers``: by the first part of a site's host,
    what that one answers whatever is asked; ``broken_list``: what the list's place answers in place of the list.
    """

    content: bytes = field(default_factory=lambda: list_of(entry("Album"), entry("Clips", cat="video")))
    names: set[str] = field(default_factory=set)
    answers: dict[str, Answer] = field(default_factory=dict)
    broken_list: Callable[[Seen], Answer] | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """Of the sites on the list, in its order."""
        sites = json.loads(self.content)["sites"]
        return tuple(dict.fromkeys(each["uri_check"].split("/")[2] for each in sites))

    def answer(self, seen: Seen) -> Answer:
        """What is said to a request."""
        host, path = seen.host, seen.path
        if host.startswith("127.0.0.1:"):
            host, _, path = path.removeprefix("/").partition("/")
            path = f"/{path}"
        if host == LIST_HOST:
            return self._list(seen, path)
        given = self.answers.get(host.partition(".")[0])
        if given is not None:
            return given
        return FOUND if path.rpartition("/")[2] in self.names else MISSING

    def _list(self, seen: Seen, path: str) -> Answer:
        if self.broken_list is not None:
            return self.broken_list(seen)
        if path != LIST_PATH:
            return Answer(404, b"404: Not Found", "text/plain")
        etag = etag_of(self.content)
        if seen.headers.get("if-none-match") == etag:
            return Answer(304, b"", "", {"ETag": etag})
        return Answer(200, self.content, "text/plain; charset=utf-8", {"ETag": etag})
