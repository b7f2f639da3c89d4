"""An export of a password manager or browser, read by a closed-off worker of its own that then ends."""

from pathlib import Path

from privacyguard.analysis import export_worker
from privacyguard.analysis.export_messages import read_of
from privacyguard.analysis.exports import ExportRead
from privacyguard.analysis.messages import BadAnswer
from privacyguard.analysis.opening import opened_for_worker
from privacyguard.analysis.worker_process import WorkerProcess
from privacyguard.errors import PictureUnreadable
from privacyguard.model.export import ExportNotOpened, ExportTooLarge, ExportUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.model.progress import CancelToken

READ_TIMEOUT_S = 60.0

_REASONS = {
    Unreadable.TOO_LARGE: ExportTooLarge,
    Unreadable.GONE: ExportNotOpened,
    Unreadable.NO_PERMISSION: ExportNotOpened,
    Unreadable.NOT_A_FILE: ExportNotOpened,
}


def read_in_worker(
    source: Path | bytes, wants_passwords: bool, cancel: CancelToken, timeout_s: float = READ_TIMEOUT_S
) -> ExportRead:
    """The sites and names in an export, and with ``wants_passwords`` the SHA-1 of each password. Blocks; takes about 0.3 s.

    The file is opened here and handed over; the worker can open none, and nothing else of the file comes back.

    Raises:
        ExportUnreadable: one of its kinds; also where the worker died, lied or took more than ``timeout_s``.
        Cancelled: at once.
    """
    try:
        with opened_for_worker(source) as (opened, _is_video):
            cancel.check()
            reader = WorkerProcess(export_worker.run)
            try:
                reader.start(cancel)
                answer = reader.ask({"wants_passwords": wants_passwords}, opened, timeout_s, cancel)
            finally:
                reader.kill()
            return read_of(answer, wants_passwords)
    except PictureUnreadable as error:
        raise _REASONS.get(Unreadable(error.reason), ExportUnreadable)() from None
    except BadAnswer:
        raise ExportUnreadable from None
