"""What is in a page that was saved by a browser: its pictures, and the page each one led to. Runs in the confined process only.

Two forms: one file (MHTML, or HTML that holds its pictures as ``data:``), and HTML with a folder of pictures beside it. The
pictures of a folder are taken by the process outside (:mod:`privacyguard.analysis.saved_folder`); here their links are read.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from privacyguard.analysis.saved_links import HTML_LETTERS, name_of, read_words, web_address
from privacyguard.analysis.saved_mime import Part, Parts, is_message
from privacyguard.model.saved import NoSavedPage
from privacyguard.model.sites import site_of
from privacyguard.pictures.files import MAGIC_BYTES, is_picture

PICTURES = 2_000
PAGES = 20
"""Of one file: frames are pages of their own."""

LEAST_BYTES = 400
"""What is smaller is a dot or a spacer: no picture of a face."""

_DATA = re.compile(rb"data:image/[a-z0-9.+-]{1,20}(?:;[a-z0-9=._-]{1,40}){0,3};base64,", re.IGNORECASE)
_CODED = re.compile(rb"(?:[A-Za-z0-9+/=_-]|%[0-9A-Fa-f]{2})*")
_LOOKS_LIKE_A_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|img|a\s|div|svg|frameset)", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True)
class Inside:
    """A picture that the file holds itself. ``address``: where it was on the web; ``page``: where it led to, or is shown."""

    content: bytes = field(repr=False)
    address: str | None = field(default=None, repr=False)
    page: str | None = field(default=None, repr=False)


@dataclass
class Saved:
    """What a file holds. ``beside``: from the name of a picture beside it, as it is written, to the page it led to.

    ``left_out``: pictures that are there and were not taken (more than :data:`PICTURES`, or damaged).
    """

    title: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    inside: list[Inside] = field(default_factory=list, repr=False)
    beside: dict[str, str] = field(default_factory=dict, repr=False)
    left_out: int = 0


def read_saved(content: bytes) -> Saved:
    """What is in the file.

    Raises:
        NoSavedPage: it is neither of the two forms.
    """
    if is_message(content):
        return _of_parts(content)
    html, held = _unpacked(content)
    if not _LOOKS_LIKE_A_PAGE.search(html[:100_000]):
        raise NoSavedPage
    words = read_words(html, None)
    saved = Saved(words.title, words.address, left_out=held.left_out)
    for name, picture in held.pictures.items():
        saved.inside.append(Inside(picture, None, _page(words.links.get(name), saved.address)))
    saved.beside = {
        name: page for name, link in words.links.items() if ":" not in name and (page := _page(link, saved.address))
    }
    return saved


def _of_parts(content: bytes) -> Saved:
    parts = Parts(content)
    saved, links, held, found = Saved(), dict[str, str](), _Held(), list[Part]()
    pages = 0
    for part in parts:
        if part.kind in ("text/html", "application/xhtml+xml") and part.body is not None and pages < PAGES:
            html, held = _unpacked(part.body, part.charset, held)
            own = web_address(parts.address) if not pages else None
            words = read_words(html, own or web_address(part.place))
            links = {**words.links, **links}
            if not pages:
                saved.title, saved.address = words.title, words.address
            pages += 1
        elif part.kind.startswith("image/") or part.body is None:
            found.append(part)
    if not pages and not found:
        raise NoSavedPage
    saved.left_out = parts.left_out + held.left_out
    for name, picture in held.pictures.items():
        saved.inside.append(Inside(picture, None, _page(links.get(name), saved.address)))
    _take(found, links, saved)
    return saved


def _take(parts: list[Part], links: dict[str, str], saved: Saved) -> None:
    """The pictures among the parts. SVG drawings and the like are none that we look at."""
    seen = {hashlib.sha256(each.content).digest() for each in saved.inside}
    for part in parts:
        if part.body is None:
            saved.left_out += part.kind.startswith("image/")
            continue
        digest = hashlib.sha256(part.body).digest()
        if digest in seen or not _may_show_a_face(part.body):
            continue
        if len(saved.inside) >= PICTURES:
            saved.left_out += 1
            continue
        seen.add(digest)
        names = [name_of(part.place)] if part.place else []
        names += [f"cid:{part.name}"] if part.name else []
        link = next((links[name] for name in names if name in links), None)
        saved.inside.append(Inside(part.body, web_address(part.place), _page(link, saved.address)))


def _page(link: str | None, own: str | None) -> str | None:
    """Where a picture is shown: the page on another site that it led to, else the saved page itself."""
    if link is not None and (own is None or site_of(link) != site_of(own)):
        return link
    return own


@dataclass
class _Held:
    """Pictures that pages hold as ``data:``, by the name that stands in their place."""

    pictures: dict[str, bytes] = field(default_factory=dict, repr=False)
    digests: dict[bytes, str] = field(default_factory=dict, repr=False)
    left_out: int = 0

    def name(self, picture: bytes) -> str:
        """What stands in the picture's place."""
        digest = hashlib.sha256(picture).digest()
        known = self.digests.get(digest)
        if known is not None:
            return known
        if len(self.pictures) >= PICTURES:
            self.left_out += 1
            return ""
        name = self.digests[digest] = f"saved:{len(self.pictures)}"
        self.pictures[name] = picture
        return name


def _unpacked(content: bytes, charset: str | None = None, held: _Held | None = None) -> tuple[str, _Held]:
    """The text of a page, with a short name in place of each picture that it holds, and these pictures."""
    held = held or _Held()
    for mark, coding in _BOMS:
        if content.startswith(mark):
            content = content.decode(coding, "replace").encode("utf-8", "replace")
            charset = "utf-8"
    kept = b"".join(_pieces(content, held))
    found = _CHARSET.search(kept[:4096])
    return _decoded(kept[: 4 * HTML_LETTERS], charset or (found[1].decode("ascii") if found else "utf-8")), held


def _pieces(content: bytes, held: _Held) -> Iterator[bytes]:
    place = 0
    while (found := _DATA.search(content, place)) is not None:
        yield content[place : found.start()]
        coded = _CODED.match(content, found.end())
        place = coded.end() if coded is not None else found.end()
        picture = _picture(content[found.end() : place])
        if picture is None:
            held.left_out += 1
        elif _may_show_a_face(picture):
            yield held.name(picture).encode("ascii")
    yield content[place:]


def _picture(coded: bytes) -> bytes | None:
    plain = unquote_to_bytes(coded).translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return None


def _may_show_a_face(content: bytes) -> bool:
    return len(content) >= LEAST_BYTES and is_picture(content[:MAGIC_BYTES])


def _decoded(text: bytes, charset: str) -> str:
    """The text; in a charset that does not exist, or is none of texts, as UTF-8."""
    try:
        return text.decode(charset, "replace")
    except (LookupError, UnicodeError, ValueError):
        return text.decode("utf-8", "replace")
