"""Sites that know accounts, as their documentation describes them: what each answers for an account, for none, and in trouble.

Every answer was written for this project after the public documentation. Pictures lie on the same server, below ``/pictures/``.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.servers import Answer, Seen

PROFILE_SOURCES = ("gravatar", "libravatar", "github", "bluesky", "mastodon", "keybase")
PICTURE_HOSTS = {
    "api.github.com": "avatars.githubusercontent.com",
    "public.api.bsky.app": "cdn.bsky.app",
    "keybase.io": "s3.amazonaws.com",
}
"""Where services keep pictures, of those that keep them at another host."""

PNG_OF_SQUARES = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (420).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00" + bytes(1400)
)
"""The head of a PNG as GitHub draws it, and as few bytes."""


@dataclass
class Accounts:
    """What the sites know, to be changed at any time.

    ``avatars``: e-mail address to picture, for Gravatar (a scenario's own); ``libravatars``: the same for Libravatar;
    ``pages``: e-mail address to the name of its Gravatar page; ``names``: source id to the accounts there, user name
    (Mastodon: name@server) to shown name; ``pictures``: name below ``/pictures/`` to bytes: an account's picture has the
    account's user name; ``looks_away``: accounts of Bluesky that programs without an account shall not look at; ``closed``:
    servers of Mastodon that want a sign-in; ``sent_on``: where Libravatar sends for addresses that it does not know;
    ``answers``: part of a path to what is answered there.
    """

    avatars: dict[str, bytes] = field(default_factory=dict)
    libravatars: dict[str, bytes] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    looks_away: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    sent_on: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)

    def answer(self, source_id: str, seen: Seen) -> Answer:
        """What a site says to a request."""
        path = urlsplit(seen.path).path
        for part, given in self.answers.items():
            if part in path:
                return given
        if path.startswith("/pictures/"):
            return self._picture(unquote(path.removeprefix("/pictures/")))
        kinds: dict[str, Callable[[Seen, str], Answer]] = {
            "gravatar": self._gravatar,
            "libravatar": self._libravatar,
            "github": self._github,
            "bluesky": self._bluesky,
            "mastodon": self._mastodon,
            "keybase": self._keybase,
        }
        return kinds[source_id](seen, path)

    def _picture(self, name: str) -> Answer:
        content = self.pictures.get(name)
        if content is None:
            return Answer(404, b"", "text/plain")
        return Answer(200, content, "image/png" if content.startswith(b"\x89PNG") else "image/jpeg")

    def _gravatar(self, seen: Seen, path: str) -> Answer:
        code = path.rpartition("/")[2]
        if path.startswith("/avatar/"):
            return _by_code(code, self.avatars) or Answer(404, b"404 Not Found", "text/plain")
        named = {_code(address): name for address, name in self.pages.items()}
        if code not in named:
            return _json({"error": "Profile not found", "code": "not_found"}, 404)
        shown = {
            "hash": code,
            "display_name": named[code],
            "profile_url": f"https://gravatar.com/{named[code].replace(' ', '').lower()}",
            "avatar_url": f"https://0.gravatar.com/avatar/{code}",
            "verified_accounts": [],
        }
        return Answer(
            200, json.dumps(shown).encode(), headers={"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "98"}
        )

    def _libravatar(self, seen: Seen, path: str) -> Answer:
        found = _by_code(path.rpartition("/")[2], self.libravatars)
        if found is None and self.sent_on:
            return Answer(302, b"", "text/html", {"Location": self.sent_on})
        return found or Answer(404, b"", "text/plain")

    def _github(self, seen: Seen, path: str) -> Answer:
        if "user-agent" not in seen.headers:
            return Answer(403, b"Request forbidden by administrative rules.", "text/html")
        login, shown = self._named("github", path.removeprefix("/users/"))
        if login is None:
            return _json(
                {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}, 404
            )
        return _json(
            {
                "login": login,
                "id": 4711,
                "avatar_url": _picture_of(seen, login),
                "html_url": f"https://github.com/{login}",
                "name": shown,
                "company": None,
                "public_repos": 3,
                "created_at": "2020-01-01T00:00:00Z",
            }
        )

    def _bluesky(self, seen: Seen, path: str) -> Answer:
        actor = parse_qs(urlsplit(seen.path).query)["actor"][0]
        handle, shown = self._named("bluesky", actor)
        if path != "/xrpc/app.bsky.actor.getProfile" or handle is None:
            return _json({"error": "InvalidRequest", "message": "Profile not found"}, 400)
        found: dict[str, Any] = {
            "did": "did:plc:abc4711",
            "handle": handle,
            "displayName": shown,
            "postsCount": 3,
            "labels": [],
        }
        if handle in self.pictures:
            found["avatar"] = _picture_of(seen, handle)
        if handle in self.looks_away:
            found["labels"] = [
                {"src": "did:plc:abc4711", "uri": "at://x", "val": "!no-unauthenticated", "cts": "2026-01-01"}
            ]
        return _json(found)

    def _mastodon(self, seen: Seen, path: str) -> Answer:
        is_shared = ":" in seen.host  # one server on loopback for all: the path begins with the server's name
        server, _, rest = path.removeprefix("/").partition("/") if is_shared else (seen.host, "", path[1:])
        if rest != "api/v1/accounts/lookup":
            return Answer(404, b"<!DOCTYPE html><title>Not here</title>", "text/html")
        if server in self.closed:
            return _json({"error": "This method requires an authenticated user"}, 401)
        name, shown = self._named("mastodon", f"{parse_qs(urlsplit(seen.path).query)['acct'][0]}@{server}")
        if name is None:
            return _json({"error": "Record not found"}, 404)
        user = name.partition("@")[0]
        missing = f"https://{server}/avatars/original/missing.png"
        picture = _picture_of(seen, name) if name in self.pictures else missing
        return _json(
            {
                "id": "1",
                "username": user,
                "acct": user,
                "display_name": shown,
                "url": f"https://{server}/@{user}",
                "avatar": picture,
                "avatar_static": picture,
                "header": f"https://{server}/headers/original/missing.png",
                "note": "<p>Hello</p>",
            }
        )

    def _keybase(self, seen: Seen, path: str) -> Answer:
        asked = parse_qs(urlsplit(seen.path).query)["usernames"][0]
        if not re.fullmatch("[a-z0-9_]{2,16}", asked):
            return _json({"status": {"code": 100, "name": "INPUT_ERROR", "desc": "bad username"}})
        name, shown = self._named("keybase", asked)
        if name is None:
            return _json({"status": {"code": 0, "name": "OK"}, "them": [None]})
        them: dict[str, Any] = {
            "id": "00",
            "basics": {"username": name},
            "profile": {"full_name": shown},
            "pictures": {},
        }
        if name in self.pictures:
            them["pictures"] = {"primary": {"url": _picture_of(seen, name), "source": None}}
        return _json({"status": {"code": 0, "name": "OK"}, "them": [them]})

    def _named(self, source_id: str, asked: str) -> tuple[str | None, str]:
        for name, shown in self.names.get(source_id, {}).items():
            if name.casefold() == unquote(asked).casefold():
                return name, shown
        return None, ""


def _picture_of(seen: Seen, name: str) -> str:
    """Beside the service on loopback; else at the host that the service keeps pictures at."""
    if ":" in seen.host:
        return f"http://{seen.host}/pictures/{name}"
    return f"https://{PICTURE_HOSTS.get(seen.host, seen.host)}/pictures/{name}"


def _code(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()


def _by_code(code: str, known: dict[str, bytes]) -> Answer | None:
    found = {_code(address): content for address, content in known.items()}.get(code)
    return None if found is None else Answer(200, found, "image/jpeg")


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode(), "application/json; charset=utf-8")
