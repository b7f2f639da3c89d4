"""FaceCheck.ID: pages with faces that look like the one in a photo. Own key, and two yeses each time: photo and face.

API: https://facecheck.id/Face-Search/API, https://facecheck.id/Swagger/v1/swagger.json (v1.02). It compares faces itself; what
it finds is looked at again here. Before a photo leaves, it is asked whether there are searches left; after each search, also
one that did not work or was stopped, it is asked to erase the photo. Its test mode is never used: that looks through a small
part of its list, and would call people clear who are not.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from privacyguard.errors import (
    Cancelled,
    CodeRefused,
    ConnectionLost,
    NetworkIntercepted,
    PhotoMissing,
    ReplyTooLarge,
    ServiceDown,
    SourceError,
    TimedOut,
    UnexpectedReply,
)
from privacyguard.i18n import N_, _, ngettext
from privacyguard.model.picture import Candidate
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.gateway import Attachment, Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.named import CreditUsedUp
from privacyguard.sources.reading import a_count, a_list, an_address, an_object

BASE_URL = "https://facecheck.id"
PHOTOS_AT_MOST = 3
"""Of one search."""
QUESTIONS_AT_MOST = 180
"""Whether a search is done: about one a second, by the limit on the card. Searches take seconds, in a queue some minutes."""
RESULTS_AT_MOST = 1000
LOOKED_AT_MOST = 100
"""Of one search, the ones that the service finds most alike."""
SMALL_PICTURE_AT_MOST = 4_000_000
"""Characters of a result's small picture."""

_ID = re.compile(r"[A-Za-z0-9_.~-]{1,200}")
_SMALL_PICTURE = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]*)")
_MAY_HAVE_ARRIVED = (
    ConnectionLost,
    TimedOut,
    ServiceDown,
    UnexpectedReply,
    NetworkIntercepted,
    ReplyTooLarge,
    Cancelled,
)


class SearchRefused(SourceError):
    """The service answered that it could not do it. Its words are not shown; the API names no list of them."""

    title = N_("This place did not do the search.")
    remedy = N_(
        "Look on its page if your code counts and has searches left. Or try a photo that shows your face better."
    )


class PhotoLeftBehind(SourceError):
    """The service has the photo, or may have it, and was not or could not be asked to erase it."""

    title = N_("Your photo may still be at this place. We could not get it to erase it.")
    remedy = N_("It says that it erases photos by itself after a day. You can also ask for it on its page.")


@dataclass(frozen=True)
class _Sent:
    """A search that was opened: its number, and those of the photos; how many were sent; whether it was refused at once."""

    search: str = field(repr=False)
    photos: tuple[str, ...] = field(repr=False)
    count: int
    is_refused: bool


