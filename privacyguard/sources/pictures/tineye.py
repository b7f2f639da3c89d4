"""TinEye: pages that show the same picture, also changed ones. Own key, and a photo that the person sends each time.

API: https://services.tineye.com/developers/tineyeapi (read 2026-07), errors: https://help.tineye.com/article/293. It finds
copies of a picture, not faces. Before a photo is sent, it is asked whether the code counts and has searches left.
"""

from collections.abc import Iterator
from typing import Any

from privacyguard.errors import CodeRefused, ServiceDown, SourceError, TooManyRequests, UnexpectedReply
from privacyguard.i18n import N_, ngettext
from privacyguard.model.picture import Candidate
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Attachment, Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.named import (
    CreditUsedUp,
    Named,
    PhotoNotTaken,
    address_in,
    of_each,
    photos_of,
    text_in,
)
from privacyguard.sources.reading import a_count, a_list, a_text, an_object, objects

BASE_URL = "https://api.tineye.com"
PHOTO_BYTES = 20_000_000
"""What its own page takes; the API names no size."""
MATCHES, PLACES = "100", "20"
"""Asked for: the matches of a photo, and the places on the web of each."""
MATCHES_AT_MOST, PLACES_AT_MOST = 1000, 10_000
"""Entries in a reply; more is not the agreed form."""


class TinEye:
    """Sends a photo and names the pictures on the web that are the same."""

    info = SourceInfo(
        id="tineye",
        name="TinEye",
        theme=Theme.PICTURES,
        finds=N_("Pages that show the same picture as the one you send, also when it was changed."),
        accepts=frozenset(),
        hosts=frozenset({"api.tineye.com"}),
        discloses=N_("a photo that you choose, and your code"),
        cost=N_("You need a code of your own. In September 2026 the smallest pack had 5,000 searches for 200 dollars."),
        needs_key=True,
        terms_url="https://services.tineye.com/terms",
        key_url="https://services.tineye.com/TinEyeAPI",
        sends_pictures=True,
        fetches_pictures=True,
        limits=(Limit(30, 60.0),),
        keeps=N_("It says that it never keeps the photo and adds it to no list."),
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The pictures that the service names for each photo, each once, the most alike first.

        Raises:
            PhotoMissing: nothing to ask with; that is no "nothing found".
            CreditUsedUp, PhotoTooLarge: nothing was sent.
        """
        photos = photos_of(query, self.info.id, PHOTO_BYTES)
        if self._searches_left(gateway) < len(photos):
            raise CreditUsedUp("none left")
        yield from of_each(photos, lambda photo: self._asked(photo, gateway), gateway)

    def test_key(self, gateway: Gateway) -> str:
        """How many searches the code has left, in words."""
        left = self._searches_left(gateway)
        return ngettext("{count} search left.", "{count} searches left.", left).format(count=f"{left:,}")

    def _searches_left(self, gateway: Gateway) -> int:
        reply = gateway.get(
            f"{self.base_url}/rest/remaining_searches/",
            what=N_("your code"),
            purpose=N_("to learn what your code includes"),
            secret_headers={"x-api-key": gateway.api_key},
        )
        return a_count(results_of(reply).get("total_remaining_searches"), 10**12)

    def _asked(self, photo: bytes, gateway: Gateway) -> list[Named]:
        reply = gateway.post_form(
            f"{self.base_url}/rest/search/",
            files=[("image_upload", Attachment("photo.jpg", "image/jpeg", photo))],
            fields={"offset": "0", "limit": MATCHES, "backlink_limit": PLACES, "sort": "score", "order": "desc"},
            what=N_("a photo that you chose, and your code"),
            purpose=N_("search for the same picture"),
            secret_headers={"x-api-key": gateway.api_key},
        )
        return parse(results_of(reply))


def results_of(reply: Reply) -> dict[str, Any]:
    """What stands in the envelope of a reply.

    Raises:
        SourceError: the error that the envelope or the status names, or not the agreed form.
    """
    envelope = an_object(reply.json())
    if reply.status == 200 and envelope.get("code") == 200:
        return an_object(envelope.get("results"))
    messages = [a_text(each) for each in a_list(envelope.get("messages", []), 100)]
    code = envelope.get("code") if reply.status == 200 else reply.status
    raise _error(code, " ".join(messages).casefold())


def parse(found: dict[str, Any]) -> list[Named]:
    """Each place of each match; a match without one is the service's own small copy, whose title says on which site it was.

    Raises:
        UnexpectedReply: not the agreed form.
    """
    matches = [an_object(each) for each in a_list(found.get("matches"), MATCHES_AT_MOST)]
    return [named for match in matches for named in _places(match)]


def _places(match: dict[str, Any]) -> list[Named]:
    small, domain = address_in(match, "image_url"), text_in(match, "domain")
    places = objects(match, "backlinks", PLACES_AT_MOST)
    if not places:
        if small is None:
            raise UnexpectedReply("a match without a place and a picture")
        return [Named(small, None, domain)]
    return [Named(address_in(place, "url"), address_in(place, "backlink"), domain, small) for place in places]


def _error(code: object, words: str) -> SourceError:
    if code == 402 or "purchase another bundle" in words:
        return CreditUsedUp("402")
    if "too simple" in words or "identify" in words:
        return PhotoNotTaken("no signature")
    if code in {401, 403}:
        return CodeRefused(str(code))
    if code == 429:
        return TooManyRequests()
    if code == 503 or "high load" in words:
        return ServiceDown("busy")
    return UnexpectedReply("an error that we do not know")
