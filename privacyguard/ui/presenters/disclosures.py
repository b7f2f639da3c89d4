"""The presenter of "What left this computer": the list narrowed, saved, cleared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject

from privacyguard import wording
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _, ngettext
from privacyguard.model.source import Disclosure
from privacyguard.report.disclosed import disclosures_csv, total_words
from privacyguard.report.files import write_private
from privacyguard.session import Session
from privacyguard.ui.pages.disclosures import DisclosuresPage
from privacyguard.ui.pages.views import DisclosureRow, DisclosuresView
from privacyguard.ui.presenters.views import Names


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; "" for all. ``day``: as 2026-12-31, in the zone of the computer."""

    source_id: str = ""
    what: str = ""
    day: str = ""

    def fits(self, each: Disclosure, now: datetime) -> bool:
        """Whether this request is in the list."""
        return (
            self.source_id in ("", each.source_id)
            and self.what in ("", each.what)
            and self.day in ("", _day(each, now))
        )


class DisclosuresPresenter(QObject):
    """Joins the page with the vault."""

    def __init__(self, page: DisclosuresPage, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._session = page, session
        self._wanted = Wanted()
        page.narrowed.connect(self._narrow)
        page.save_requested.connect(self._save)
        page.clear_requested.connect(self._clear)

    def show(self) -> None:
        """Bring the page up to date."""
        everything = self._session.vault.disclosures()
        names = self._session.source_names()
        self._page.show_view(disclosures_view(everything, self._wanted, names, self._now()))

    def _now(self) -> datetime:
        return self._session.clock().astimezone()

    def _narrow(self, source_id: str, what: str, day: str) -> None:
        self._wanted = Wanted(source_id, what, day)
        self.show()

    def _save(self, path: str) -> None:
        now = self._now()
        wanted = [each for each in self._session.vault.disclosures() if self._wanted.fits(each, now)]
        try:
            write_private(Path(path), disclosures_csv(wanted))
        except PrivacyGuardError as error:
            self._page.problem.show_error(error)
        else:
            self._page.problem.clear()

    def _clear(self) -> None:
        try:
            self._session.vault.clear_disclosures()
        except PrivacyGuardError as error:
            self._page.problem.show_error(error)
            return
        self._wanted = Wanted()
        self.show()


def disclosures_view(everything: Sequence[Disclosure], wanted: Wanted, names: Names, now: datetime) -> DisclosuresView:
    """Three totals over everything, and the requests that are wanted with their sum."""
    shown = [each for each in everything if wanted.fits(each, now)]
    rows = tuple(
        DisclosureRow(wording.moment(each.at, now), each.host, _(each.what), _(each.purpose), wording.size(each.bytes))
        for each in shown
    )
    sources = dict.fromkeys(each.source_id for each in everything)
    days = {_day(each, now): wording.day(each.at.astimezone(now.tzinfo).date()) for each in everything}
    return DisclosuresView(
        _totals(everything),
        rows,
        total_words(shown) if shown else "",
        tuple((source_id, names.get(source_id, source_id)) for source_id in sources),
        tuple((what, _(what)) for what in dict.fromkeys(each.what for each in everything)),
        tuple(sorted(days.items(), reverse=True)),
        bool(everything),
    )


def _totals(everything: Sequence[Disclosure]) -> tuple[tuple[str, str], ...]:
    photos = sum("photo" in each.what for each in everything)
    addresses = sum("full e-mail" in each.what for each in everything)
    rest = len(everything) - photos - addresses
    return (
        (str(photos), ngettext("photo sent, by you", "photos sent, by you", photos)),
        (str(addresses), ngettext("time an e-mail address was sent", "times an e-mail address was sent", addresses)),
        (str(rest), ngettext("short code or public request", "short codes and public requests", rest)),
    )


def _day(each: Disclosure, now: datetime) -> str:
    return each.at.astimezone(now.tzinfo).date().isoformat()
