"""Google Lens through SerpApi: pages with the same picture, or one like it. Own key, and a photo sent each time.

API: https://serpapi.com/google-lens-api (read 2026-08). The code travels in the form of the upload and, for want of another
way, in the addresses of the searches (``secret_query``). The photo goes up once and two searches follow at once: its id holds
for ten minutes. Pictures that only resemble it count only where the comparison of faces on this computer says so.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from privacyguard.errors import CodeRefused, SourceError, UnexpectedReply
from privacyguard.i18n import N_, _
from privacyguard.model.picture import Candidate
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.net.gateway import Attachment, Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.pictures.named import (
    CreditUsedUp,
    Named,
    PhotoNotTaken,
    PhotoTooLarge,
    address_in,
    of_each,
    photos_of,
    text_in,
)
from privacyguard.sources.reading import a_count, a_list, a_name, a_text, an_object

BASE_URL = "https://serpapi.com"
PHOTO_BYTES = 500_000
SEARCHES_EACH = 2
MATCHES_AT_MOST = 1000
"""Entries of one list in a reply; more is not the agreed form."""
SIMILAR_AT_MOST = 40
_SIDES = {
    "exact_matches": ("actual_image_width", "actual_image_height"),
    "visual_matches": ("image_width", "image_height"),
}
_NONE = "hasn't returned any results"


class SerpApiLens:
    """Sends a photo and names the pictures on the web that are the same, or like it."""

    info = SourceInfo(
        id="serpapi-lens",
        name="Google Lens (SerpApi)",
        theme=Theme.PICTURES,
        finds=N_("Pages that show the same picture as the one you send, or one like it."),
        accepts=frozenset(),
        hosts=frozenset({"serpapi.com"}),
        discloses=N_("a photo that you choose, and your code. This place hands the photo on to Google"),
        cost=N_(
            "You need a code of your own. A photo takes 2 searches."
            " In July 2026 there were 250 free searches a month, then 25 dollars for 1,000."
        ),
        needs_key=True,
        terms_url="https://serpapi.com/legal",
        key_url="https://serpapi.com/manage-api-key",
        sends_pictures=True,
        fetches_pictures=True,
        keeps=N_(
            "It keeps your searches and what they found in your account there. It does not say when the photo goes."
        ),
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url

    def search(self, query: PictureQuery, gateway: Gateway) -> Iterator[Candidate]:
        """The pictures that the service names for each photo, each once, those that are the same first.

        Raises:
            PhotoMissing: nothing to ask with; that is no "nothing found".
            CreditUsedUp, PhotoTooLarge: nothing was sent.
        """
        photos = photos_of(query, self.info.id, PHOTO_BYTES)
        if self._account(gateway).searches_left < SEARCHES_EACH * len(photos):
            raise CreditUsedUp("none left")
        yield from of_each(photos, lambda photo: self._asked(photo, gateway), gateway)

    def test_key(self, gateway: Gateway) -> str:
        """What the plan that the code belongs to includes, in words."""
        account = self._account(gateway)
        return _("Plan: {name}. Searches left: {count}. A photo takes two.").format(
            name=account.plan, count=f"{account.searches_left:,}"
        )

    def _account(self, gateway: Gateway) -> "Account":
        reply = gateway.get(
            f"{self.base_url}/account.json",
            what=N_("your code"),
            purpose=N_("to learn what your code includes"),
            secret_query={"api_key": gateway.api_key},
        )
        return Account.from_reply(_checked(reply))

    def _asked(self, photo: bytes, gateway: Gateway) -> Iterator[Named]:
        """What is the same, then what is like it. Where the second search fails, what the first one found comes before."""
        image_id = self._uploaded(photo, gateway)
        same = parse(self._found(image_id, "exact_matches", gateway), "exact_matches")
        try:
            like, trouble = parse(self._found(image_id, "visual_matches", gateway), "visual_matches"), None
        except SourceError as error:
            like, trouble = [], error
        yield from joined(same, like[:SIMILAR_AT_MOST])
        if trouble is not None:
            raise trouble

    def _uploaded(self, photo: bytes, gateway: Gateway) -> str:
        reply = gateway.post_form(
            f"{self.base_url}/image",
            files=[("image", Attachment("photo.jpg", "image/jpeg", photo))],
            fields={"api_key": gateway.api_key},
            what=N_("a photo that you chose, and your code"),
            purpose=N_("search for the same picture"),
        )
        answer = _checked(reply, refused=_refused_photo)
        image_id = a_name(answer.get("image_id"))
        if image_id != answer["image_id"]:
            raise UnexpectedReply("an id of another form")
        return image_id

    def _found(self, image_id: str, kind: str, gateway: Gateway) -> Mapping[str, Any]:
        words = urlencode({"engine": "google_lens", "image_id": image_id, "type": kind, "safe": "off"})
        reply = gateway.get(
            f"{self.base_url}/search.json?{words}",
            what=N_("your code"),
            purpose=N_("search for the same picture"),
            secret_query={"api_key": gateway.api_key},
        )
        return _checked(reply)


@dataclass(frozen=True)
class Account:
    """What the account page says; of the rest (an address, the code) nothing is read."""

    plan: str
    searches_left: int

    @classmethod
    def from_reply(cls, answer: Mapping[str, Any]) -> "Account":
        """Raises :class:`UnexpectedReply`."""
        return cls(a_name(answer.get("plan_name")), a_count(answer.get("total_searches_left"), 10**12))


@dataclass(frozen=True)
class Match:
    """One entry of a reply. ``sides``: width and height that the service names, where it does."""

    named: Named
    sides: tuple[int | None, int | None]


def parse(answer: Mapping[str, Any], kind: str) -> list[Match]:
    """The entries of one kind; none where the service says in its documented words that there are none.

    Raises:
        UnexpectedReply: another error, or not the agreed form.
    """
    status = an_object(answer.get("search_metadata")).get("status")
    if "error" in answer:
        if _NONE in a_text(answer["error"]):
            return []
        raise UnexpectedReply("an error that we do not know")
    if status != "Success":
        raise UnexpectedReply("a search that did not end well")
    return [_match(an_object(each), _SIDES[kind]) for each in a_list(answer.get(kind), MATCHES_AT_MOST)]


def joined(same: list[Match], like: list[Match]) -> Iterator[Named]:
    """The entries of both lists. What is the same comes without the picture's own address: it is taken from the other
    list, where an entry of the same page has the same size.
    """
    known = {
        (each.named.page, each.sides): each.named for each in like if each.named.picture and None not in each.sides
    }
    for each in same:
        yield each.named if each.named.picture else known.get((each.named.page, each.sides), each.named)
    yield from (each.named for each in like)


def _match(entry: dict[str, Any], names: tuple[str, str]) -> Match:
    named = Named(
        address_in(entry, "image"), address_in(entry, "link"), text_in(entry, "title"), address_in(entry, "thumbnail")
    )
    width, height = (entry.get(name) for name in names)
    return Match(named, (_a_side(width), _a_side(height)))


def _a_side(untrusted: object) -> int | None:
    return untrusted if isinstance(untrusted, int) and not isinstance(untrusted, bool) else None


def _checked(reply: Reply, refused: Callable[[int, str], None] = lambda status, said: None) -> dict[str, Any]:
    """The object in a reply with status 200. An error in words inside it is the caller's to read.

    Args:
        refused: raises for what only this request can be refused for, given status and words in lower case.

    Raises:
        SourceError: what the status or the words say.
    """
    answer = an_object(reply.json())
    said = a_text(answer["error"]).casefold() if "error" in answer else ""
    if reply.status in {401, 403} or "api key" in said:
        raise CodeRefused(str(reply.status))
    if reply.status == 402 or "run out of searches" in said:
        raise CreditUsedUp("402")
    refused(reply.status, said)
    if reply.status != 200:
        raise UnexpectedReply(f"status {reply.status}")
    return answer


def _refused_photo(status: int, said: str) -> None:
    if status == 413 or "large" in said or "size" in said:
        raise PhotoTooLarge(str(status))
    if "image" in said or "file" in said:
        raise PhotoNotTaken(str(status))
    if said:
        raise UnexpectedReply("an error that we do not know")
