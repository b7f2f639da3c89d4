"""Searches by name and by photo, as their documentation describes them: Brave, SearXNG, SerpApi's Google Lens, TinEye.

Every answer was written for this project after the services' public documentation.
"""

import json
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.servers import Answer, Seen

SEARCH_SOURCES = ("brave", "searxng", "serpapi-lens", "tineye")
BRAVE_KEY = "BSA-invented-for-tests-0000000000"
SERPAPI_KEY = "5e4" + "0a1b2c3d" * 7 + "9f0e1"
TINEYE_KEY = "invented,For=tests^only-000000000000"
SEARCH_KEYS = {"brave": BRAVE_KEY, "serpapi-lens": SERPAPI_KEY, "tineye": TINEYE_KEY}
IMAGE_ID = "image-id-of-these-tests"
LENS_TYPES = ("exact_matches", "visual_matches")
SERPAPI_BYTES = 500_000
NO_RESULTS = "Google hasn't returned any results for this query."
FORBIDDEN = b"<!doctype html>\n<html lang=en>\n<title>403 Forbidden</title>\n<h1>Forbidden</h1>"


@dataclass
class Searches:
    """What they know.

    ``named``: name to the results of Brave; ``gathered``: name to the results of SearXNG; ``silent``: its engines that do
    not answer; ``gives_json``: whether its settings allow that; ``lens``: the entries of each type; ``matches``: TinEye's;
    ``left``: searches that the plans of SerpApi and TinEye still include; ``answers``: part of the path (with the question)
    to the answer that is given there, whatever is asked.
    """

    named: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    gathered: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    silent: list[list[str]] = field(default_factory=list)
    gives_json: bool = True
    lens: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    matches: list[dict[str, Any]] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=lambda: {"serpapi-lens": 250, "tineye": 5000})
    answers: dict[str, Answer] = field(default_factory=dict)

    def answer(self, source_id: str, seen: Seen) -> Answer:
        """What one of them says to a request."""
        for part, given in self.answers.items():
            if part in seen.path:
                return given
        parts = urlsplit(seen.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match source_id:
            case "brave":
                return self._brave(parts.path, asked, seen)
            case "searxng":
                return self._searxng(parts.path, asked)
            case "serpapi-lens":
                return self._serpapi(parts.path, asked, seen)
            case _:
                return self._tineye(parts.path, seen)

    def _brave(self, path: str, asked: dict[str, str], seen: Seen) -> Answer:
        if seen.headers.get("x-subscription-token") != BRAVE_KEY:
            return _brave_error("SUBSCRIPTION_TOKEN_INVALID", "The provided subscription token is invalid.")
        is_asked = 0 < len(asked.get("q", "")) <= 400 and len(asked["q"].split()) <= 50
        is_asked = is_asked and asked.get("safesearch", "strict") in {"off", "strict"}
        if path != "/res/v1/images/search" or not is_asked or not 1 <= int(asked.get("count", 50)) <= 200:
            return _brave_error("VALIDATION", "Unable to validate request parameter(s)")
        results = self.named.get(asked["q"], [])[: int(asked["count"])]
        query = {"original": asked["q"], "spellcheck_off": asked.get("spellcheck") == "false"}
        return _json({"type": "images", "query": query, "results": results, "extra": {"might_be_offensive": False}})

    def _searxng(self, path: str, asked: dict[str, str]) -> Answer:
        if path != "/search":
            return Answer(404, b"<!DOCTYPE html><title>Not here</title>", "text/html")
        if asked.get("format") != "json":
            return Answer(200, b"<!DOCTYPE html><title>SearXNG</title>", "text/html; charset=utf-8")
        if not self.gives_json:
            return Answer(403, FORBIDDEN, "text/html; charset=utf-8")
        found = {"query": asked["q"], "results": self.gathered.get(asked["q"], []), "answers": [], "corrections": []}
        return _json(found | {"infoboxes": [], "suggestions": [], "unresponsive_engines": self.silent})

    def _serpapi(self, path: str, asked: dict[str, str], seen: Seen) -> Answer:
        form = form_in(seen) if seen.body else {}
        if (asked.get("api_key") or form.get("api_key", b"").decode()) != SERPAPI_KEY:
            return _json(
                {"error": "Invalid API key. Your API key should be here: https://serpapi.com/manage-api-key"}, 401
            )
        if path == "/account.json":
            return self._serpapi_account()
        if path == "/image" and seen.method == "POST":
            if not 0 < len(form.get("image", b"")) <= SERPAPI_BYTES:
                return _json({"error": "The image is missing or its size is above 500 KB."}, 400)
            return _json({"image_id": IMAGE_ID})
        if path == "/search.json" and (asked.get("engine"), asked.get("image_id")) == ("google_lens", IMAGE_ID):
            return self._lens(asked)
        return _json({"error": "Unsupported request."}, 400)

    def _serpapi_account(self) -> Answer:
        account = {"account_id": "x", "api_key": SERPAPI_KEY, "account_email": "owner@mail.example.org"}
        left = self.left["serpapi-lens"]
        plan = {"plan_name": "Free Plan", "searches_per_month": 250, "plan_searches_left": left}
        return _json(account | plan | {"extra_credits": 0, "total_searches_left": left, "this_month_usage": 250 - left})

    def _lens(self, asked: dict[str, str]) -> Answer:
        kind = asked.get("type", "")
        if self.left["serpapi-lens"] < 1:
            return _json({"error": "Your account has run out of searches."}, 429)
        self.left["serpapi-lens"] -= 1
        found: dict[str, Any] = {"search_parameters": {"engine": "google_lens", "type": kind}}
        if kind not in LENS_TYPES:
            return _json(found | {"search_metadata": {"id": "x", "status": "Success"}, "ai_overview": {}})
        if not self.lens.get(kind):
            return _json(found | {"search_metadata": {"id": "x", "status": "Error"}, "error": NO_RESULTS})
        return _json(found | {"search_metadata": {"id": "x", "status": "Success"}, kind: self.lens[kind]})

    def _tineye(self, path: str, seen: Seen) -> Answer:
        if seen.headers.get("x-api-key") != TINEYE_KEY:
            return tineye_error(401, "Please provide a valid API key.")
        if path == "/rest/remaining_searches/":
            left = self.left["tineye"]
            times = {"start_date": "2026-03-06 17:10:31 UTC", "expire_date": "2028-03-06 17:10:31 UTC"}
            bundles = [{"remaining_searches": left, **times}] if left else []
            return _enveloped({"bundles": bundles, "total_remaining_searches": left})
        if path != "/rest/search/" or not form_in(seen).get("image_upload"):
            return tineye_error(400, "Please supply an image or a URL for searching.")
        if self.left["tineye"] < 1:
            return tineye_error(402, "You have no more searches available. Please purchase another bundle.")
        self.left["tineye"] -= 1
        return _enveloped({"matches": self.matches})


def form_in(seen: Seen) -> dict[str, bytes]:
    """The fields and files of a form (multipart/form-data)."""
    head = f"Content-Type: {seen.headers.get('content-type', '')}\r\n\r\n".encode()
    message = message_from_bytes(head + seen.body)
    found: dict[str, bytes] = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content
    return found


def file_names_in(seen: Seen) -> list[str | None]:
    """The names that the files of a form are given."""
    head = f"Content-Type: {seen.headers.get('content-type', '')}\r\n\r\n".encode()
    return [part.get_filename() for part in message_from_bytes(head + seen.body).walk() if part.get_filename()]


def brave_result(picture: str | None, page: str, title: str = "A page", **changes: Any) -> dict[str, Any]:
    """One result of Brave."""
    return {
        "type": "image_result",
        "title": title,
        "url": page,
        "source": "example.com",
        "page_fetched": "2025-07-01T12:00:00Z",
        "thumbnail": {"src": "https://imgs.search.brave.com/x"},
        "properties": {"placeholder": "https://imgs.search.brave.com/y"} | ({"url": picture} if picture else {}),
        "meta_url": {"hostname": "example.com"},
        "confidence": "high",
    } | changes


def searxng_result(picture: str, page: str, title: str = "A page", **changes: Any) -> dict[str, Any]:
    """One result of SearXNG."""
    return {
        "url": page,
        "title": title,
        "content": "",
        "img_src": picture,
        "thumbnail_src": "",
        "resolution": "1920 x 1080",
        "img_format": "JPG",
        "template": "images.html",
        "engine": "bing images",
        "engines": ["bing images"],
        "positions": [1],
        "score": 1.0,
        "category": "images",
        "publishedDate": None,
    } | changes


def lens_entry(page: str, title: str = "Example page", **changes: Any) -> dict[str, Any]:
    """One entry of Google Lens; one of ``visual_matches`` names its picture as ``image``."""
    return {
        "position": 1,
        "title": title,
        "source": "Example",
        "source_icon": "https://serpapi.com/searches/x/images/i.png",
        "link": page,
        "thumbnail": "https://serpapi.com/searches/x/images/t.jpeg",
    } | changes


def tineye_match(places: list[tuple[str, str]], **changes: Any) -> dict[str, Any]:
    """One match of TinEye, found at these places: the picture's address and the page's."""
    return {
        "image_url": "https://img.tineye.com/result/0f1e84b7",
        "domain": "example.com",
        "top_level_domain": "example.com",
        "score": 88.9,
        "width": 400,
        "height": 300,
        "size": 50734,
        "filesize": 195840,
        "format": "JPEG",
        "overlay": "overlay/x/y",
        "query_hash": "dca08fc6",
        "tags": [],
        "backlinks": [{"url": url, "backlink": page, "crawl_date": "2012-06-30"} for url, page in places],
    } | changes


def tineye_error(code: int, *messages: str, status: int | None = None) -> Answer:
    """An error of TinEye, by default with its code as the status too."""
    return _json({"code": code, "messages": list(messages), "results": [], "stats": {}}, status or code)


def _enveloped(results: object) -> Answer:
    stats = {"timestamp": "1490029747.12", "query_time": "1.18", "total_backlinks": 1, "total_results": 1}
    return _json({"code": 200, "messages": [], "stats": stats, "results": results})


def _brave_error(code: str, detail: str) -> Answer:
    return _json({"type": "ErrorResponse", "error": {"id": "x", "status": 422, "code": code, "detail": detail}}, 422)


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode(), "application/json; charset=utf-8")
