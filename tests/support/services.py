"""The outside services, as their documentation describes them, on real HTTP servers on loopback.

Every answer here was written for this project after the services' public documentation. ::

    with Services(Scenario(leaks={"a@b.example.org": ["Adobe"]})) as services:
        settings = NetSettings("PrivacyGuard/test", services.base_urls(), services.resolve())
        ...
        assert [seen.path for seen in services.requests] == [...]
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.fakes.archives import Archive
from tests.support.fakes.facecheck import FaceSearch
from tests.support.fakes.leaks import BY_NAME, LEAKS, TEST_ACCOUNTS, TEST_DOMAIN, TEST_PASTES, shown
from tests.support.fakes.named_site import NamedSite
from tests.support.fakes.profiles import PROFILE_SOURCES, Accounts
from tests.support.fakes.searches import SEARCH_SOURCES, Searches
from tests.support.fakes.user_name_sites import UserNameSites
from tests.support.servers import Answer, Seen, Server

HIBP_KEY = "5d81c0e7f2a94b36b07a6c1fe4952d83"
HIBP_TEST_KEY = "00000000000000000000000000000000"
VISION_KEY = "AIzaSy-invented-for-tests-000000000000"
PICTURE_HOST = "pictures.running-club.example"

__all__ = ["HIBP_KEY", "HIBP_TEST_KEY", "LEAKS", "PICTURE_HOST", "TEST_DOMAIN", "VISION_KEY", "Scenario", "Services"]


LEAKCHECK_FIELDS = {"Usernames": "username", "Passwords": "password", "Names": "first_name", "Dates of birth": "dob"}
CORE_PLAN = {"SubscriptionName": "Core 1", "Description": "The smallest plan.", "Rpm": 10, "IncludesKAnon": False}
PRO_PLAN = {"SubscriptionName": "Pro 1", "Description": "With k-anonymity.", "Rpm": 1000, "IncludesKAnon": True}


@dataclass
class Scenario:
    """What the services know, to be changed at any time.

    ``leaks``: address to the names of its leaks (:data:`LEAKS`); ``avatars``: address to picture bytes; ``pictures``: path to
    picture bytes on the picture host; ``vision``: the web detection that every photo gets; ``broken``: source id to the
    answer that it gives whatever is asked (``hibp-search``: hibp, but what its plan is); ``catalogue``: the public list;
    ``is_subscribed``: whether the plan behind :data:`HIBP_KEY` is paid; ``plan``: what it is (:data:`CORE_PLAN`,
    :data:`PRO_PLAN`); ``pastes``: address to texts on public pages; ``passwords``: password to how often it leaked;
    ``archive``: old copies of pages; ``accounts``: profiles on sites; ``searches``: by name and by photo;
    ``faces``: by face; ``site``: the one that the person named;
    ``listed``: those on the list of sites, and the list.
    """

    leaks: dict[str, list[str]] = field(default_factory=dict)
    avatars: dict[str, bytes] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    vision: dict[str, Any] = field(default_factory=dict)
    broken: dict[str, Answer] = field(default_factory=dict)
    catalogue: list[dict[str, Any]] = field(default_factory=lambda: list(LEAKS))
    is_subscribed: bool = True
    pastes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=lambda: dict(CORE_PLAN))
    passwords: dict[str, int] = field(default_factory=dict)
    archive: Archive = field(default_factory=Archive)
    accounts: Accounts = field(default_factory=Accounts)
    searches: Searches = field(default_factory=Searches)
    faces: FaceSearch = field(default_factory=FaceSearch)
    site: NamedSite = field(default_factory=NamedSite)
    listed: UserNameSites = field(default_factory=UserNameSites)


class Services:
    """All services of a scenario; ``requests``: what they saw, in order."""

    def __init__(self, scenario: Scenario | None = None) -> None:
        self.scenario = scenario or Scenario()
        self.requests: list[Seen] = []
        self._answers: dict[str, Callable[[Seen], Answer]] = {
            "hibp": self._hibp,
            "xposedornot": self._xposedornot,
            "leakcheck": self._leakcheck,
            "passwords": self._passwords,
            "google-vision": self._vision,
            "wayback": self._wayback,
            **{name: self._profiles(name) for name in PROFILE_SOURCES},
            **{name: self._searches(name) for name in SEARCH_SOURCES},
            "facecheck": self._facecheck,
            "pages": self._site,
            "whatsmyname": self._listed,
            "pictures": self._pictures,
        }
        self._servers = {name: Server(self._noted(answer)) for name, answer in self._answers.items()}

    def _noted(self, answer: Callable[[Seen], Answer]) -> Callable[[Seen], Answer]:
        def noted(seen: Seen) -> Answer:
            self.requests.append(seen)
            return answer(seen)

        return noted

    def __enter__(self) -> "Services":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all servers, at the same time: each looks only now and then whether it is to end."""
        closing = [threading.Thread(target=server.close) for server in self._servers.values()]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join()

    def requests_of(self, name: str) -> list[Seen]:
        """What one of them saw, by source id; the picture host's under ``pictures``."""
        return self._servers[name].requests

    def answered(self, source_id: str, seen: Seen) -> Answer:
        """What the service of a source answers to a request, without noting it."""
        return self._answers["hibp" if source_id == "catalogue" else source_id](seen)

    def base_urls(self) -> dict[str, str]:
        """The base address of each source on this computer."""
        return {
            "catalogue": f"{self._servers['hibp'].url}/api/v3",
            "hibp": f"{self._servers['hibp'].url}/api/v3",
            "xposedornot": self._servers["xposedornot"].url,
            "leakcheck": self._servers["leakcheck"].url,
            "passwords": self._servers["passwords"].url,
            **{name: self._servers[name].url for name in (*PROFILE_SOURCES, *SEARCH_SOURCES)},
            "google-vision": self._servers["google-vision"].url,
            "facecheck": self._servers["facecheck"].url,
            "wayback": self._servers["wayback"].url,
            "whatsmyname": self._servers["whatsmyname"].url,
        }

    def resolve(self) -> dict[str, str]:
        """Where the picture host and the named site are on this computer, for ``[net] resolve``."""
        servers = {PICTURE_HOST: "pictures", self.scenario.site.host: "pages"}
        return {host: f"127.0.0.1:{self._servers[name].port}" for host, name in servers.items()}

    def settings_toml(self, on: tuple[str, ...] = ()) -> str:
        """A settings file that points every source here and switches some on."""
        parts = []
        for name, url in self.base_urls().items():
            switch = "on = true\n" if name in on else ""
            parts.append(f'[sources.{name}]\n{switch}base_url = "{url}"\n')
        parts += [f"[sources.{name}]\non = true\n" for name in on if name not in self.base_urls()]
        places = ", ".join(f'"{host}" = "{place}"' for host, place in self.resolve().items())
        return "\n".join([*parts, f"[net]\nresolve = {{ {places} }}\n"])

    def picture_address(self, path: str) -> str:
        """The address of ``scenario.pictures[path]``."""
        return f"http://{PICTURE_HOST}/{path}"

    def _hibp(self, seen: Seen) -> Answer:
        if "user-agent" not in seen.headers:
            return Answer(403, b"API request must include a user agent", "text/plain")
        path = urlsplit(seen.path).path.removeprefix("/api/v3")
        if path in {"/breaches", "/latestbreach"}:
            return self._catalogue(path)
        if "hibp" in self.scenario.broken:
            return self.scenario.broken["hibp"]
        if "hibp-search" in self.scenario.broken and path != "/subscription/status":
            return self.scenario.broken["hibp-search"]
        key = seen.headers.get("hibp-api-key", "")
        if not re.fullmatch("[0-9a-f]{32}", key):
            return _access_denied("improperly formed" if key else "missing")
        if path == "/subscription/status":
            return self._subscription(key)
        if path.startswith("/breachedaccount/range/"):
            return self._range(path.removeprefix("/breachedaccount/range/"), key)
        kind, _, account = path.removeprefix("/").partition("/")
        if kind not in {"breachedaccount", "pasteaccount"}:
            return _json({"statusCode": 404, "message": "Not found."}, 404)
        account = unquote(account).strip().lower()
        local, _, domain = account.partition("@")
        # Any well-formed key is a test key, good for the test accounts alone.
        if domain != TEST_DOMAIN and key != HIBP_KEY:
            return _access_denied("invalid")
        is_test = domain == TEST_DOMAIN
        if kind == "pasteaccount":
            pastes = TEST_PASTES.get(local, []) if is_test else self.scenario.pastes.get(account, [])
            return _json(pastes) if pastes else Answer(404, b"", "")
        leaks = shown(TEST_ACCOUNTS.get(local, []) if is_test else self.scenario.leaks.get(account, []))
        if not leaks:
            return Answer(404, b"", "")
        is_full = parse_qs(urlsplit(seen.path).query).get("truncateResponse") == ["false"]
        return _json(leaks if is_full else [{"Name": each["Name"]} for each in leaks])

    def _range(self, prefix: str, key: str) -> Answer:
        if key != HIBP_KEY:
            return _access_denied("invalid")
        if not self.scenario.plan["IncludesKAnon"]:
            return Answer(403, b"Your HIBP API key does not have access to this resource", "text/plain")
        if not re.fullmatch("[0-9A-Fa-f]{6}", prefix):
            return Answer(400, b"Invalid hex prefix", "text/plain")
        known = {f"{local}@{TEST_DOMAIN}": names for local, names in TEST_ACCOUNTS.items()} | self.scenario.leaks
        entries = []
        for address, names in known.items():
            code = hashlib.sha1(address.encode()).hexdigest().upper()
            sites = [each["Name"] for each in shown(names)]
            if code.startswith(prefix.upper()) and sites:
                entries.append({"hashSuffix": code[6:], "websites": sites})
        if not entries:
            return Answer(404, b"There are no hashes beginning with that prefix", "text/plain")
        # Other people's endings, as in the real answer.
        others = [hashlib.sha1(f"{prefix}{n}".encode()).hexdigest().upper()[6:] for n in range(200)]
        return _json([{"hashSuffix": ending, "websites": ["ExampleSite1"]} for ending in others] + entries)

    def _subscription(self, key: str) -> Answer:
        if key != HIBP_KEY:
            return _access_denied("invalid")
        if not self.scenario.is_subscribed:
            return _json({"statusCode": 404, "message": "No active subscription found."}, 404)
        return _json(self.scenario.plan | {"SubscribedUntil": "2027-05-30T00:00:00Z", "MaxBreachedDomains": None})

    def _catalogue(self, path: str) -> Answer:
        if "catalogue" in self.scenario.broken:
            return self.scenario.broken["catalogue"]
        newest = max(self.scenario.catalogue, key=lambda each: (str(each["AddedDate"]), str(each["Name"])))
        return _json(self.scenario.catalogue if path == "/breaches" else newest)

    def _xposedornot(self, seen: Seen) -> Answer:
        if "xposedornot" in self.scenario.broken:
            return self.scenario.broken["xposedornot"]
        parts = urlsplit(seen.path)
        address = unquote(parts.path.removeprefix("/v1/check-email/")).lower()
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
            return _json({"Error": "Not found", "email": None})
        leaks = shown(self.scenario.leaks.get(address, []))
        if not leaks:
            return _json({"Error": "No breaches found", "email": address, "status": "failed"}, 404)
        found: dict[str, Any] = {"breaches": [[each["Name"] for each in leaks]], "email": address, "status": "success"}
        if parse_qs(parts.query).get("details") == ["true"]:
            found["breach_details"] = [_xposedornot_details(each) for each in leaks]
        return _json(found)

    def _leakcheck(self, seen: Seen) -> Answer:
        if "leakcheck" in self.scenario.broken:
            return self.scenario.broken["leakcheck"]
        (asked,) = parse_qs(urlsplit(seen.path).query).get("check", [""])
        known = {hashlib.sha256(a.encode()).hexdigest()[:24]: names for a, names in self.scenario.leaks.items()}
        leaks = [BY_NAME[name] for name in known.get(asked, [])]
        if not leaks:
            return _json({"success": False, "error": "Not found"})
        fields = {LEAKCHECK_FIELDS[each] for leak in leaks for each in leak["DataClasses"] if each in LEAKCHECK_FIELDS}
        named = [{"name": leak["Title"], "date": leak["BreachDate"][:7]} for leak in leaks]
        return _json({"success": True, "found": len(named), "fields": sorted(fields), "sources": named})

    def _passwords(self, seen: Seen) -> Answer:
        if "passwords" in self.scenario.broken:
            return self.scenario.broken["passwords"]
        if "user-agent" not in seen.headers:
            return Answer(403, b"Request must include a user agent", "text/plain")
        prefix = urlsplit(seen.path).path.removeprefix("/range/").upper()
        if not re.fullmatch("[0-9A-F]{5}", prefix):
            return Answer(400, b"The hash prefix was not in a valid format", "text/plain")
        codes = {hashlib.sha1(word.encode()).hexdigest().upper(): n for word, n in self.scenario.passwords.items()}
        lines = [f"{code[5:]}:{count}" for code, count in codes.items() if code.startswith(prefix)]
        lines += [f"{hashlib.sha1(f'{prefix}{n}'.encode()).hexdigest().upper()[5:]}:{n + 1}" for n in range(300)]
        if seen.headers.get("add-padding") == "true":
            lines += [f"{hashlib.sha1(f'{prefix}-{n}'.encode()).hexdigest().upper()[5:]}:0" for n in range(600)]
        return Answer(200, "\r\n".join(sorted(lines)).encode(), "text/plain")

    def _profiles(self, source_id: str) -> Callable[[Seen], Answer]:
        def answer(seen: Seen) -> Answer:
            known = replace(self.scenario.accounts, avatars=self.scenario.avatars)
            return self.scenario.broken.get(source_id) or known.answer(source_id, seen)

        return answer

    def _searches(self, source_id: str) -> Callable[[Seen], Answer]:
        return lambda seen: self.scenario.broken.get(source_id) or self.scenario.searches.answer(source_id, seen)

    def _vision(self, seen: Seen) -> Answer:
        if "google-vision" in self.scenario.broken:
            return self.scenario.broken["google-vision"]
        if seen.headers.get("x-goog-api-key") != VISION_KEY:
            message = "API key not valid. Please pass a valid API key."
            error = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
            return _json({"error": error | {"details": [{"reason": "API_KEY_INVALID"}]}}, 400)
        (asked,) = json.loads(seen.body)["requests"]
        if asked["features"][0]["type"] != "WEB_DETECTION" or not base64.b64decode(asked["image"]["content"]):
            return _json({"responses": [{"error": {"code": 3, "message": "Bad image data."}}]})
        found = self.scenario.vision
        return _json({"responses": [{"webDetection": found} if found else {}]})

    def _facecheck(self, seen: Seen) -> Answer:
        return self.scenario.broken.get("facecheck") or self.scenario.faces.answer(seen)

    def _wayback(self, seen: Seen) -> Answer:
        return self.scenario.broken.get("wayback") or self.scenario.archive.answer(seen)

    def _listed(self, seen: Seen) -> Answer:
        return self.scenario.broken.get("whatsmyname") or self.scenario.listed.answer(seen)

    def _site(self, seen: Seen) -> Answer:
        return self.scenario.broken.get("pages") or self.scenario.site.answer(seen)

    def _pictures(self, seen: Seen) -> Answer:
        content = self.scenario.pictures.get(urlsplit(seen.path).path.removeprefix("/"))
        kind = "text/html" if seen.path.endswith(".html") else "image/jpeg"
        return Answer(200, content, kind) if content is not None else Answer(404, b"", "text/html")


def _xposedornot_details(leak: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": leak["Name"],
        "records_exposed": leak["PwnCount"],
        "description": leak["Description"],
        "breach_date": "",  # the service knows none
        "company": {"name": leak["Domain"], "industry": "", "logo_url": ""},
        "security": {"password_risk": "hardtocrack", "is_searchable": True, "is_verified": leak["IsVerified"]},
        "exposed_data": leak["DataClasses"],
    }


def _access_denied(why: str) -> Answer:
    return _json({"statusCode": 401, "message": f"Access denied due to {why} hibp-api-key."}, 401)


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode(), "application/json; charset=utf-8")
