"""The presenter of cleaned copies: reads what photos tell, and writes copies where the person wants them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QObject

from privacyguard import wording_pictures
from privacyguard.errors import PictureUnreadable, PrivacyGuardError
from privacyguard.i18n import _, ngettext
from privacyguard.model.picture import Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.model.provenance import HiddenDetails, HiddenKind
from privacyguard.session import Session
from privacyguard.ui.pages.clean import CleanPage, CleanRow, CleanView
from privacyguard.ui.tasks import Report, Task, TaskRunner
from privacyguard.ui.widgets.text import one_line

PHOTOS_AT_ONCE = 200


@dataclass(frozen=True)
class Photo:
    """A photo that was chosen: what it tells, or in words why that is not known; ``done``: what became of it, in words."""

    path: Path = field(repr=False)
    details: HiddenDetails | None = None
    problem: str = ""
    done: str = ""


class CleaningPresenter(QObject):
    """Joins the page with the workers. Files are read and written in a thread of its own."""

    def __init__(self, page: CleanPage, session: Session, tasks: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._page, self._session, self._tasks = page, session, tasks
        self._photos: tuple[Photo, ...] = ()
        self._running: Task | None = None
        page.files_offered.connect(self._read)
        page.folder_chosen.connect(self._write)
        page.cancel_requested.connect(self._stop)

    def _read(self, files: list[str]) -> None:
        chosen = list(dict.fromkeys(Path(file) for file in files))[:PHOTOS_AT_ONCE]
        left_out = max(0, len(set(files)) - PHOTOS_AT_ONCE)
        said = ngettext("{count} photo was left out.", "{count} photos were left out.", left_out).format(count=left_out)
        self._start(chosen, self._told, said if left_out else "")

    def _write(self, folder: str) -> None:
        by_path = {photo.path: photo for photo in self._photos}

        def clean(path: Path, token: CancelToken) -> Photo:
            photo = by_path[path]
            return photo if photo.details is None else self._cleaned(photo, Path(folder), token)

        self._start(list(by_path), clean, _("Done. Your photos stay as they are."))

    def _told(self, path: Path, token: CancelToken) -> Photo:
        try:
            details = self._session.pool.hidden_details(path, token)
        except PictureUnreadable as error:
            return Photo(path, problem=_unreadable(error))
        return Photo(path, details) if details is not None else Photo(path, problem=_("We cannot clean videos."))

    def _cleaned(self, photo: Photo, folder: Path, token: CancelToken) -> Photo:
        from privacyguard.checkup.cleaning import write_beside

        try:
            out = write_beside(self._session.pool.clean(photo.path, token), photo.path, folder)
        except PictureUnreadable as error:
            return replace(photo, done=_unreadable(error))
        except PrivacyGuardError as error:
            return replace(photo, done=f"{_(error.title)} {_(error.remedy)}")
        return replace(photo, done=_("Cleaned copy: {path}").format(path=one_line(str(out))))

    def _start(self, paths: Sequence[Path], work_on: Callable[[Path, CancelToken], Photo], said: str) -> None:
        if self._running is not None or not paths:
            return
        done: dict[Path, Photo] = {}

        def work(token: CancelToken, report: Report) -> object:
            for number, path in enumerate(paths):
                token.check()
                report((number, len(paths)))
                done[path] = work_on(path, token)
            return None

        def end(words: str) -> None:
            self._running = None
            self._photos = tuple({**self._before(paths), **done}.values())
            self._page.show_view(clean_view(self._photos, words))
            self._page.show_running(False)

        def fail(error: PrivacyGuardError, details: str) -> None:
            end("")
            self._page.problem.show_error(error, details)

        self._page.show_running(True)
        self._running = self._tasks.start(
            work,
            done=lambda _result: end(said),
            failed=fail,
            progressed=self._show_progress,
            cancelled=lambda: end(_("Stopped. What was done until now is kept.")),
        )

    def _before(self, paths: Sequence[Path]) -> Mapping[Path, Photo]:
        """The photos that are shown already, where these are worked on once more."""
        return {photo.path: photo for photo in self._photos if photo.path in set(paths)}

    def _show_progress(self, progress: object) -> None:
        assert isinstance(progress, tuple)
        done, total = progress
        self._page.working.show_progress(done, total)

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()


def clean_view(photos: Sequence[Photo], said: str = "") -> CleanView:
    """The photos with what they tell, a line each."""
    rows = tuple(CleanRow(one_line(photo.path.name), photo_lines(photo), photo.done) for photo in photos)
    return CleanView(rows, any(photo.details is not None for photo in photos), said)


def photo_lines(photo: Photo) -> tuple[str, ...]:
    """What a photo tells beside what it shows, or why that is not known."""
    details = photo.details
    if details is None:
        return (photo.problem,)
    if not details.kinds:
        return (_("We found nothing hidden in this photo."),)
    known = {
        HiddenKind.PLACE: None if details.place is None else "{:.5f}, {:.5f}".format(*details.place),
        HiddenKind.TIME: details.taken_at,
        HiddenKind.DEVICE: details.device,
        HiddenKind.SERIAL: details.serial,
    }
    lines = [_("It tells:")]
    for kind in HiddenKind:
        if kind in details.kinds:
            words, value = wording_pictures.hidden_kind(kind), known.get(kind)
            lines.append(f"• {words}: {one_line(value)}" if value else f"• {words}")
    return tuple(lines)


def _unreadable(error: PictureUnreadable) -> str:
    reason = wording_pictures.unreadable(Unreadable(error.reason))
    return _("This file cannot be cleaned: {reason}.").format(reason=reason)
