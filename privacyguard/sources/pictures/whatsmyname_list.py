"""What is in the list of sites of the project WhatsMyName (``wmn-data.json``), and which of them we ask.

The list is CC BY-SA 4.0; see https://github.com/WebBreacher/WhatsMyName. It is kept as it comes, and read anew for each run. It
is data: nothing of it is run, and every field is checked.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any
from urllib.parse import quote, urlsplit

from privacyguard.errors import SourceError, UnexpectedReply
from privacyguard.i18n import N_
from privacyguard.model.sites import HOST
from privacyguard.net.reply import Reply
from privacyguard.net.unfollowed import REDIRECTS
from privacyguard.sources.reading import a_count, a_list, a_name, an_object

CATEGORIES = ("images", "video", "art", "social")
"""Sites whose accounts show pictures, in the order in which they are taken. Not those for grown-ups, nor for dating."""
SITES_AT_MOST = 60
ACCOUNT = "{account}"

_ENTRIES_AT_MOST = 20_000
_STRING_AT_MOST = 2000
_NOT_ASKED = ("protection", "post_body", "headers")
"""Sites that keep programs out, or that want more than a plain question: we do not get around that."""
_ASKED_ELSEWHERE = frozenset({"gravatar.com", "github.com", "keybase.io", "bsky.app", "bsky.social"})
_MASTODON = "Mastodon-"
"""So begin the names of its servers, which the source of that name asks."""


class ListDamaged(SourceError):
    """What came, or was kept, is no such list. The argument says what is wrong."""

    title = N_("The list of sites for this check came in a form that we do not know. So we asked no site.")


class Answer(Enum):
    """What a site's reply says of a user name."""

    FOUND = auto()
    MISSING = auto()
    UNCLEAR = auto()


@dataclass(frozen=True)
class Site:
    """One site. ``check``, ``page``: addresses with :data:`ACCOUNT`; the other fields as the list names them."""

    name: str
    check: str
    page: str
    e_code: int
    e_string: str
    m_code: int
    m_string: str
    left_out: str = ""

    @property
    def host(self) -> str:
        """The host that is asked."""
        return urlsplit(self.check).hostname or ""

    def address(self, user_name: str) -> str:
        """Where the site is asked about a name."""
        return self.check.replace(ACCOUNT, quote(self._spelt(user_name), safe=""))

    def page_of(self, user_name: str) -> str:
        """The page that people know an account by."""
        return self.page.replace(ACCOUNT, quote(self._spelt(user_name), safe=""))

    def says(self, reply: Reply) -> Answer:
        """What a reply says, by status and a text in the body together; whatever is neither is unclear."""
        if not reply.is_whole:
            return Answer.UNCLEAR
        body = reply.body.decode("utf-8", "replace")
        is_found = reply.status == self.e_code and self.e_string in body
        is_missing = reply.status == self.m_code and self.m_string in body
        if is_found and is_missing and self.m_string:
            return Answer.UNCLEAR
        if is_found:
            return Answer.FOUND
        return Answer.MISSING if is_missing else Answer.UNCLEAR

    def _spelt(self, user_name: str) -> str:
        return "".join(ch for ch in user_name if ch not in self.left_out)


def read_sites(content: bytes) -> tuple[Site, ...]:
    """The sites of a list that we ask, at most :data:`SITES_AT_MOST`, each host once.

    Raises:
        ListDamaged: it is not of its form, or has no site that can be asked.
    """
    try:
        whole = an_object(json.loads(content.decode("utf-8")))
        entries = [an_object(each) for each in a_list(whole.get("sites"), _ENTRIES_AT_MOST)]
    except (ValueError, RecursionError, UnexpectedReply):
        raise ListDamaged("form") from None
    taken: dict[str, Site] = {}
    for category in CATEGORIES:
        for site in _usable(entries, category):
            taken.setdefault(site.host, site)
    if not taken:
        raise ListDamaged("no site that can be asked")
    return tuple(taken.values())[:SITES_AT_MOST]


def _usable(entries: list[dict[str, Any]], category: str) -> Iterator[Site]:
    """The sites of a category that may be asked; an entry that is not of its form is left out, as it could not be asked."""
    for entry in entries:
        if entry.get("cat") != category or entry.get("valid") is False or any(entry.get(key) for key in _NOT_ASKED):
            continue
        try:
            site = _site(entry)
        except UnexpectedReply:
            continue
        if _may_be_asked(site):
            yield site


def _site(entry: dict[str, Any]) -> Site:
    check = _text(entry.get("uri_check"))
    page = _text(entry["uri_pretty"]) if "uri_pretty" in entry else check
    return Site(
        name=a_name(entry.get("name")),
        check=check,
        page=page if page.startswith("https://") and ACCOUNT in page else check,
        e_code=a_count(entry.get("e_code"), 599),
        e_string=_text(entry.get("e_string")),
        m_code=a_count(entry.get("m_code"), 599),
        m_string=_text(entry.get("m_string")),
        left_out=_text(entry.get("strip_bad_char", "")),
    )


def _may_be_asked(site: Site) -> bool:
    """Whether a plain question over https can be answered with yes and with no: a reply of 429 or from 500 on is a service in
    trouble, to us, and of a redirect no text is read.
    """
    try:
        parts = urlsplit(site.check)
        host, is_plain = parts.hostname or "", parts.port is None and parts.username is None
    except ValueError:
        return False
    own_part = host.removeprefix("www.").removeprefix("api.")
    return (
        parts.scheme == "https"
        and is_plain
        and HOST.fullmatch(host) is not None
        and ACCOUNT in parts.path + parts.query
        and site.e_string != ""
        and all(code < 500 and code != 429 for code in (site.e_code, site.m_code))
        and site.e_code not in REDIRECTS
        and (site.m_code not in REDIRECTS or site.m_string == "")
        and own_part not in _ASKED_ELSEWHERE
        and not site.name.startswith(_MASTODON)
    )


def _text(untrusted: object) -> str:
    if not isinstance(untrusted, str) or len(untrusted) > _STRING_AT_MOST:
        raise UnexpectedReply("not a text of the agreed length")
    return untrusted
