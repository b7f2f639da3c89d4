"""The child process that reads one saved page, gives its pictures out in pieces, and ends with the pipe.

Closed off as the workers that look at pictures are; it loads no library of theirs.
"""

from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from privacyguard.analysis import confine
from privacyguard.analysis.confinement import Confinement, ready_message
from privacyguard.analysis.saved_messages import PIECE_BYTES, answer_of, problem_of
from privacyguard.analysis.saved_pages import Inside, read_saved
from privacyguard.analysis.worker import serve
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.model.saved import SavedPageTooLarge, SavedPageUnreadable
from privacyguard.pictures.files import read_bounded

SAMPLE = (
    "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\nSnapshot-Content-Location: https://a.example.com/\n\n"
    "--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    "<title>a &amp; b</title><a href=3D'https://www.b=C3=BCcher.example.com/'><img src=3D'cid:c'></a>\n"
    "--b\nContent-Type: image/gif\nContent-Transfer-Encoding: base64\nContent-ID: <c>\n\nR0lGODlh"
    + "A" * 800
    + "\n--b--\n"
)
"""It makes the reader load all that it ever loads."""


class SavedPageReader:
    """Answers requests about one saved page: first what is in it, then pieces of its pictures."""

    def __init__(self) -> None:
        self._inside: list[Inside] = []

    def answer(self, request: Mapping[str, Any], source: int | bytes) -> bytes:
        """What is in the page, as :func:`saved_messages.saved_of` takes it; or a piece of a picture, as it is.

        ``source``: an open file, or the content; b"" with a request for a piece.
        """
        if request["do"] == "piece":
            start = int(request["start"])
            return self._inside[int(request["number"])].content[start : start + PIECE_BYTES]
        try:
            saved = read_saved(source if isinstance(source, bytes) else read_bounded(source))
        except SavedPageUnreadable as error:
            return problem_of(error)
        except PictureUnreadable as error:
            return problem_of(SavedPageTooLarge() if error.reason is Unreadable.TOO_LARGE else SavedPageUnreadable())
        except MemoryError:
            return problem_of(SavedPageTooLarge())
        self._inside = saved.inside
        return answer_of(saved)


def run(connection: Connection, parent: int) -> None:
    """Give up what is not needed, then answer until the pipe is closed."""
    reader, confinement = prepare(connection, parent)
    connection.send_bytes(ready_message(confinement))
    serve(connection, reader)


def prepare(connection: Connection, parent: int) -> tuple[SavedPageReader, Confinement]:
    """Everything loaded and used once, then closed off; nothing foreign was read until now.

    Raises:
        OSError: the system refused to take something away; the process ends.
    """
    landlock = confine.begin(parent, connection.fileno())
    reader = SavedPageReader()
    reader.answer({"do": "read"}, SAMPLE.encode())
    return reader, confine.finish(landlock)
