"""The presenter of the question before a photo is sent: which photo, to whom, once for each place and each time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from privacyguard import wording
from privacyguard.analysis.preview import preview_in_worker
from privacyguard.checkup.own_photo import NotOneFace, NotTheirFace, own_photo
from privacyguard.checkup.web_faces import FACE_SEARCH
from privacyguard.errors import PrivacyGuardError
from privacyguard.i18n import _
from privacyguard.model.person import Person
from privacyguard.model.picture import FaceCut
from privacyguard.model.progress import CancelToken
from privacyguard.model.source import SourceInfo
from privacyguard.model.upload import Upload
from privacyguard.pictures.png import png_of
from privacyguard.session import Session
from privacyguard.ui.links import open_in_browser
from privacyguard.ui.pages.sending import SendingPage
from privacyguard.ui.pages.source_views import ReadyPhoto, SendingView
from privacyguard.ui.tasks import Report, Task, TaskRunner


@dataclass(frozen=True)
class SendingAnswers:
    """What the person said yes to, for this time: by source the very bytes that they saw; and each yes to a face search."""

    photos: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict, repr=False)
    face_search_agreed: frozenset[str] = frozenset()


class SendingPresenter(QObject):
    """Asks about one place after the other. ``answered``: the :class:`SendingAnswers`; ``left``: the person went back."""

    answered = Signal(object)
    left = Signal()

    def __init__(
        self,
        page: SendingPage,
        session: Session,
        tasks: TaskRunner,
        person: Callable[[], Person | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._page, self._session, self._tasks, self._person = page, session, tasks, person
        self._places: Sequence[SourceInfo] = ()
        self._at = 0
        self._cuts: tuple[FaceCut, ...] = ()
        self._chosen: int | Path = 0
        self._upload: Upload | None = None
        self._readying: Task | None = None
        self._turn = 0
        self._photos: dict[str, tuple[bytes, ...]] = {}
        self._agreed: set[str] = set()
        page.cut_chosen.connect(self._choose)
        page.file_chosen.connect(lambda path: self._choose(Path(path)))
        page.sent.connect(self._send)
        page.refused.connect(self._next)
        page.left.connect(self._leave)
        page.link_opened.connect(open_in_browser)

    def ask(self, places: Sequence[SourceInfo]) -> None:
        """Ask about these, the first one now; what was answered before is forgotten."""
        person = self._person()
        template = person.template if person else None
        self._cuts = tuple(photo.cut for photo in template.photos) if template else ()
        self._places, self._at = places, 0
        self._photos, self._agreed = {}, set()
        self._show_place()
        self._choose(0)

    def _show_place(self) -> None:
        info = self._places[self._at]
        name = _(info.name)
        self._page.show_view(
            SendingView(
                source_id=info.id,
                name=name,
                discloses=_(info.discloses),
                cost=_(info.cost),
                keeps=_(info.keeps) if info.keeps else "",
                terms_url=info.terms_url,
                place=self._at + 1,
                places=len(self._places),
                cuts=self._cuts,
                face_words=tuple(_(words).format(name=name) for words in FACE_SEARCH) if info.searches_faces else (),
            )
        )

    def _choose(self, chosen: int | Path) -> None:
        """Make the very bytes that would leave, and show what is in them."""
        if self._readying is not None:
            self._readying.cancel()
        self._chosen, self._upload, self._turn = chosen, None, self._turn + 1
        if isinstance(chosen, Path):
            self._session.personal.add([str(chosen)])
        person = self._person()
        if person is None or (isinstance(chosen, int) and chosen >= len(self._cuts)):
            return
        cut = self._cuts[chosen] if isinstance(chosen, int) else None
        pool, turn = self._session.pool, self._turn

        def make_ready(token: CancelToken, report: Report) -> object:
            if cut is not None:
                jpeg = pool.prepare_upload(png_of(cut), token)
            else:
                assert isinstance(chosen, Path)
                jpeg = own_photo(person, chosen, pool, token)
            return Upload(jpeg, preview_in_worker(jpeg, token))

        self._show_photo()
        self._readying = self._tasks.start(
            make_ready,
            done=lambda upload: self._ready(turn, upload),
            failed=lambda error, details: self._not_ready(turn, error),
        )

    def _ready(self, turn: int, upload: object) -> None:
        assert isinstance(upload, Upload)
        if turn == self._turn:  # else another photo was chosen meanwhile
            self._upload = upload
            self._show_photo()

    def _not_ready(self, turn: int, error: PrivacyGuardError) -> None:
        if turn == self._turn:
            words = _("This photo cannot be sent. Please choose another one.")
            is_refused = isinstance(error, NotOneFace | NotTheirFace)
            self._show_photo(f"{_(error.title)} {_(error.remedy)}" if is_refused else words)

    def _show_photo(self, problem: str = "") -> None:
        upload = self._upload
        size = wording.size(len(upload.jpeg)) if upload is not None else ""
        cut = self._chosen if isinstance(self._chosen, int) else None
        self._page.show_photo(ReadyPhoto(cut, upload.preview if upload is not None else None, size, problem))

    def _send(self) -> None:
        if self._upload is None:
            return
        info = self._places[self._at]
        self._photos[info.id] = (self._upload.jpeg,)
        if info.searches_faces:
            self._agreed.add(info.id)
        self._next()

    def _next(self) -> None:
        if self._at + 1 < len(self._places):
            self._at += 1
            self._show_place()
            self._show_photo()
            self._page.focus_first()
            return
        answers = SendingAnswers(self._photos, frozenset(self._agreed))
        self._forget()
        self.answered.emit(answers)

    def _leave(self) -> None:
        self._forget()
        self.left.emit()

    def _forget(self) -> None:
        if self._readying is not None:
            self._readying.cancel()
        self._readying, self._upload, self._turn = None, None, self._turn + 1
        self._photos, self._agreed = {}, set()
