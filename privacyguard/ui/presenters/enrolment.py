"""Photos offered on the page "Add your face": looked at by a worker, judged together, kept only when the page is left."""

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from privacyguard import wording_pictures
from privacyguard.errors import PictureUnreadable, PrivacyGuardError
from privacyguard.faces.enrolment import Judgement, enrolled_photos, judge
from privacyguard.faces.weights import MODEL_ID
from privacyguard.i18n import _
from privacyguard.model.person import FaceTemplate
from privacyguard.model.picture import FaceCut, PhotoProblem, PictureAnalysis, Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.session import Session
from privacyguard.ui.tasks import Report, TaskRunner
from privacyguard.ui.wizard.views import PhotoRow

OFFERED_AT_MOST = 20


@dataclass
class _Photo:
    source: Path | bytes = field(repr=False)
    looked: PictureAnalysis | Unreadable | None = field(default=None, repr=False)
    picked: int | None = None


class Enrolment(QObject):
    """The photos of one visit to the page. ``changed`` comes whenever something new is known of one."""

    changed = Signal()
    failed = Signal(object, str)

    def __init__(self, session: Session, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._photos: dict[int, _Photo] = {}
        self._next = 0

    def offer(self, sources: list[Path | bytes]) -> None:
        """Look at these photos, one after the other, off the GUI thread."""
        for source in sources[: max(0, OFFERED_AT_MOST - len(self._photos))]:
            photo_id, self._next = self._next, self._next + 1
            self._photos[photo_id] = _Photo(source)

            def look(token: CancelToken, report: Report, source: Path | bytes = source) -> object:
                try:
                    return self._session.pool.analyse(source, cuts=True, own=True, cancel=token)
                except PictureUnreadable as error:
                    return Unreadable(error.reason)

            def keep(looked: object, photo_id: int = photo_id) -> None:
                self._keep(photo_id, looked)

            self._tasks.start(look, done=keep, failed=self._fail)
        self.changed.emit()

    def remove(self, photo_id: int) -> None:
        """Leave a photo out."""
        self._photos.pop(photo_id, None)
        self.changed.emit()

    def pick(self, photo_id: int, face: int) -> None:
        """The person pointed at their face in a photo with several."""
        if photo_id in self._photos:
            self._photos[photo_id].picked = face
            self.changed.emit()

    def forget(self) -> None:
        """Let go of all photos."""
        self._photos.clear()
        self.changed.emit()

    @property
    def rows(self) -> tuple[PhotoRow, ...]:
        """What is said of each photo."""
        judged = self._judged()
        return tuple(_row(photo_id, photo, judged.get(photo_id)) for photo_id, photo in self._photos.items())

    @property
    def used(self) -> int:
        """How many photos would be part of the face pattern."""
        return sum(judgement.used for judgement in self._judged().values())

    def template(self) -> FaceTemplate | None:
        """The face pattern of the photos that can be used; None where there are none."""
        photos = enrolled_photos(list(self._judged().values()))
        return FaceTemplate(photos, MODEL_ID, self._session.clock()) if photos else None

    def sources_used(self) -> list[Path | bytes]:
        """The photos that are used, for a search that the person agrees to."""
        return [self._photos[photo_id].source for photo_id, judgement in self._judged().items() if judgement.used]

    def _judged(self) -> dict[int, Judgement]:
        looked = {pid: photo for pid, photo in self._photos.items() if photo.looked is not None}
        picked = {place: p.picked for place, p in enumerate(looked.values()) if p.picked is not None}
        judgements = judge([photo.looked for photo in looked.values() if photo.looked is not None], picked)
        return dict(zip(looked, judgements, strict=True))

    def _keep(self, photo_id: int, looked: object) -> None:
        if photo_id in self._photos and isinstance(looked, PictureAnalysis | Unreadable):
            self._photos[photo_id].looked = looked
            self.changed.emit()

    def _fail(self, error: PrivacyGuardError, details: str) -> None:
        self._photos = {pid: photo for pid, photo in self._photos.items() if photo.looked is not None}
        self.failed.emit(error, details)
        self.changed.emit()


def _row(photo_id: int, photo: _Photo, judgement: Judgement | None) -> PhotoRow:
    if judgement is None or photo.looked is None:
        return PhotoRow(photo_id, _("Looking at it…"), "", is_busy=True)
    faces = photo.looked.faces if isinstance(photo.looked, PictureAnalysis) else ()
    cuts = tuple(face.cut for face in faces if face.cut is not None)
    cut: FaceCut | None = None
    if judgement.face is not None and judgement.face < len(faces):
        cut = faces[judgement.face].cut
    problem = judgement.problem
    words = _("Clear and well lit") if problem is None else wording_pictures.photo_problem(problem)
    if problem is not None and judgement.used:
        words = _("We can use it, a better one helps more.")
    needs_choice = problem in (PhotoProblem.SEVERAL_FACES, PhotoProblem.DIFFERENT_PERSON) or photo.picked is not None
    return PhotoRow(
        photo_id,
        wording_pictures.photo_heading(problem),
        words,
        is_used=judgement.used,
        is_problem=problem is not None,
        cut=cut or (cuts[0] if len(cuts) == 1 else None),
        faces=cuts if needs_choice or len(cuts) > 1 else (),
    )
