"""What the reader of pages tells: JSON in bytes, checked on arrival. What read a foreign page is foreign itself."""

import json
from collections.abc import Mapping
from typing import Any

from privacyguard.analysis.gathered import LINKS_AT_MOST, NEXT_AT_MOST, PICTURES_AT_MOST, STYLES_AT_MOST, TITLE_CHARS
from privacyguard.analysis.html_pages import PAGE_BYTES
from privacyguard.analysis.html_pictures import ADDRESS_CHARS
from privacyguard.analysis.messages import REPLY_BYTES, BadAnswer, parse_answer
from privacyguard.analysis.sitemaps import MAP_BYTES, MAPS_AT_MOST
from privacyguard.model.webpage import PageContent, PageUnreadable, SiteMap

_REASONS = frozenset({"size", "form"})
_SCHEMES = ("https://", "http://")


def page_answer(page: PageContent) -> bytes:
    """The answer about a page or a style sheet."""
    return _bounded(
        {
            "title": page.title,
            "pictures": page.pictures,
            "links": page.links,
            "next_pages": page.next_pages,
            "styles": page.styles,
            "canonical": page.canonical,
            "may_follow": page.may_follow,
            "left_out": page.left_out,
        }
    )


def map_answer(site_map: SiteMap) -> bytes:
    """The answer about a site map."""
    return _bounded(
        {
            "pages": site_map.pages,
            "pictures": [list(pair) for pair in site_map.pictures],
            "maps": site_map.maps,
            "left_out": site_map.left_out,
        }
    )


def problem_answer(error: PageUnreadable) -> bytes:
    """The answer that says why it could not be read."""
    reason = str(error)
    return json.dumps({"unreadable": reason if reason in _REASONS else "form"}).encode()


def page_of(untrusted: bytes) -> PageContent:
    """What an answer says of a page.

    Raises:
        PageUnreadable: it says that the page could not be read.
        BadAnswer: any part of it has not the agreed form.
    """
    answer = _readable(untrusted)
    title, canonical, may_follow = answer.get("title"), answer.get("canonical"), answer.get("may_follow")
    if not isinstance(title, str) or len(title) > TITLE_CHARS or not title.isprintable():
        raise BadAnswer("no title")
    if not isinstance(may_follow, bool):
        raise BadAnswer("neither true nor false")
    return PageContent(
        title=title,
        pictures=_addresses(answer.get("pictures"), PICTURES_AT_MOST),
        links=_addresses(answer.get("links"), LINKS_AT_MOST),
        next_pages=_addresses(answer.get("next_pages"), NEXT_AT_MOST),
        styles=_addresses(answer.get("styles"), STYLES_AT_MOST),
        canonical=None if canonical is None else _address(canonical),
        may_follow=may_follow,
        left_out=_count(answer.get("left_out"), PAGE_BYTES),
    )


def map_of(untrusted: bytes) -> SiteMap:
    """What an answer says of a site map. Raises as :func:`page_of`."""
    answer = _readable(untrusted)
    pictures = answer.get("pictures")
    if not isinstance(pictures, list) or len(pictures) > PICTURES_AT_MOST:
        raise BadAnswer("not a list of the agreed length")
    pairs = []
    for each in pictures:
        match each:
            case [str(page), str(picture)]:
                pairs.append((_address(page), _address(picture)))
            case _:
                raise BadAnswer("not a pair")
    return SiteMap(
        _addresses(answer.get("pages"), LINKS_AT_MOST),
        tuple(pairs),
        _addresses(answer.get("maps"), MAPS_AT_MOST),
        _count(answer.get("left_out"), MAP_BYTES),
    )


def _bounded(told: Mapping[str, object]) -> bytes:
    answer = json.dumps(told, separators=(",", ":")).encode()
    return answer if len(answer) <= REPLY_BYTES else problem_answer(PageUnreadable("size"))


def _readable(untrusted: bytes) -> Mapping[str, Any]:
    answer = parse_answer(untrusted)
    if "unreadable" in answer:
        reason = answer["unreadable"]
        if not isinstance(reason, str) or reason not in _REASONS:
            raise BadAnswer("unknown reason")
        raise PageUnreadable(reason)
    return answer


def _addresses(untrusted: object, most: int) -> tuple[str, ...]:
    if not isinstance(untrusted, list) or len(untrusted) > most:
        raise BadAnswer("not a list of the agreed length")
    return tuple(_address(each) for each in untrusted)


def _address(untrusted: object) -> str:
    if not isinstance(untrusted, str) or not untrusted.startswith(_SCHEMES):
        raise BadAnswer("no address")
    if len(untrusted) > ADDRESS_CHARS or not untrusted.isprintable():
        raise BadAnswer("no address")
    return untrusted


def _count(untrusted: object, most: int) -> int:
    if type(untrusted) is not int or not 0 <= untrusted <= most:
        raise BadAnswer("no count")
    return untrusted
