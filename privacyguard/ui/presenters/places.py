"""The presenter of the folders that are looked through and the web pages that are watched, wherever they are shown."""

from PySide6.QtCore import QObject, Signal

from privacyguard.i18n import _
from privacyguard.model.place import Place, PlaceKind
from privacyguard.net.typed_pages import PageNotTaken, typed_page
from privacyguard.session import Session
from privacyguard.ui.pages.accounts import FoldersCard
from privacyguard.ui.pages.watched_pages import WatchedPages


class PlacesPresenter(QObject):
    """Adds and removes folders and, where ``pages`` is there, pages. ``changed``: something was kept."""

    changed = Signal()

    def __init__(self, folders: FoldersCard, pages: WatchedPages | None, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        folders.added.connect(lambda folder: self._add(Place(PlaceKind.FOLDER, folder)))
        folders.removed.connect(lambda folder: self._remove(Place(PlaceKind.FOLDER, folder)))
        self._pages = pages
        if pages is not None:
            pages.added.connect(self._add_page)
            pages.removed.connect(lambda page: self._remove(Place(PlaceKind.URL, page)))

    def _add_page(self, typed: str) -> None:
        assert self._pages is not None
        try:
            address = typed_page(typed, self._session.settings.resolve)
        except PageNotTaken as error:
            self._pages.field.show_error(f"{_(error.title)} {_(error.remedy)}")
            return
        self._pages.field.show_error("")
        self._add(Place(PlaceKind.URL, address))

    def _add(self, place: Place) -> None:
        self._session.personal.add([place.value])
        self._session.vault.add_place(place)
        self.changed.emit()

    def _remove(self, place: Place) -> None:
        self._session.vault.remove_place(place)
        self.changed.emit()
