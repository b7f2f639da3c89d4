"""The outside services, as their documentation describes them, on real HTTP servers on loopback.

Every answer here was written for this project after the services' public documentation; names and leaks are invented, but for
the official test accounts of Have I Been Pwned.
"""

import hashlib
import json
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.servers import Answer, Seen, Server

HIBP_KEY = "0123456789abcdef0123456789abcdef"
HIBP_TEST_KEY = "00000000000000000000000000000000"
VISION_KEY = "AIzaSy-invented-for-tests-000000000000"
PICTURE_HOST = "pictures.running-club.example"
TEST_DOMAIN = "hibp-integration-tests.com"


def leak(name: str, domain: str, classes: list[str], day: str = "2026-05-04", **changes: Any) -> dict[str, Any]:
    """A leak in the form of Have I Been Pwned."""
    fields: dict[str, Any] = {
        "Name": name.replace(" ", ""),
        "Title": name,
        "Domain": domain,
        "BreachDate": day,
        "AddedDate": f"{day}T10:00:00Z",
        "ModifiedDate": f"{day}T10:00:00Z",
        "PwnCount": 474651,
        "Description": f'In 2026, <a href="https://{domain}">{name}</a> left a list <em>open</em>.',
        "LogoPath": f"https://logos.example.org/{name}.png",
        "Attribution": None,
        "DataClasses": classes,
        "IsVerified": True,
        "IsFabricated": False,
        "IsSensitive": False,
        "IsRetired": False,
        "IsSpamList": False,
        "IsMalware": False,
        "IsSubscriptionFree": False,
        "IsStealerLog": False,
    }
    return fields | changes


LEAKS = [
    leak("Adobe", "adobe.com", ["Email addresses", "Password hints", "Passwords", "Usernames"], "2013-10-04"),
    leak("Example Gym", "gym.example.org", ["Email addresses", "Names", "Passwords", "Photos"]),
    leak("Example Club", "club.example.org", ["Biometric data", "Email addresses"], "2026-02-01"),
    leak("Example Shop", "shop.example.org", ["Email addresses", "Physical addresses"], "2019-03-01"),
    leak("Example School", "school.example.org", ["Avatars", "Dates of birth", "Names"], "2025-11-11"),
    leak("Example Dating", "dating.example.org", ["Email addresses", "Private messages"], IsSensitive=True),
    leak("Example List", "", ["Email addresses"], "2024-01-09", IsSpamList=True, IsVerified=False),
    leak("Example Invented", "invented.example.org", ["Email addresses"], IsFabricated=True),
    *(leak(f"Example Site {n}", f"site{n}.example.org", ["Email addresses"], "2020-01-01") for n in range(40)),
]
BY_NAME = {each["Name"]: each for each in LEAKS}
TEST_ACCOUNTS = {
    "account-exists": ["Adobe"],
    "multiple-breaches": ["Adobe", "ExampleGym", "ExampleShop"],
    "not-active-and-active-breach": ["Adobe"],
    "not-active-breach": [],
    "opt-out": [],
    "opt-out-breach": [],
    "permanent-opt-out": [],
    "sensitive-breach": [],
    "spam-list-only": ["ExampleList"],
}


@dataclass
class Scenario:
    """What the services know. ``leaks``: address to leaks' names; ``avatars``: address to picture bytes; ``pictures``: path to
    picture bytes on the picture host; ``vision``: the web detection that every photo gets; ``broken``: source ids that fail."""

    leaks: dict[str, list[str]] = field(default_factory=dict)
    avatars: dict[str, bytes] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    vision: dict[str, Any] = field(default_factory=dict)
    broken: dict[str, Answer] = field(default_factory=dict)


