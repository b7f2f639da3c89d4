"""The presenter of the source cards: switches, codes, and the yes to send a photo this time."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from privacyguard.checkup.plan import CheckupPlan, reason_to_skip
from privacyguard.errors import CodeRefused, PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.model.person import Identifier, Person
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import SourceInfo
from privacyguard.session import Session
from privacyguard.sources.base import KeyTester
from privacyguard.ui.links import open_in_browser
from privacyguard.ui.tasks import Report, TaskRunner
from privacyguard.ui.wizard.views import SourceCard
from privacyguard.ui.wizard.where_page import WherePage


class SourcesPresenter(QObject):
    """Joins the page "Where may we look?" with the settings and the password store."""

    changed = Signal()

    def __init__(
        self,
        page: WherePage,
        session: Session,
        tasks: TaskRunner,
        person: Callable[[], Person | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page, self._session, self._tasks, self._person = page, session, tasks, person
        self._sending: dict[str, bool] = {}
        self._key_words: dict[str, str] = {}
        page.source_switched.connect(self._switch)
        page.key_entered.connect(self._save_key)
        page.sending_switched.connect(self._set_sending)
        page.link_opened.connect(open_in_browser)

    @property
    def sends_to(self) -> frozenset[str]:
        """The sources that the person said yes to sending a photo to, this time."""
        return frozenset(source_id for source_id, is_sent in self._sending.items() if is_sent)

    def forget_sending(self) -> None:
        """The yes was for one time."""
        self._sending.clear()

    def cards(self) -> tuple[SourceCard, ...]:
        """Every source of a checkup as it stands for the person."""
        person = self._person()
        cards = [source.info for source in self._session.sources if not source.info.by_hand]
        return tuple(self._card(info, person) for info in cards) if person else ()

    def _card(self, info: SourceInfo, person: Person) -> SourceCard:
        everything = CheckupPlan(person.person_id, frozenset({info.id}), photos={info.id: (b"1",)})
        with_all = replace(person, identifiers=tuple(Identifier(kind, "x") for kind in info.accepts))
        why_not = reason_to_skip(info, with_all, everything, has_folders=True) or ""
        has_key = info.needs_key and self._session.is_ready(info)
        cut = person.template.photos[0].cut if person.template and info.sends_pictures else None
        return SourceCard(
            source_id=info.id,
            name=_(info.name),
            finds=_(info.finds),
            discloses=_(info.discloses),
            cost=_(info.cost),
            is_on=self._session.is_on(info),
            why_not=_(why_not),
            needs_key=info.needs_key,
            has_key=has_key,
            key_words=self._key_words.get(info.id, _("Your code is saved.") if has_key else ""),
            key_url=info.key_url,
            sends_pictures=info.sends_pictures,
            photo=cut,
            sends_now=self._sending.get(info.id, False),
            has_folders=info.id == "folders",
        )

    def _switch(self, source_id: str, is_on: bool) -> None:
        self._session.switch({source_id: is_on})
        self.changed.emit()

    def _set_sending(self, source_id: str, is_on: bool) -> None:
        self._sending[source_id] = is_on
        self.changed.emit()

    def _save_key(self, source_id: str, key: str) -> None:
        """Keep the code in the password store, then try it where the service can tell."""
        session, code = self._session, key.strip()
        source = session.source(source_id)

        def save_and_test(token: CancelToken, report: Report) -> object:
            session.save_api_key(source_id, code)
            if not isinstance(source, KeyTester):
                return _("Your code is saved.")
            plan = source.test_key(session.network.bind(source.info, token, code))
            return _("Your code works. {plan}").format(plan=plan)

        def tell(words: object) -> None:
            field = self._page.cards[source_id].key
            if field is not None:
                field.show_error("")
            self._say(source_id, str(words))

        def fail(error: PrivacyGuardError, details: str) -> None:
            saved = _("Your code is saved, but it could not be tested now.")
            self._say(source_id, _(error.title) if isinstance(error, CodeRefused) else f"{saved} {_(error.title)}")

        self._tasks.start(save_and_test, done=tell, failed=fail)

    def _say(self, source_id: str, words: str) -> None:
        self._key_words[source_id] = words
        self.changed.emit()
