"""What would leave this computer, shown before it does: drawn by a closed-off worker of its own that then ends."""

from privacyguard.analysis import preview_worker
from privacyguard.analysis.messages import BadAnswer, bytes_of, parse_answer, unreadable_of
from privacyguard.analysis.worker_process import WorkerProcess
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.model.progress import CancelToken
from privacyguard.model.upload import PREVIEW_PX, Preview

DRAW_TIMEOUT_S = 20.0
SIDE_AT_MOST = 100_000


def preview_in_worker(content: bytes, cancel: CancelToken, timeout_s: float = DRAW_TIMEOUT_S) -> Preview:
    """This photo in small. Blocks; takes about half a second.

    Raises:
        PictureUnreadable: it cannot be opened; also where the worker died, lied or took more than ``timeout_s``.
        Cancelled: at once.
    """
    cancel.check()
    drawer = WorkerProcess(preview_worker.run)
    try:
        drawer.start(cancel)
        return preview_of(drawer.ask({}, content, timeout_s, cancel))
    except BadAnswer:
        raise PictureUnreadable(Unreadable.CRASHED) from None
    finally:
        drawer.kill()


def preview_of(untrusted: bytes) -> Preview:
    """What an answer holds.

    Raises:
        PictureUnreadable: it says that the photo could not be opened.
        BadAnswer: any part of it has not the agreed form.
    """
    answer = parse_answer(untrusted)
    reason = unreadable_of(answer)
    if reason is not None:
        raise PictureUnreadable(reason)
    width, height = (_side(answer.get(name), PREVIEW_PX) for name in ("width", "height"))
    full_width, full_height = (_side(answer.get(name), SIDE_AT_MOST) for name in ("full_width", "full_height"))
    rgb = bytes_of(answer.get("rgb"))
    if len(rgb) != width * height * 3:
        raise BadAnswer("size of a preview")
    return Preview(width, height, rgb, full_width, full_height)


def _side(untrusted: object, most: int) -> int:
    if type(untrusted) is not int or not 1 <= untrusted <= most:
        raise BadAnswer("no side of a picture")
    return untrusted
