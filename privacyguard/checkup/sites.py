"""Pictures of the sites that the person named: what did not change is neither fetched whole nor looked at again."""

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from privacyguard.checkup.parts import Parts, Tally
from privacyguard.checkup.scan import template_id
from privacyguard.errors import (
    AddressRefused,
    HostRefused,
    NetworkIntercepted,
    NotConfined,
    PictureUnreadable,
    ReplyTooLarge,
    SourceError,
    TooManyRequests,
    UnexpectedReply,
)
from privacyguard.i18n import N_
from privacyguard.model.finding import Finding, MarkKind
from privacyguard.model.person import Person
from privacyguard.model.picture import Candidate, Unreadable
from privacyguard.model.webpage import LeftOut, SeenPage, SeenPicture
from privacyguard.net.gateway import Gateway
from privacyguard.net.reply import Reply
from privacyguard.sources.base import SiteLook
from privacyguard.sources.pictures.crawl.documents import TROUBLE_AT_MOST, if_changed, validators
from privacyguard.vault.pages import SitePages

_logger = logging.getLogger(__name__)

_STAYS_UNREADABLE = frozenset({Unreadable.NOT_A_PICTURE, Unreadable.BROKEN, Unreadable.TOO_LARGE})
"""Reasons that lie in the picture itself: not looked at again until it changes."""

_OVER_A_LIMIT = (LeftOut.TOO_MANY_PAGES, LeftOut.TOO_MANY_PICTURES, LeftOut.TOO_MUCH, LeftOut.TOO_DEEP)
A_PART = N_("A page or site that you named is so large that we looked at a part of it.")
ASKED_NOT_TO = N_("A site that you named asks programs not to look at some of it, so we did not.")


def not_all_of_it(left_out: Mapping[LeftOut, int]) -> str | None:
    """That the named sites were not looked at as a whole, in words to translate; None where nothing speaks for it."""
    if any(left_out.get(reason) for reason in _OVER_A_LIMIT):
        return A_PART
    return ASKED_NOT_TO if left_out.get(LeftOut.ROBOTS) or left_out.get(LeftOut.NOT_FOLLOWED) else None


class Memory:
    """What is kept of sites, as a source sees it (``sources.base.PageMemory``), at the time of this checkup."""

    def __init__(self, pages: SitePages, parts: Parts) -> None:
        self.pages = pages
        self.now = parts.clock
        self._began_at = parts.clock()

    def begin(self, site: str) -> None:
        """See PageMemory."""
        self._began_at = self.pages.begin(site, self.now())

    def end(self, site: str) -> None:
        """See PageMemory."""
        self.pages.end(site, self.now())

    def page(self, address: str) -> SeenPage | None:
        """See PageMemory."""
        return self.pages.page(address)

    def is_of_this_look(self, seen: SeenPage | SeenPicture) -> bool:
        """See PageMemory."""
        return seen.seen_at >= self._began_at

    def keep_page(self, page: SeenPage) -> None:
        """See PageMemory."""
        self.pages.keep_page(page)