class FaceCheck:
    """Sends a photo, and names pages with faces that the service finds alike."""

    info = SourceInfo(
        id="facecheck",
        name="FaceCheck.ID",
        theme=Theme.PICTURES,
        finds=N_("Pages with a face that looks like yours, also in pictures you have never seen."),
        accepts=frozenset(),
        hosts=frozenset({"facecheck.id"}),
        discloses=N_("a photo that you choose, and your code. This place measures your face in it"),
        cost=N_("You need a code of your own, and you pay for each search ahead. Its page names the price."),
        needs_key=True,
        key_url="https://facecheck.id/Face-Search/API",
        sends_pictures=True,
        limits=(Limit(2, 2.0),),
        keeps=N_(
            "It says that it erases the photo once your face is measured. A small copy stays for a day, with the results."
            " We ask it to erase the photo right after the search."
        ),
        searches_faces=True,
    )

    def __init__(self, base_url: str = BASE_URL, questions_at_most: int = QUESTIONS_AT_MOST) -> None:
        self.base_url = base_url
        self._questions = questions_at_most

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """What the service found, as small pictures at hand, each with its page. All is asked and erased before the first.

        Raises:
            PhotoMissing: nothing to ask with; that is no "nothing found".
            CreditUsedUp, ServiceDown: no photo was sent.
            PhotoLeftBehind: the photo could not be erased there; what was found comes all the same.
        """
        if not query.photos:
            raise PhotoMissing(self.info.id)
        if not self._credits(gateway)[0]:
            raise CreditUsedUp("none left")
        sent = self._send(query.photos[:PHOTOS_AT_MOST], gateway)
        try:
            if sent.is_refused:
                raise SearchRefused("an error in the reply")
            found = self._found(sent, gateway)
        except BaseException:
            if not self._is_erased(sent, gateway):
                raise PhotoLeftBehind("after a search that ended early") from None
            raise
        is_erased = self._is_erased(sent, gateway)
        yield from found
        if not is_erased:
            raise PhotoLeftBehind("after a search")

    def test_key(self, gateway: Gateway) -> str:
        """What is left of what was paid, in words."""
        can_search, left = self._credits(gateway)
        words = ngettext("{count} credit left.", "{count} credits left.", left).format(count=f"{left:,}")
        return words if can_search else " ".join((words, _("That is not enough for a search.")))

    def _credits(self, gateway: Gateway) -> tuple[bool, int]:
        """Whether a search may be made, and what is left of what was paid."""
        reply = self._post("info", {}, N_("to learn what your code includes"), gateway)
        told = _done(reply)
        can_search, is_online = told.get("has_credits_to_search"), told.get("is_online")
        if not isinstance(can_search, bool) or not isinstance(is_online, bool):
            raise UnexpectedReply("not true or false")
        left = a_count(told.get("remaining_credits"), 10**12)
        if not is_online:
            raise ServiceDown("not online")
        return can_search, left

    def _send(self, photos: Sequence[bytes], gateway: Gateway) -> _Sent:
        """Open a search. What may have arrived and was not answered with a number cannot be erased."""
        gateway.cancel.check()
        try:
            reply = gateway.post_form(
                f"{self.base_url}/api/upload_pic",
                files=[("images", Attachment("photo.jpg", "image/jpeg", photo)) for photo in photos],
                fields={"id_search": ""},
                what=N_("a photo that you chose, and your code"),
                purpose=N_("search for faces that look like yours"),
                secret_headers={"Authorization": gateway.api_key},
            )
            told = _told(reply)
            is_refused = bool(told.get("error"))
            if is_refused and told.get("input") is None:
                raise SearchRefused("the photo was not taken")
            return _Sent(_number(told.get("id_search")), tuple(_photos(told)), len(photos), is_refused)
        except _MAY_HAVE_ARRIVED:
            raise PhotoLeftBehind("no number for it") from None

    def _found(self, sent: _Sent, gateway: Gateway) -> list[Candidate]:
        """Ask until the search is done, at the pace of the card."""
        asked = {"id_search": sent.search, "with_progress": True, "status_only": False, "demo": False}
        for _question in range(self._questions):
            told = _done(self._post("search", asked, N_("search for faces that look like yours"), gateway))
            if told.get("output") is not None:
                return parse(an_object(told["output"]))
        raise TimedOut("a search that does not end")

    def _is_erased(self, sent: _Sent, gateway: Gateway) -> bool:
        """Ask to erase each photo; whether the service said yes to all."""
        done = []
        with gateway.afterwards() as still:
            for photo in sent.photos:
                path = f"delete_pic?id_search={sent.search}&id_pic={photo}"
                try:
                    _done(self._post(path, {}, N_("erase the photo that you sent"), still))
                except (SourceError, Cancelled):
                    done.append(False)
                else:
                    done.append(True)
        return len(done) >= sent.count and all(done)

    def _post(self, path: str, content: dict[str, object], purpose: str, gateway: Gateway) -> Reply:
        return gateway.post(
            f"{self.base_url}/api/{path}",
            json=content,
            what=N_("your code"),
            purpose=purpose,
            secret_headers={"Authorization": gateway.api_key},
        )


def parse(found: dict[str, Any]) -> list[Candidate]:
    """The results, the most alike first, as the service has them; a small picture that cannot be read is empty.

    Raises:
        UnexpectedReply: not the agreed form, or a search of the test mode.
    """
    if found.get("demo") or "items" not in found:
        raise UnexpectedReply("not a whole search")
    items = [an_object(each) for each in a_list(found["items"] or [], RESULTS_AT_MOST)]
    pages = [_page(item) for item in items]
    if items and not any(pages):
        raise UnexpectedReply("results without a page")
    named = [Candidate(content=_picture(item), page=page) for item, page in zip(items, pages, strict=True) if page]
    return named[:LOOKED_AT_MOST]


def _told(reply: Reply) -> dict[str, Any]:
    """What a reply says, an error or not: both come with status 200.

    Raises:
        SourceError: the code was refused, or not the agreed form.
    """
    if reply.status in {401, 403} and not reply.is_page:
        raise CodeRefused(str(reply.status))
    told = an_object(reply.json())
    if reply.status != 200:
        raise UnexpectedReply(f"status {reply.status}")
    return told


def _done(reply: Reply) -> dict[str, Any]:
    """What a reply says that is no error. Raises :class:`SearchRefused` for one, and as :func:`_told`."""
    told = _told(reply)
    if told.get("error"):
        raise SearchRefused("an error in the reply")
    return told


def _photos(told: dict[str, Any]) -> Iterator[str]:
    for each in a_list(told.get("input"), PHOTOS_AT_MOST):
        yield _number(an_object(each).get("id_pic"))


def _number(untrusted: object) -> str:
    """A number of theirs, which goes into addresses."""
    if not isinstance(untrusted, str) or not _ID.fullmatch(untrusted):
        raise UnexpectedReply("not a number of the agreed form")
    return untrusted


def _page(item: dict[str, Any]) -> str | None:
    """The page's address; some versions put it into an object."""
    url = item.get("url")
    if isinstance(url, dict):
        url = url.get("value")
    return None if url is None else an_address(url)


def _picture(item: dict[str, Any]) -> bytes:
    untrusted = item.get("base64")
    if untrusted is not None and not isinstance(untrusted, str):
        raise UnexpectedReply("not text")
    found = _SMALL_PICTURE.fullmatch(untrusted) if untrusted and len(untrusted) <= SMALL_PICTURE_AT_MOST else None
    try:
        return b64decode(found[1], validate=False) if found else b""
    except binascii.Error:
        return b""
