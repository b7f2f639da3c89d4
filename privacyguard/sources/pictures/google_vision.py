"""Google Vision web detection: pages that show the same picture. Own key, and a photo that the person sends each time.

API: https://docs.cloud.google.com/vision/docs/detecting-web (read 2026-09-20). It finds the same picture, not faces. Pictures
that only resemble the scene come too, at most ten for a photo: they say nothing by themselves, and count only where the
comparison of faces on this computer says so.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from privacyguard.errors import CodeRefused, PhotoMissing, ServiceDown, SourceError, TooManyRequests, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.picture import Candidate
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.reading import a_list, a_text, an_address, an_object, objects

BASE_URL = "https://vision.googleapis.com"
RESULTS = 50
PICTURES_AT_MOST = 60
"""Of one run: each is fetched from a place of its own, and looked at here."""
SIMILAR_AT_MOST = 10
MATCHES_AT_MOST = 1000
"""Entries of one list in a reply; more is not the agreed form."""


class GoogleVision:
    """Sends a photo and names the pictures on the web that are the same."""

    info = SourceInfo(
        id="google-vision",
        name="Google Vision",
        theme=Theme.PICTURES,
        finds=N_("Pages that show the same picture as the one you send."),
        accepts=frozenset(),
        hosts=frozenset({"vision.googleapis.com"}),
        discloses=N_("a photo that you choose, and your code"),
        cost=N_(
            "You need a code of your own and a bank card there."
            " In September 2026 the first 1,000 photos a month were free, then 3.50 dollars for 1,000."
        ),
        needs_key=True,
        terms_url="https://cloud.google.com/vision/docs/data-usage",
        key_url="https://console.cloud.google.com/apis/credentials",
        sends_pictures=True,
        fetches_pictures=True,
        keeps=N_("It says that it looks at the photo in memory only, keeps none, and does not learn from it."),
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The pictures that the service names for each photo, as addresses, each once.

        Raises:
            PhotoMissing: nothing to ask with; that is no "nothing found".
        """
        if not query.photos:
            raise PhotoMissing(self.info.id)
        seen: set[str | None] = set()
        for photo in query.photos:
            reply = gateway.post(
                f"{self.base_url}/v1/images:annotate",
                json=_request(photo),
                what=N_("a photo that you chose, and your code"),
                purpose=N_("search for the same picture"),
                secret_headers={"X-Goog-Api-Key": gateway.api_key},
            )
            _refuse_errors(reply)
            for candidate in parse(reply.json()):
                if candidate.address not in seen and len(seen) < PICTURES_AT_MOST:
                    seen.add(candidate.address)
                    yield candidate


def parse(untrusted: object) -> list[Candidate]:
    """The pictures in a reply, each address once: on pages first, then by themselves, then those that only resemble it.

    Raises:
        SourceError: an error inside the reply, or not the agreed form. A reply without matches is an empty list.
    """
    replies = a_list(an_object(untrusted).get("responses"), 16)
    if len(replies) != 1:
        raise UnexpectedReply("not one reply for one photo")
    answer = an_object(replies[0])
    if "error" in answer:
        raise _inner_error(an_object(answer["error"]))
    if not answer:  # the documented way of saying "no match"
        return []
    found = an_object(answer.get("webDetection"))
    candidates: list[Candidate] = []
    for page in objects(found, "pagesWithMatchingImages", MATCHES_AT_MOST):
        shown_on, title = an_address(page.get("url")), a_text(page.get("pageTitle", ""))
        candidates += [Candidate(address=address, page=shown_on, title=title) for address in _same(page)]
    candidates += [Candidate(address=address) for address in _same(found)]
    similar = _addresses(found, "visuallySimilarImages")[:SIMILAR_AT_MOST]
    candidates += [Candidate(address=address) for address in similar]
    first = {candidate.address: candidate for candidate in reversed(candidates)}
    return [candidate for candidate in candidates if first[candidate.address] is candidate]


def _same(found: dict[str, Any]) -> list[str]:
    return _addresses(found, "fullMatchingImages") + _addresses(found, "partialMatchingImages")


def _addresses(found: dict[str, Any], name: str) -> list[str]:
    """The addresses in a list of pictures; one that is none is left out, for there is nothing to fetch."""
    named = [an_address(each.get("url")) for each in objects(found, name, MATCHES_AT_MOST)]
    return [address for address in named if address is not None]


def _request(photo: bytes) -> dict[str, object]:
    return {
        "requests": [
            {
                "image": {"content": b64encode(photo).decode("ascii")},
                "features": [{"type": "WEB_DETECTION", "maxResults": RESULTS}],
            }
        ]
    }


def _inner_error(error: dict[str, Any]) -> SourceError:
    """The error that stands inside a reply with status 200; its codes are those of google.rpc.Code."""
    code = error.get("code")
    if code in (7, 16):
        return CodeRefused(f"inner code {code}")
    if code == 8:
        return TooManyRequests()
    return ServiceDown("inner code 14") if code == 14 else UnexpectedReply("the service could not read the photo")


def _refuse_errors(reply: Reply) -> None:
    if reply.status == 200:
        return
    error = an_object(an_object(reply.json()).get("error"))
    reasons = {each.get("reason") for each in objects(error, "details", 100) if isinstance(each.get("reason"), str)}
    # 403: the service is not switched on for this code, is not paid for, or the code is not for it.
    if reply.status in {401, 403} or "API_KEY_INVALID" in reasons:
        raise CodeRefused(str(reply.status))
    raise UnexpectedReply(f"status {reply.status}")
