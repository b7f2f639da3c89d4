"""FaceCheck.ID as its published description (v1.02) says it is: credits, uploading, a search in steps, erasing.

Every answer was written for this project after that description. Errors come with status 200; the description names none, so
their words here are invented.
"""

import base64
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.fakes.searches import form_in
from tests.support.servers import Answer, Seen

FACECHECK_KEY = "invented/for+these/tests+only/0000000000000000000="
SEARCH_ID = "3vdi8t-s_8DAAA7D5E784616"


@dataclass
class FaceSearch:
    """What it knows and how it is.

    ``found``: address of a page and the small picture that it shows for it, the most alike first; ``credits``: of the person;
    ``steps``: questions until a search is done; ``kept``: photos that it has, by number; ``broken``: part of the path to the
    answer that is given there.
    """

    found: list[tuple[str, bytes]] = field(default_factory=list)
    credits: int = 30
    is_online: bool = True
    steps: int = 1
    kept: dict[str, bytes] = field(default_factory=dict)
    broken: dict[str, Answer] = field(default_factory=dict)
    asked: int = 0

    def answer(self, seen: Seen) -> Answer:
        """What it says to a request."""
        parts = urlsplit(seen.path)
        for path, given in self.broken.items():
            if path in parts.path:
                return given
        if seen.headers.get("authorization") != FACECHECK_KEY:
            return told(error="The token is not known.", code="WRONG_TOKEN")
        if seen.method != "POST":
            return Answer(405, b"", "")
        match parts.path:
            case "/api/info":
                return self._info()
            case "/api/upload_pic":
                return self._upload(seen)
            case "/api/search":
                return self._search(json.loads(seen.body))
            case "/api/delete_pic":
                return self._delete(parse_qs(parts.query))
            case _:
                return Answer(404, b"", "")

    def _info(self) -> Answer:
        can_search = self.credits >= 3
        counts = {"faces": 212417831, "remaining_credits": self.credits}
        return answered(counts | {"has_credits_to_search": can_search, "is_online": self.is_online})

    def _upload(self, seen: Seen) -> Answer:
        photo = form_in(seen).get("images", b"")
        if not photo:
            return told(error="No picture came.", code="NO_PICTURE")
        number = f"p{len(self.kept) + 1}"
        self.kept[number] = photo
        return told(id_search=SEARCH_ID, message="uploaded", input=[an_input(number)])

    def _search(self, asked: dict[str, Any]) -> Answer:
        if asked["id_search"] != SEARCH_ID or not self.kept:
            return told(error="There is no such search.", code="NO_SEARCH")
        self.asked += 1
        if self.asked < self.steps:
            return told(id_search=SEARCH_ID, message="searching", progress=100 * self.asked // self.steps)
        self.credits -= 0 if asked["demo"] else 3
        items = [a_result(page, picture, number) for number, (page, picture) in enumerate(self.found)]
        return told(id_search=SEARCH_ID, message="done", progress=100, output=an_output(items, demo=asked["demo"]))

    def _delete(self, asked: dict[str, list[str]]) -> Answer:
        if asked.get("id_search") != [SEARCH_ID] or asked.get("id_pic", [""])[0] not in self.kept:
            return told(error="There is no such picture.", code="NO_PICTURE")
        del self.kept[asked["id_pic"][0]]
        return told(id_search=SEARCH_ID, message="removed", input=[an_input(number) for number in self.kept])


def told(**fields: Any) -> Answer:
    """Its envelope with these fields."""
    names = ("id_search", "message", "progress", "error", "code", "input", "output")
    return answered(dict.fromkeys(names) | fields)


def answered(value: object) -> Answer:
    """This as JSON."""
    return Answer(200, json.dumps(value).encode())


def an_input(number: str) -> dict[str, object]:
    """One photo of a search."""
    return {"base64": "data:image/webp;base64,AAAA", "id_pic": number, "url_source": None, "svg_anim": None}


def a_result(page: object, picture: bytes, number: int = 0, **changes: Any) -> dict[str, Any]:
    """One result."""
    small = f"data:image/webp;base64,{base64.b64encode(picture).decode()}"
    return {"guid": "g", "score": 87, "group": 0, "base64": small, "url": page, "index": number, "indexDB": 1} | changes


def an_output(items: object, **changes: Any) -> dict[str, Any]:
    """The end of a search."""
    return {"items": items, "max_score": 87, "searchedFaces": 212417831, "demo": False} | changes
