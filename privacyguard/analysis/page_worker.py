"""The child process that reads pages of the web. Closed off as the workers that look at pictures are; it opens none."""

from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from privacyguard.analysis import confine
from privacyguard.analysis.confinement import Confinement, ready_message
from privacyguard.analysis.html_pages import read_page, read_style
from privacyguard.analysis.page_messages import map_answer, page_answer, problem_answer
from privacyguard.analysis.sitemaps import read_site_map
from privacyguard.analysis.worker import serve
from privacyguard.model.webpage import PageUnreadable

ADDRESS = "https://www.bücher.example.com/"
SAMPLES = {
    "page": b"<!doctype html><meta charset=koi8-r><title>a</title><img src=a.jpg><script type=application/ld+json>{}</script>",
    "style": b"a{background:url(a.jpg)}",
    "map": b"<urlset><url><loc>https://example.com/</loc></url></urlset>",
}
"""They make the reader load all that it ever loads."""


class PagesReader:
    """Answers requests about pages, style sheets and site maps."""

    def answer(self, request: Mapping[str, Any], source: int | bytes) -> bytes:
        """What ``page_messages`` takes. ``source``: the content; files are not read here."""
        content = source if isinstance(source, bytes) else b""
        address, charset = str(request["address"]), request.get("charset")
        named = charset if isinstance(charset, str) else None
        try:
            match request["do"]:
                case "page":
                    return page_answer(read_page(content, address, named))
                case "style":
                    return page_answer(read_style(content, address, named))
                case _:
                    return map_answer(read_site_map(content, address))
        except PageUnreadable as error:
            return problem_answer(error)
        except (MemoryError, RecursionError):
            return problem_answer(PageUnreadable("size"))


def run(connection: Connection, parent: int) -> None:
    """Give up what is not needed, then answer requests until the pipe is closed."""
    reader, confinement = prepare(connection, parent)
    connection.send_bytes(ready_message(confinement))
    serve(connection, reader)


def prepare(connection: Connection, parent: int) -> tuple[PagesReader, Confinement]:
    """Everything loaded and used once, then closed off; nothing foreign was read until now.

    Raises:
        OSError: the system refused to take something away; the process ends.
    """
    landlock = confine.begin(parent, connection.fileno())
    reader = PagesReader()
    for what, sample in SAMPLES.items():
        reader.answer({"do": what, "address": ADDRESS}, sample)
    return reader, confine.finish(landlock)
