"""Addresses of one site: their one form, whether they are of the site, and which of them lead nowhere new, for ever."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from privacyguard.errors import AddressRefused
from privacyguard.model.sites import host_of, site_of
from privacyguard.net.addresses import MAX_ADDRESS_BYTES, in_ascii

SEGMENTS_AT_MOST = 12
PARAMETERS_AT_MOST = 8
DIGITS_AT_MOST = 20
"""Of one number in an address: what photos and articles are counted with is shorter."""

_SESSION = re.compile(
    r"(phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|session|sid|cfid|cftoken|zenid|oscsid)", re.IGNORECASE
)
_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|msclkid|mc_cid|mc_eid|igshid|ref_src|replytocom|share)", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?]*", re.IGNORECASE)
_PAGING = frozenset("page p pg paged pagina seite start offset from skip cpage pn".split())
_DATES = frozenset(
    "year month day date week cal calendar ym yyyy mm jahr monat tag datum woche ai1ec tribe-bar-date".split()
)
_DATE_AT_THE_END = re.compile(r"/(19|20)[0-9]{2}[/-](0?[1-9]|1[0-2])([/-][0-9]{1,2})?/?$")
_DIGITS = re.compile(r"[0-9]+")
_NO_PAGE = re.compile(
    r"\.(pdf|zip|gz|tgz|bz2|xz|7z|rar|tar|exe|msi|dmg|iso|apk|deb|rpm|docx?|xlsx?|pptx?|od[tsp]|epub|csv|xml|rss|atom|json|"
    r"js|css|ico|svg|woff2?|ttf|eot|mp[34]|m4[av]|mov|avi|webm|mkv|wav|ogg|flac|ics|vcf)$",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"(^|[/_-])(log-?out|sign-?out|log-?in|sign-?in|wp-login|wp-json|cart|checkout|feed|delete)(\.|/|$)"
)


def one_form(address: str) -> str | None:
    """The address as it is asked for: in ASCII, without session numbers and marks of advertisers; None where it is none."""
    try:
        parts = urlsplit(in_ascii(address))
    except (AddressRefused, ValueError):
        return None
    path = _SESSION_IN_PATH.sub("", parts.path) or "/"
    query = parts.query
    if "=" in query:
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [pair for pair in pairs if not _SESSION.fullmatch(pair[0]) and not _TRACKING.fullmatch(pair[0])]
        query = query if kept == pairs else urlencode(kept)
    found = urlunsplit((parts.scheme, parts.netloc.lower(), path, query, ""))
    return found if len(found) <= MAX_ADDRESS_BYTES else None


def same_page_key(address: str) -> str:
    """What two addresses of one page share, whatever the order of their parameters."""
    parts = urlsplit(address)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True))) or parts.query
    return f"{parts.netloc}{parts.path}?{query}"


def site_named(address: str) -> str:
    """The registered name of the site of an address; its host where it has none."""
    host = host_of(address) or (urlsplit(address).hostname or "")
    return site_of(host) or host


def may_be_a_page(address: str) -> bool:
    """Whether the address does not end like a file of another kind."""
    return not _NO_PAGE.search(urlsplit(address).path)


def does_something(address: str) -> bool:
    """Whether asking for it may do more than show a page (signing out, say)."""
    return bool(_ACTION.search(urlsplit(address).path.lower()))


def shape_of(address: str) -> str:
    """The address with each number replaced: pages of one kind share it."""
    parts = urlsplit(address)
    names = sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{parts.netloc}{_DIGITS.sub('#', parts.path)}?{'&'.join(names)}"


def is_of_calendar(address: str) -> bool:
    """Whether it looks like a page for a day, month or year: calendars have no end."""
    parts = urlsplit(address)
    names = {name.lower() for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    return bool(names & _DATES) or bool(_DATE_AT_THE_END.search(parts.path))


def goes_on_with(page: str, link: str) -> bool:
    """Whether a link leads to the next page of a list, not deeper: the same page with a number, or of the same kind."""
    if is_of_calendar(link):
        return False
    if shape_of(page) == shape_of(link):
        return True
    one, other = urlsplit(page), urlsplit(link)
    return (one.netloc, one.path) == (other.netloc, other.path) and _without_paging(one.query) == _without_paging(
        other.query
    )


def grows_for_ever(address: str) -> bool:
    """Whether it looks like one of those that links relative to themselves make longer and longer."""
    parts = urlsplit(address)
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) > SEGMENTS_AT_MOST or len(parse_qsl(parts.query, keep_blank_values=True)) > PARAMETERS_AT_MOST:
        return True
    if any(len(number) > DIGITS_AT_MOST for number in _DIGITS.findall(f"{parts.path}?{parts.query}")):
        return True
    return any(segments.count(segment) > 3 for segment in set(segments))


def _without_paging(query: str) -> list[tuple[str, str]]:
    return sorted(pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0].lower() not in _PAGING)
