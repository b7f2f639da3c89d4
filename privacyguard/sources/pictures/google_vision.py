"""Google Vision web detection: pages that show the same picture. Own key, and a photo that the person sends each time.

API: https://docs.cloud.google.com/vision/docs/detecting-web (read 2026-09-20). It finds the same picture, not faces; pictures
that only resemble it come too, at most ten, because every picture is compared here before it counts.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any

from privacyguard.errors import CodeRefused, TooManyRequests, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.picture import Candidate
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.reading import a_list, a_text, an_object

BASE_URL = "https://vision.googleapis.com"
RESULTS = 50
PICTURES_AT_MOST = 60
SIMILAR_AT_MOST = 10


class GoogleVision:
    """Sends a photo and looks at the pictures that it names."""

    info = SourceInfo(
        id="google-vision",
        name="Google Vision",
        theme=Theme.PICTURES,
        finds=N_("Pages that show the same picture as the one you send."),
        accepts=frozenset(),
        hosts=frozenset({"vision.googleapis.com"}),
        discloses=N_("a photo that you choose, and your code"),
        cost=N_("You need a code of your own. The first 1,000 photos a month were free when we last looked."),
        needs_key=True,
        terms_url="https://cloud.google.com/vision/docs/data-usage",
        key_url="https://console.cloud.google.com/apis/credentials",
        sends_pictures=True,
        fetches_pictures=True,
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The pictures that the service names for each photo, as addresses, each once."""
        seen: set[str] = set()
        for photo in query.photos:
            reply = gateway.post(
                f"{self.base_url}/v1/images:annotate",
                json=_request(photo),
                what=N_("a photo that you chose"),
                purpose=N_("search for the same picture"),
                secret_headers={"X-Goog-Api-Key": gateway.api_key},
            )
            _refuse_errors(reply)
            for candidate in parse(reply.json()):
                if candidate.address not in seen and len(seen) < PICTURES_AT_MOST:
                    seen.add(candidate.address or "")
                    yield candidate


def parse(untrusted: object) -> list[Candidate]:
    """The pictures in a reply: on pages first, then by themselves, then those that only resemble it.

    Raises:
        UnexpectedReply: an error inside the reply, or not the agreed form. A reply without matches is an empty list.
    """
    replies = a_list(an_object(untrusted).get("responses"), 16)
    if len(replies) != 1:
        raise UnexpectedReply("not one reply for one photo")
    answer = an_object(replies[0])
    if "error" in answer:
        raise UnexpectedReply("the service could not read the photo")
    found = an_object(answer.get("webDetection") or {})
    candidates: list[Candidate] = []
    for page in _objects(found.get("pagesWithMatchingImages")):
        shown_on = a_text(page.get("url"), 2048)
        title = a_text(page.get("pageTitle") or "")
        images = [*_objects(page.get("fullMatchingImages")), *_objects(page.get("partialMatchingImages"))]
        candidates += [Candidate(address=a_text(i.get("url"), 2048), page=shown_on, title=title) for i in images]
    alone = [*_objects(found.get("fullMatchingImages")), *_objects(found.get("partialMatchingImages"))]
    alone += _objects(found.get("visuallySimilarImages"))[:SIMILAR_AT_MOST]
    candidates += [Candidate(address=a_text(i.get("url"), 2048)) for i in alone]
    return list(_each_address_once(candidates))


def _request(photo: bytes) -> dict[str, object]:
    return {
        "requests": [
            {
                "image": {"content": b64encode(photo).decode("ascii")},
                "features": [{"type": "WEB_DETECTION", "maxResults": RESULTS}],
            }
        ]
    }


def _refuse_errors(reply: Reply) -> None:
    if reply.status == 200:
        return
    error = an_object(an_object(reply.json()).get("error") or {})
    if reply.status in {401, 403} or "API key" in str(error.get("message", "")):
        raise CodeRefused(str(reply.status))
    if reply.status == 429:
        raise TooManyRequests
    raise UnexpectedReply(f"status {reply.status}")


def _objects(untrusted: object) -> list[dict[str, Any]]:
    return [an_object(each) for each in a_list(untrusted or [], 1000)]


def _each_address_once(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    seen: set[str | None] = set()
    for candidate in candidates:
        if candidate.address and candidate.address not in seen:
            seen.add(candidate.address)
            yield candidate
