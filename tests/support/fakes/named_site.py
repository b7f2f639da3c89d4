"""A site that a person names, as small as can be: a page that shows pictures of the same host, and no rules for programs."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.support.servers import Answer, Seen

SITE_HOST = "named-club.example"


@dataclass
class NamedSite:
    """``host``: its name; ``pictures``: name to content; ``page``: the path of the page that shows them all."""

    host: str = SITE_HOST
    pictures: dict[str, bytes] = field(default_factory=dict)
    page: str = "/team.html"

    def answer(self, seen: Seen) -> Answer:
        """What it says to a request."""
        path = urlsplit(seen.path).path
        if path == self.page:
            shown = "".join(f'<img src="/{name}" width="512" height="512">' for name in self.pictures)
            return Answer(200, f"<!DOCTYPE html><title>The team</title>{shown}".encode(), "text/html; charset=utf-8")
        content = self.pictures.get(path.removeprefix("/"))
        return Answer(200, content, "image/jpeg") if content is not None else Answer(404, b"", "text/html")