class Services:
    """All services of a scenario; ``requests`` of each by source id, the picture host's under ``pictures``."""

    def __init__(self, scenario: Scenario | None = None) -> None:
        self.scenario = scenario or Scenario()
        answers = {
            "hibp": self._hibp,
            "xposedornot": self._xposedornot,
            "gravatar": self._gravatar,
            "google-vision": self._vision,
            "pictures": self._pictures,
        }
        self._servers = {name: Server(answer) for name, answer in answers.items()}

    def __enter__(self) -> "Services":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        for server in self._servers.values():
            server.close()

    @property
    def requests(self) -> list[Seen]:
        return [seen for server in self._servers.values() for seen in server.requests]

    def requests_of(self, name: str) -> list[Seen]:
        return self._servers[name].requests

    def base_urls(self) -> dict[str, str]:
        return {
            "catalogue": f"{self._servers['hibp'].url}/api/v3",
            "hibp": f"{self._servers['hibp'].url}/api/v3",
            "xposedornot": self._servers["xposedornot"].url,
            "gravatar": self._servers["gravatar"].url,
            "google-vision": self._servers["google-vision"].url,
        }

    def resolve(self) -> dict[str, str]:
        return {PICTURE_HOST: f"127.0.0.1:{self._servers['pictures'].port}"}

    def settings_toml(self, on: tuple[str, ...] = ()) -> str:
        """A settings file that points every source here and switches some on."""
        parts = []
        for name, url in self.base_urls().items():
            switch = "on = true\n" if name in on else ""
            parts.append(f'[sources.{name}]\n{switch}base_url = "{url}"\n')
        host, place = next(iter(self.resolve().items()))
        return "\n".join([*parts, f'[net]\nresolve = {{ "{host}" = "{place}" }}\n'])

    def picture_address(self, path: str) -> str:
        return f"http://{PICTURE_HOST}/{path}"

    def _hibp(self, seen: Seen) -> Answer:
        if "user-agent" not in seen.headers:
            return Answer(403, b"A user agent is required", "text/plain")
        path = urlsplit(seen.path).path.removeprefix("/api/v3")
        if path == "/breaches" or path == "/latestbreach":
            return self._catalogue(path)
        if "hibp" in self.scenario.broken:
            return self.scenario.broken["hibp"]
        key = seen.headers.get("hibp-api-key", "")
        if key not in {HIBP_KEY, HIBP_TEST_KEY}:
            return _json({"statusCode": 401, "message": "Access denied due to invalid hibp-api-key."}, 401)
        if path == "/subscription/status":
            return _json({"SubscriptionName": "Core 1", "Rpm": 10, "IncludesKAnon": False})
        account = unquote(path.removeprefix("/breachedaccount/")).lower()
        local, _, domain = account.partition("@")
        if domain == TEST_DOMAIN:
            names = TEST_ACCOUNTS[local]
        elif key == HIBP_TEST_KEY:
            return _json({"statusCode": 401, "message": "Access denied due to invalid hibp-api-key."}, 401)
        else:
            names = self.scenario.leaks.get(account, [])
        if not names:
            return Answer(404, b"", "application/json")
        full = parse_qs(urlsplit(seen.path).query).get("truncateResponse") == ["false"]
        return _json([BY_NAME[name] if full else {"Name": name} for name in names])

    def _catalogue(self, path: str) -> Answer:
        if "catalogue" in self.scenario.broken:
            return self.scenario.broken["catalogue"]
        newest = max(LEAKS, key=lambda each: str(each["AddedDate"]))
        return _json(LEAKS if path == "/breaches" else newest)

    def _xposedornot(self, seen: Seen) -> Answer:
        if "xposedornot" in self.scenario.broken:
            return self.scenario.broken["xposedornot"]
        address = unquote(urlsplit(seen.path).path.removeprefix("/v1/check-email/"))
        names = self.scenario.leaks.get(address, [])
        if not names:
            return _json({"Error": "No breaches found", "email": address, "status": "failed"}, 404)
        details = [
            {
                "name": name,
                "records_exposed": 1,
                "description": "",
                "breach_date": "",
                "company": {"name": BY_NAME[name]["Domain"], "industry": "", "logo_url": ""},
                "security": {"password_risk": "hardtocrack", "is_searchable": True, "is_verified": True},
                "exposed_data": BY_NAME[name]["DataClasses"],
            }
            for name in names
        ]
        return _json({"breaches": [names], "email": address, "status": "success", "breach_details": details})

    def _gravatar(self, seen: Seen) -> Answer:
        if "gravatar" in self.scenario.broken:
            return self.scenario.broken["gravatar"]
        code = urlsplit(seen.path).path.removeprefix("/avatar/")
        codes = {hashlib.sha256(a.encode()).hexdigest(): content for a, content in self.scenario.avatars.items()}
        if code not in codes:
            return Answer(404, b"404 Not Found", "text/plain")
        return Answer(200, codes[code], "image/jpeg")

    def _vision(self, seen: Seen) -> Answer:
        if "google-vision" in self.scenario.broken:
            return self.scenario.broken["google-vision"]
        if seen.headers.get("x-goog-api-key") != VISION_KEY:
            message = "API key not valid. Please pass a valid API key."
            error = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
            return _json({"error": error | {"details": [{"reason": "API_KEY_INVALID"}]}}, 400)
        found = self.scenario.vision
        return _json({"responses": [{"webDetection": found} if found else {}]})

    def _pictures(self, seen: Seen) -> Answer:
        content = self.scenario.pictures.get(urlsplit(seen.path).path.removeprefix("/"))
        return Answer(200, content, "image/jpeg") if content is not None else Answer(404, b"", "text/html")


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode(), "application/json; charset=utf-8")
