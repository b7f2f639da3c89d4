"""The presenter of the source cards: switches, codes, the address of a server, and the pages to watch."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from privacyguard.checkup.plan import CheckupPlan, Web, reason_to_skip
from privacyguard.checkup.web_faces import why_not
from privacyguard.errors import CodeRefused, PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.model.person import Identifier, Person
from privacyguard.model.place import PlaceKind
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import SourceInfo, Theme
from privacyguard.session import Session, key_entry
from privacyguard.sources.base import KeyTester, Source
from privacyguard.ui.links import open_in_browser
from privacyguard.ui.pages.source_groups import SourceGroups
from privacyguard.ui.pages.source_views import SourceCard, SourcesView
from privacyguard.ui.presenters.groups import CREDITS, group_of
from privacyguard.ui.tasks import Report, TaskRunner


class SourcesPresenter(QObject):
    """Joins the groups of cards with the settings, the vault and the password store.

    ``person``: for whom is looked; ``states_first``: whether the person has yet to type the statement; then switching a place
    on that compares faces with the web waits (``statement_wanted``) for :meth:`go_on`.
    """

    changed = Signal()
    statement_wanted = Signal()

    def __init__(
        self,
        groups: SourceGroups,
        session: Session,
        tasks: TaskRunner,
        person: Callable[[], Person | None],
        states_first: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._groups, self._session, self._tasks = groups, session, tasks
        self._person, self._states_first = person, states_first
        self._key_words: dict[str, str] = {}
        self._waiting: str | None = None
        groups.source_switched.connect(self._switch)
        groups.key_entered.connect(self._save_key)
        groups.key_tested.connect(self._test_key)
        groups.key_removed.connect(self._remove_key)
        groups.server_entered.connect(self._confirm_server)
        groups.server_removed.connect(lambda source_id: self._confirm_server(source_id, ""))
        groups.link_opened.connect(open_in_browser)

    def view(self) -> SourcesView:
        """Every source of a checkup as it stands for the person, the folders, and the pages to watch."""
        places = self._session.vault.places()
        folders, pages = (
            tuple(place.value for place in places if place.kind is kind) for kind in (PlaceKind.FOLDER, PlaceKind.URL)
        )
        return SourcesView(tuple(self._card(source) for source in self._in_checkups()), folders, pages)

    def needs_statement(self) -> bool:
        """Whether a place is on that waits for nothing but the statement."""
        return self._states_first() and any(
            _looks_for_faces(source.info) and self._session.is_on(source.info) for source in self._in_checkups()
        )

    def to_send_to(self) -> tuple[SourceInfo, ...]:
        """The places that would be asked now if the person sent them a photo."""
        person = self._person()
        if person is None:
            return ()
        infos = [source.info for source in self._in_checkups() if source.info.sends_pictures]
        ready = [info for info in infos if self._session.is_on(info) and self._session.is_ready(info)]
        return tuple(info for info in ready if self._reason(info, person, self._web(person)) is None)

    def go_on(self, is_stated: bool) -> None:
        """The statement was typed, or not: the switch that waited for it is turned, or stays as it was."""
        source_id, self._waiting = self._waiting, None
        if source_id is not None and is_stated:
            self._session.switch({source_id: True})
        self.changed.emit()
        if source_id is not None:
            self._groups.cards[source_id].switch.box.setFocus()

    def _in_checkups(self) -> list[Source]:
        return [source for source in self._session.sources if not source.info.by_hand]

    def _card(self, source: Source) -> SourceCard:
        info, person = source.info, self._person()
        why, note = self._whether(info, person) if person is not None else ("", "")
        has_key = info.needs_key and self._session.is_ready(info)
        credit, credit_url = CREDITS.get(info.id, ("", ""))
        return SourceCard(
            source_id=info.id,
            group=group_of(info),
            name=_(info.name),
            finds=_(info.finds),
            discloses=_(info.discloses),
            cost=_(info.cost),
            is_on=self._session.is_on(info),
            why_not=_(why),
            note=_(note),
            needs_key=info.needs_key,
            has_key=has_key,
            can_test_key=isinstance(source, KeyTester),
            key_words=self._key_words.get(info.id, _("Your code is saved.") if has_key else ""),
            key_url=info.key_url,
            sends_pictures=info.sends_pictures,
            own_server=info.own_server,
            server=(self._session.server_of(info.id) or "") if info.own_server else "",
            has_folders=info.id == "folders",
            has_pages=info.named_sites and not info.accepts,
            credit=_(credit),
            credit_url=credit_url,
        )

    def _whether(self, info: SourceInfo, person: Person) -> tuple[str, str]:
        """Why this place cannot be asked for this person at all; else what is still missing where it is on."""
        with_all = replace(person, identifiers=tuple(Identifier(kind, "x") for kind in info.accepts))
        never = self._reason(info, with_all, Web(None, True, frozenset({info.id}))) or ""
        if never or not self._session.is_on(info):
            return never, ""
        return "", self._reason(info, person, self._web(person)) or ""

    def _reason(self, info: SourceInfo, person: Person, web: Web) -> str | None:
        """Why this place is not asked where it is on and gets its photo."""
        plan = CheckupPlan(
            person.person_id,
            frozenset({info.id}),
            photos={info.id: (b"1",)},
            face_search_agreed=frozenset({info.id}),
        )
        return reason_to_skip(info, person, plan, has_folders=True, web=web)

    def _web(self, person: Person) -> Web:
        session = self._session
        has_pages = any(place.kind is PlaceKind.URL for place in session.vault.places())
        asked = [source.info.id for source in self._in_checkups() if source.info.own_server]
        servers = frozenset(each for each in asked if each in session.settings.bases or session.server_of(each))
        return Web(why_not(person, session.vault, session.clock()), has_pages, servers)

    def _switch(self, source_id: str, is_on: bool) -> None:
        if is_on and _looks_for_faces(self._session.source(source_id).info) and self._states_first():
            self._waiting = source_id
            self.changed.emit()
            self.statement_wanted.emit()
            return
        self._session.switch({source_id: is_on})
        self.changed.emit()

    def _save_key(self, source_id: str, key: str) -> None:
        """Keep the code in the password store, then try it where the service can tell."""
        self._try_key(source_id, key.strip(), is_new=True)

    def _test_key(self, source_id: str) -> None:
        code = self._session.api_key(source_id)
        if code is not None:
            self._try_key(source_id, code, is_new=False)

    def _try_key(self, source_id: str, code: str, is_new: bool) -> None:
        session, source = self._session, self._session.source(source_id)
        session.personal.add([code])

        def save_and_test(token: CancelToken, report: Report) -> object:
            if is_new:
                session.save_api_key(source_id, code)
            if not isinstance(source, KeyTester):
                return _("Your code is saved.")
            plan = source.test_key(session.network.bind(source.info, token, code))
            return _("Your code works. {plan}").format(plan=plan)

        def tell(words: object) -> None:
            field = self._groups.cards[source_id].key
            if field is not None and is_new:
                field.show_error("")
            self._say(source_id, str(words))

        def fail(error: PrivacyGuardError, details: str) -> None:
            saved = _("Your code is saved, but it could not be tested now.")
            self._say(source_id, _(error.title) if isinstance(error, CodeRefused) else f"{saved} {_(error.title)}")

        self._tasks.start(save_and_test, done=tell, failed=fail)

    def _remove_key(self, source_id: str) -> None:
        self._session.keys.delete(key_entry(source_id))
        self._say(source_id, _("Your code was erased."))

    def _confirm_server(self, source_id: str, address: str) -> None:
        """Keep the address that the person said yes to, or take it away."""
        field = self._groups.cards[source_id].server
        assert field is not None
        try:
            self._session.confirm_server(source_id, address)
        except PrivacyGuardError as error:
            field.show_error(_(error.title))
            return
        field.show_error("")
        self.changed.emit()

    def _say(self, source_id: str, words: str) -> None:
        self._key_words[source_id] = words
        self.changed.emit()


def _looks_for_faces(info: SourceInfo) -> bool:
    """Whether what it brings is compared with the person's face and comes from the web."""
    return info.theme is Theme.PICTURES and info.id != "folders"
