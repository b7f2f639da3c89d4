"""The Wayback Machine of the Internet Archive: old copies of one page or picture. API: facts, services 10 (read 2026-08).

Two places are asked: which copy is the newest, and the list of all. The first often says "none" where there are some, so
only the list counts as a no. Nothing is ever saved there: a copy in an archive is public.
"""

from datetime import date, datetime
from urllib.parse import urlencode

from privacyguard.errors import ConnectionLost, NetworkIntercepted, SourceError, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.archive import ArchiveCopies
from privacyguard.model.source import Limit, SourceInfo, Theme
from privacyguard.net.addresses import in_ascii, parse
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.reading import a_flag, a_list, a_text, an_object

BASE_URL = "https://archive.org"
LIST_URL = "https://web.archive.org"
COUNTED_AT_MOST = 1000
STAMP_DIGITS = 14
_HIDDEN_HEADER = "x-archive-wayback-runtime-error"
_HIDDEN = ("AdministrativeAccessControlException", "RobotAccessControlException")
_NO_ERRORS_OR_REDIRECTS = "!statuscode:[345].."


class Wayback:
    """Asks for the copies of one address."""

    info = SourceInfo(
        id="wayback",
        name="Wayback Machine",
        theme=Theme.PICTURES,
        finds=N_("Old copies of a page or picture that we found. You ask it beside the finding."),
        accepts=frozenset(),
        hosts=frozenset({"archive.org", "web.archive.org"}),
        discloses=N_("the address of the page or picture that you ask about"),
        cost=N_("Free"),
        terms_url="https://archive.org",
        limits=(Limit(1, 6.0),),
        by_hand=True,
    )

    def __init__(self, base_url: str = BASE_URL) -> None:
        self.base_url = base_url
        self.list_url = LIST_URL if base_url == BASE_URL else base_url

    def copies(self, address: str, gateway: Gateway) -> ArchiveCopies:
        """The copies that the archive shows of this very address.

        Raises:
            AddressRefused: not an address of the public web; nothing was sent.
            SourceError: it could not be asked; that is no "none".
        """
        asked = asked_as(address)
        newest = self._newest(asked, gateway)
        try:
            stamps = self._listed(asked, COUNTED_AT_MOST, gateway)
        except SourceError:
            if newest is None:
                raise
            return _at_least_one(asked, newest)
        if stamps is None:
            return ArchiveCopies(is_hidden=True) if newest is None else _at_least_one(asked, newest)
        if not stamps:
            return ArchiveCopies() if newest is None else _at_least_one(asked, newest)
        has_more = len(stamps) >= COUNTED_AT_MOST
        if has_more and newest is None:
            newest = max(self._listed(asked, -1, gateway) or stamps)
        last = max(*stamps, newest or stamps[0])
        return ArchiveCopies(len(stamps), has_more, _day(min(stamps)), _day(last), _copy_at(last, asked))

    def _newest(self, asked: str, gateway: Gateway) -> str | None:
        """The time of the newest copy, 14 digits; None where the place that knows says nothing, which is no "none"."""
        query = urlencode({"url": asked})
        reply = gateway.get(
            f"{self.base_url}/wayback/available?{query}",
            what=N_("the address of a page or picture that was found"),
            purpose=N_("copies in an archive"),
        )
        if reply.status != 200:
            raise _unknown(reply)
        found = an_object(an_object(reply.json()).get("archived_snapshots"))
        if "closest" not in found:
            return None
        closest = an_object(found["closest"])
        stamp, status = _stamp(closest.get("timestamp")), a_text(closest.get("status"), 10)
        return stamp if a_flag(closest.get("available"), False) and status.startswith("2") else None

    def _listed(self, asked: str, limit: int, gateway: Gateway) -> list[str] | None:
        """The times of copies, oldest first, 14 digits each; None where the archive shows none of this site to anybody.

        ``limit``: so many from the oldest on; negative: from the newest back. Copies of errors and redirects are left out.
        """
        query = urlencode(
            {
                "url": asked,
                "output": "json",
                "fl": "timestamp,statuscode",
                "filter": _NO_ERRORS_OR_REDIRECTS,
                "limit": str(limit),
            }
        )
        reply = gateway.get(
            f"{self.list_url}/cdx/search/cdx?{query}",
            what=N_("the address of a page or picture that was found"),
            purpose=N_("copies in an archive"),
        )
        if reply.status == 403 and any(each in reply.headers.get(_HIDDEN_HEADER, "") for each in _HIDDEN):
            return None
        if reply.status != 200:
            raise _unknown(reply)
        return _stamps(reply)


def asked_as(untrusted_address: str) -> str:
    """The address as the archive is asked about it: of the public web, without what follows a #.

    Raises:
        AddressRefused: of this computer or a network at home, or no web address at all.
    """
    address = in_ascii(untrusted_address.partition("#")[0])
    return parse(address, exceptions=frozenset(), names=frozenset(), is_typed=lambda _: True).url


def _stamps(reply: Reply) -> list[str]:
    if not reply.body.strip() and reply.content_type != "text/html":  # the archive's other way of saying "none"
        if not reply.is_whole:
            raise ConnectionLost("an end that was not named")
        return []
    rows = [a_list(row, 20) for row in a_list(reply.json(), COUNTED_AT_MOST + 1)]
    if not rows:
        return []
    head = rows[0]
    if "timestamp" not in head or "statuscode" not in head or any(len(row) != len(head) for row in rows):
        raise UnexpectedReply("not the agreed columns")
    at, code = head.index("timestamp"), head.index("statuscode")
    # "-": the same bytes as an earlier copy.
    stamps = [_stamp(row[at]) for row in rows[1:] if a_text(row[code], 10).startswith(("2", "-"))]
    if len(stamps) != len(rows) - 1:
        raise UnexpectedReply("copies that were not asked for")
    return stamps


def _stamp(untrusted: object) -> str:
    """The time of a copy, 14 digits that are a time. Raises :class:`UnexpectedReply`."""
    text = a_text(untrusted, STAMP_DIGITS + 1)
    if len(text) != STAMP_DIGITS or not text.isascii() or not text.isdecimal():
        raise UnexpectedReply("not a time")
    _day(text)
    return text


def _day(stamp: str) -> date:
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").date()
    except ValueError:
        raise UnexpectedReply("not a time") from None


def _at_least_one(asked: str, stamp: str) -> ArchiveCopies:
    return ArchiveCopies(None, last_on=_day(stamp), newest=_copy_at(stamp, asked))


def _copy_at(stamp: str, asked: str) -> str:
    return f"{LIST_URL}/web/{stamp}/{asked}"


def _unknown(reply: Reply) -> SourceError:
    if reply.is_page or "html" in reply.content_type:
        return NetworkIntercepted("a page instead of data")
    return UnexpectedReply(f"status {reply.status}")
