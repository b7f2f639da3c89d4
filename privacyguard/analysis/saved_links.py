"""What the HTML of a saved page says of its pictures: which page each one led to. Runs in the confined process only.

Nothing is opened and nothing is asked for: the names in it are only words to look up among the pictures that are there.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

ADDRESS_LETTERS = 500
TITLE_LETTERS = 300
HTML_LETTERS = 8_000_000
"""Of the page without the pictures that it holds itself. What comes later is not read: only links are lost by that."""

NAMES = 20_000
_PICTURE_NAMES = ("src", "data-src", "data-original", "data-lazy-src", "poster", "xlink:href", "href")
_PICTURE_SETS = ("srcset", "data-srcset")
_PICTURE_TAGS = frozenset({"img", "source", "image", "amp-img", "video", "input"})
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)\s*(\S+)")
_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')\s]+)")


@dataclass
class PageWords:
    """``links``: from a picture's name, as :func:`name_of` writes it, to the page it led to (http or https)."""

    title: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    links: dict[str, str] = field(default_factory=dict, repr=False)


def read_words(html: str, address: str | None) -> PageWords:
    """The words of one page. ``address``: its own where it is known, against which links are read."""
    reader = _Reader(address)
    reader.feed(html[:HTML_LETTERS])
    title = " ".join("".join(reader.title).split())[:TITLE_LETTERS]
    return PageWords(title or None, address or reader.address, reader.links)


def name_of(written: str) -> str:
    """A picture's name in a page as it is looked up: without "./", query and fragment, percent codes resolved."""
    if written.startswith(("http:", "https:", "cid:", "saved:")):
        return written.partition("#")[0]
    return unquote(re.split(r"[?#]", written, maxsplit=1)[0]).removeprefix("./")


def web_address(untrusted: str | None, base: str | None = None) -> str | None:
    """An address with http or https that can be shown, or None. ``base``: what a partial one is read against."""
    if not untrusted or len(untrusted) > 4 * ADDRESS_LETTERS:
        return None
    try:
        text = urljoin(base or "", untrusted.strip())
        parts = urlsplit(text)
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    is_plain = text.isprintable() and " " not in text and "\\" not in text
    return text if is_one and is_plain and len(text) <= ADDRESS_LETTERS else None


def behind(link: str) -> str:
    """The page behind a link of a search engine that leads there by way of itself; any other link unchanged."""
    parts = urlsplit(link)
    if parts.path not in ("/imgres", "/url", "/l.php", "/redirect"):
        return link
    asked = parse_qs(parts.query, max_num_fields=50) if parts.query.count("&") < 50 else {}
    for name in ("imgrefurl", "url", "u", "q"):
        found = web_address(next(iter(asked.get(name, ())), None))
        if found is not None:
            return found
    return link


class _Reader(HTMLParser):
    def __init__(self, address: str | None) -> None:
        super().__init__()
        self.title: list[str] = []
        self.links: dict[str, str] = {}
        self.address: str | None = None
        self._base = address
        self._link: str | None = None
        self._is_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value for name, value in reversed(attrs) if value}
        if tag == "a":
            link = web_address(values.get("href"), self._base or self.address)
            self._link = None if link is None else behind(link)
        elif tag == "title":
            self._is_title = not self.title
        elif tag == "link" and (values.get("rel") or "").lower() == "canonical":
            self.address = self.address or web_address(values.get("href"))
        names = [*_PICTURE_NAMES, *_PICTURE_SETS] if tag in _PICTURE_TAGS else []
        for name in names:
            for written in _written(values.get(name), is_set=name in _PICTURE_SETS):
                self._note(written)
        for written in _IN_STYLE.findall(values.get("style", "")):
            self._note(written)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None
        elif tag == "title":
            self._is_title = False

    def handle_data(self, data: str) -> None:
        if self._is_title and len(self.title) < TITLE_LETTERS:
            self.title.append(data[:TITLE_LETTERS])

    def handle_comment(self, data: str) -> None:
        found = _SAVED_FROM.search(data[:2_000])
        if found is not None:
            self.address = self.address or web_address(found[1])

    def _note(self, written: str) -> None:
        if self._link is None or len(written) > 4 * ADDRESS_LETTERS:
            return
        if len(self.links) < NAMES:
            self.links.setdefault(name_of(written), self._link)


def _written(value: str | None, is_set: bool) -> list[str]:
    if value is None:
        return []
    if not is_set:
        return [value]
    return [each.split()[0] for each in value[:20_000].split(",") if each.strip()]