class SitePictures:
    """The pictures of named sites, for one person with a face pattern. Each finding is kept at once."""

    def __init__(self, parts: Parts, person: Person, source_id: str, tally: Tally) -> None:
        if person.template is None:
            raise ValueError("without a face pattern")
        self._parts = parts
        self._source_id = source_id
        self._person_id = person.person_id
        self._template_id = template_id(person.template)
        self._tally = tally
        self._memory = Memory(SitePages.of(parts.vault, self._person_id, self._template_id), parts)
        self._bytes = 0
        self._trouble = 0

    @property
    def look(self) -> SiteLook:
        """What the source works with."""
        return SiteLook(self._parts.pages, self._memory, self._leave_out, lambda: self._bytes)

    def steps(
        self, candidates: Iterator[Candidate], gateway: Gateway, judge: Callable[[Candidate], Finding | None]
    ) -> Iterator[None]:
        """The work, cut into steps: one for each picture. ``judge``: the finding that a fetched picture is, or None.

        Raises:
            SourceError: the place of the pictures brings no answer any more, or the source says so.
        """
        try:
            for candidate in candidates:
                self._look_at(candidate, gateway, judge)
                yield
        finally:
            counts = {reason.value: count for reason, count in sorted(self._tally.left_out.items())}
            _logger.info("named sites: %d pictures, left out %s", self._tally.seen, counts)

    def _leave_out(self, reason: LeftOut, count: int) -> None:
        self._tally.left_out[reason] += count

    def _look_at(self, candidate: Candidate, gateway: Gateway, judge: Callable[[Candidate], Finding | None]) -> None:
        address = candidate.address or ""
        known = self._memory.pages.picture(address)
        if known is not None and self._memory.is_of_this_look(known):
            self._remember(known)
            return
        reply = self._fetched(address, known, gateway)
        if reply is None:
            return
        etag, modified = validators(reply)
        now = self._memory.now()
        if known is not None and (reply.status == 304 or hashlib.sha256(reply.body).hexdigest() == known.sha256):
            self._remember(replace(known, etag=etag or known.etag, modified=modified or known.modified, seen_at=now))
            return
        sha256 = hashlib.sha256(reply.body).hexdigest()
        seen = SeenPicture(address, etag, modified, sha256, self._template_id, None, None, now)
        self._look_into(replace(candidate, content=reply.body), seen, judge)

    def _fetched(self, address: str, known: SeenPicture | None, gateway: Gateway) -> Reply | None:
        """The reply, None where there is no picture to be had; the tally says so then."""
        try:
            reply = self._asked(address, known, gateway)
        except (AddressRefused, HostRefused):
            self._leave_out(LeftOut.REFUSED, 1)
            return None
        except TooManyRequests:
            raise
        except SourceError as error:
            self._tally.seen += 1
            self._tally.unreadable += 1
            self._trouble += not isinstance(error, UnexpectedReply | NetworkIntercepted | ReplyTooLarge)
            if self._trouble >= TROUBLE_AT_MOST:
                raise
            return None
        self._trouble = 0
        self._bytes += len(reply.body)
        return reply

    def _asked(self, address: str, known: SeenPicture | None, gateway: Gateway) -> Reply:
        headers = if_changed(known.etag if known else None, known.modified if known else None)
        what, purpose = N_("the address of a picture"), N_("a picture to compare here")
        try:
            return gateway.picture_if_changed(address, what=what, purpose=purpose, headers=headers)
        except AddressRefused:
            # Nothing was sent. Browsers too ask with https for the pictures of a page where http is not to be had.
            if not address.startswith("http://"):
                raise
            safe = f"https://{address.removeprefix('http://')}"
            return gateway.picture_if_changed(safe, what=what, purpose=purpose, headers=headers)

    def _look_into(self, candidate: Candidate, seen: SeenPicture, judge: Callable[[Candidate], Finding | None]) -> None:
        tally = self._tally
        tally.seen += 1
        try:
            finding = judge(candidate)
        except PictureUnreadable as error:
            if error.reason == Unreadable.NOT_CONFINED:
                raise NotConfined from None
            tally.unreadable += 1
            if error.reason in _STAYS_UNREADABLE:
                self._memory.pages.keep_picture(replace(seen, unreadable=error.reason))
            return
        if finding is None:
            self._memory.pages.keep_picture(seen)
            return
        tally.new += self._memory.pages.keep_picture(replace(seen, finding=finding.key), self._source_id, (finding,))
        tally.kept.append(finding.key)

    def _remember(self, known: SeenPicture) -> None:
        """A picture that is as it was: what was found in it stays found."""
        tally, index = self._tally, self._parts.vault.index(self._person_id)
        tally.seen += 1
        tally.unreadable += known.unreadable is not None
        finding = index.findings([known.finding]).get(known.finding) if known.finding else None
        if finding is not None and (finding.mark is None or finding.mark.kind is not MarkKind.NOT_ME):
            tally.kept.append(finding.key)
            if finding.last_seen.date() != known.seen_at.date():
                index.seen_again([finding.key], known.seen_at)
        self._memory.pages.keep_picture(known)
