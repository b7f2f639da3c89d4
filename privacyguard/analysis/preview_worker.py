"""The child process that draws one photo in small for the window, and then ends.

Closed off as the workers that look at pictures are; it loads the decoders and no face model.
"""

import json
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from privacyguard.analysis import confine
from privacyguard.analysis.confinement import Confinement, ready_message
from privacyguard.analysis.messages import REPLY_BYTES, bytes_to_json
from privacyguard.analysis.worker import serve_one, white_picture
from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.model.upload import PREVIEW_PX


class Drawer:
    """Answers a request for a photo in small."""

    def answer(self, request: Mapping[str, Any], source: int | bytes) -> bytes:
        """The photo in small, as ``preview.preview_of`` takes it. ``source``: an open file, or the content."""
        try:
            told = _drawn(source)
        except PictureUnreadable as error:
            told = {"unreadable": error.reason}
        except MemoryError:
            told = {"unreadable": Unreadable.TOO_LARGE}
        answer = json.dumps(told).encode()
        return answer if len(answer) <= REPLY_BYTES else b'{"unreadable": "too-large"}'


def run(connection: Connection, parent: int) -> None:
    """Give up what is not needed, draw one photo, and end."""
    drawer, confinement = prepare(connection, parent)
    connection.send_bytes(ready_message(confinement))
    serve_one(connection, drawer)


def prepare(connection: Connection, parent: int) -> tuple[Drawer, Confinement]:
    """Everything loaded and used once, then closed off; nothing foreign was read until now.

    Raises:
        OSError: the system refused to take something away; the process ends.
    """
    landlock = confine.begin(parent, connection.fileno())
    drawer = Drawer()
    drawer.answer({}, white_picture(2 * PREVIEW_PX))
    return drawer, confine.finish(landlock)


def _drawn(source: int | bytes) -> dict[str, object]:
    from privacyguard.pictures.decode import load
    from privacyguard.pictures.small import in_small

    picture = load(source, PREVIEW_PX)
    width, height, rgb = in_small(picture.pixels, PREVIEW_PX)
    full = {"full_width": picture.width, "full_height": picture.height}
    return {"width": width, "height": height, "rgb": bytes_to_json(rgb), **full}
