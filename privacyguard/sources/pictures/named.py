"""What searches of the web have in common: results that name a page and a picture, and why a search is refused."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from privacyguard.errors import PhotoMissing, SourceError
from privacyguard.i18n import N_
from privacyguard.model.picture import Candidate
from privacyguard.net.gateway import Gateway
from privacyguard.sources.base import PictureQuery
from privacyguard.sources.reading import a_text, an_address

PICTURES_AT_MOST = 100
"""Of one name or photo: each is fetched from a place of its own, and looked at here."""


class CreditUsedUp(SourceError):
    """The person's plan at the service includes no more searches."""

    title = N_("Your searches at this place are used up.")
    remedy = N_("Buy more there, or wait until your plan starts again.")


class PhotoTooLarge(SourceError):
    """The photo has more bytes than the service takes."""

    title = N_("This photo is too large for this place.")
    remedy = N_("Choose another photo. One with less in it takes less room.")


class PhotoNotTaken(SourceError):
    """The service has the photo, and cannot search with it."""

    title = N_("This place cannot search with this photo.")
    remedy = N_("Choose another one that is sharp and has more in it.")


@dataclass(frozen=True)
class Named:
    """One result: ``picture`` is the picture's own address, ``thumbnail`` that of a small copy which the service has."""

    picture: str | None = field(repr=False)
    page: str | None = field(repr=False)
    title: str = field(default="", repr=False)
    thumbnail: str | None = field(default=None, repr=False)


def candidates(found: Iterable[Named], gateway: Gateway, seen: set[str]) -> Iterator[Candidate]:
    """Each picture that is not in ``seen`` yet, at most :data:`PICTURES_AT_MOST`, as an address to fetch.

    Where only a small copy is to be had, it is fetched here: its address is the service's own and of no use to the person,
    who is told the page. One that does not come is handed on empty, so that it counts as a picture that was not looked at.
    Results without any address of a picture are left out.
    """
    count = 0
    for each in found:  # to the end: it may end with an error
        subject = each.picture or (each.thumbnail and each.page)
        if not subject or subject in seen or count == PICTURES_AT_MOST:
            continue
        seen.add(subject)
        count += 1
        title = each.title or None
        if each.picture:
            yield Candidate(address=each.picture, page=each.page, title=title)
        elif each.thumbnail:
            yield Candidate(content=_small_copy(each.thumbnail, gateway), page=each.page, title=title)


def address_in(fields: Mapping[str, Any], name: str) -> str | None:
    """The web address in a field that may be missing or null; None also for one that is none.

    Raises:
        UnexpectedReply: something that is not text.
    """
    return None if fields.get(name) is None else an_address(fields[name])


def text_in(fields: Mapping[str, Any], name: str) -> str:
    """Plain text of one line in a field that may be missing or null. Raises :class:`UnexpectedReply`."""
    return "" if fields.get(name) is None else a_text(fields[name])


def photos_of(query: PictureQuery, source_id: str, most_bytes: int) -> tuple[bytes, ...]:
    """The photos that the person agreed to send, each of at most so many bytes.

    Raises:
        PhotoMissing: none; that is no "nothing found".
        PhotoTooLarge: one has more bytes than the service takes.
    """
    if not query.photos:
        raise PhotoMissing(source_id)
    if any(len(photo) > most_bytes for photo in query.photos):
        raise PhotoTooLarge("bytes")
    return query.photos


def of_each(photos: Iterable[bytes], ask: Callable[[bytes], Iterable[Named]], gateway: Gateway) -> Iterator[Candidate]:
    """What a service names for each photo, each picture once."""
    seen: set[str] = set()
    for photo in photos:
        yield from candidates(ask(photo), gateway, seen)


def _small_copy(address: str, gateway: Gateway) -> bytes:
    try:
        return gateway.picture(address, what=N_("the address of a picture"), purpose=N_("a picture to compare here"))
    except SourceError:
        return b""  # as any picture that cannot be fetched: the checkup counts it as not opened
