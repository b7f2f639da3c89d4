"""The child process that reads one export of a password manager or browser, and then ends.

Closed off as the workers that look at pictures are; it loads no library of theirs.
"""

from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from privacyguard.analysis import confine
from privacyguard.analysis.confinement import Confinement, ready_message
from privacyguard.analysis.export_messages import answer_of, problem_of
from privacyguard.analysis.exports import read_export
from privacyguard.analysis.worker import serve_one
from privacyguard.errors import PictureUnreadable
from privacyguard.model.export import ExportNotOpened, ExportTooLarge, ExportUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures.files import read_bounded

SAMPLE = "url,username,password\nhttps://www.bücher.example.com/,a,b\nandroid://a@com.example/,a,b\n"
"""It makes the reader load all that it ever loads."""


class ExportReader:
    """Answers a request about an export."""

    def answer(self, request: Mapping[str, Any], source: int | bytes) -> bytes:
        """What is in the export, as :func:`export_messages.read_of` takes it. ``source``: an open file, or the content."""
        try:
            content = source if isinstance(source, bytes) else read_bounded(source)
            return answer_of(read_export(content, request["wants_passwords"] is True))
        except ExportUnreadable as error:
            return problem_of(error)
        except PictureUnreadable as error:
            return problem_of(ExportTooLarge() if error.reason is Unreadable.TOO_LARGE else ExportNotOpened())
        except MemoryError:
            return problem_of(ExportTooLarge())


def run(connection: Connection, parent: int) -> None:
    """Give up what is not needed, read one export, and end."""
    reader, confinement = prepare(connection, parent)
    connection.send_bytes(ready_message(confinement))
    serve_one(connection, reader)


def prepare(connection: Connection, parent: int) -> tuple[ExportReader, Confinement]:
    """Everything loaded and used once, then closed off; nothing foreign was read until now.

    Raises:
        OSError: the system refused to take something away; the process ends.
    """
    landlock = confine.begin(parent, connection.fileno())
    reader = ExportReader()
    reader.answer({"wants_passwords": True}, SAMPLE.encode())
    return reader, confine.finish(landlock)
