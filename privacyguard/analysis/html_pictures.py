"""Addresses of pictures in the small languages inside a page: lists of sizes, CSS, and JSON-LD."""

import json
import re
from collections.abc import Iterator

ADDRESS_CHARS = 2048
WIDTH_ENOUGH = 2560
"""Pixels of a picture in a list of sizes: a wider one is taken only where there is no other."""

JSON_STEPS = 20_000

_ENDINGS = frozenset(".jpg .jpeg .jpe .jfif .png .webp .gif .avif .heic .heif .tif .tiff .bmp".split())
_OTHER_ENDINGS = frozenset(
    ".svg .svgz .css .js .mjs .json .woff .woff2 .ttf .otf .eot .ico .cur .mp4 .webm .mov .mp3 .pdf".split()
)
_SIZE = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,4})?)([wxh])")
# Without quotes an address holds no "(", as the CSS standard says: so nothing is read twice, however hostile the sheet.
_URL = re.compile(
    r"url\(\s{0,50}+(?:\"([^\"\n]{0,2048}+)\"|'([^'\n]{0,2048}+)'|([^()\s\"']{1,2048}+))\s{0,50}+\)", re.IGNORECASE
)
_IMAGE_SET = re.compile(r"image-set\(([^;{}]{0,5000})", re.IGNORECASE)
_QUOTED = re.compile(r"\"([^\"\n]{1,2048})\"|'([^'\n]{1,2048})'")
_IMPORT = re.compile(
    r"@import\s{1,20}(?:url\(\s{0,20})?(?:\"([^\"\n]{1,2048})\"|'([^'\n]{1,2048})'|([^)\s\"';]{1,2048}))", re.IGNORECASE
)
_FONT = re.compile(r"@font-face\s{0,20}+\{[^{}]{0,20000}+\}", re.IGNORECASE)
_JSON_NAMES = frozenset("image images thumbnail thumbnailurl contenturl logo photo photos primaryimageofpage".split())
_JSON_PARTS = frozenset("url contenturl @id thumbnailurl".split())


def ending_of(address: str) -> str:
    """The ending of the file that an address names, in lower case, with its dot; "" where it has none."""
    path = address.partition("#")[0].partition("?")[0]
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:].lower() if dot > 0 and len(name) - dot <= 6 else ""


def names_a_picture(address: str) -> bool:
    """Whether the address ends like one of a picture in a format that we open."""
    return ending_of(address) in _ENDINGS


def may_be_a_picture(address: str) -> bool:
    """Whether the address does not end like something else."""
    return ending_of(address) not in _OTHER_ENDINGS


def largest(sizes: str) -> str | None:
    """Of a ``srcset`` the address of the largest picture that is not wider than needed; None where there is none."""
    found = [(_worth(size), address) for address, size in _candidates(sizes)]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _worth(size: str) -> float:
    match = _SIZE.fullmatch(size)
    if match is None:
        return 1.0
    number = float(match[1])
    is_too_wide = match[2] == "w" and number > WIDTH_ENOUGH
    return -number if is_too_wide else number


def _candidates(sizes: str) -> Iterator[tuple[str, str]]:
    """Address and size of each entry. A comma ends one only after white space or at the end of an address."""
    words = sizes[:100_000].split()
    address = ""
    for word in words:
        if not address:
            address = word.lstrip(",")
            if address.endswith(","):
                yield address.rstrip(","), ""
                address = ""
        else:
            size, comma, rest = word.partition(",")
            yield address, size
            address = rest.lstrip(",") if comma else ""
    if address:
        yield address, ""


def in_css(text: str) -> Iterator[str]:
    """Addresses in CSS that may be pictures, as they are written there."""
    text = _FONT.sub(" ", _without_comments(text))
    for match in _URL.finditer(text):
        address = (match[1] or match[2] or match[3] or "").strip()
        if address and may_be_a_picture(address):
            yield address
    for inside in _IMAGE_SET.finditer(text):
        for quoted in _QUOTED.finditer(inside[1]):
            address = quoted[1] or quoted[2]
            if names_a_picture(address):
                yield address


def imported_styles(text: str) -> Iterator[str]:
    """Addresses of the style sheets that CSS asks for."""
    for match in _IMPORT.finditer(_without_comments(text)):
        yield match[1] or match[2] or match[3]


def _without_comments(text: str) -> str:
    parts, start = [], 0
    while (opened := text.find("/*", start)) >= 0:
        parts.append(text[start:opened])
        closed = text.find("*/", opened + 2)
        if closed < 0:
            return " ".join(parts)
        start = closed + 2
    return " ".join([*parts, text[start:]])


def in_json_ld(text: str) -> Iterator[str]:
    """Addresses of pictures in JSON-LD, as they are written there; nothing where it is not JSON."""
    try:
        waiting: list[tuple[object, bool]] = [(json.loads(text), False)]
    except (ValueError, RecursionError):
        return
    for _ in range(JSON_STEPS):
        if not waiting:
            return
        value, is_picture = waiting.pop()
        if isinstance(value, str):
            if is_picture and len(value) <= ADDRESS_CHARS and may_be_a_picture(value):
                yield value
        elif isinstance(value, list):
            waiting += [(each, is_picture) for each in reversed(value)]
        elif isinstance(value, dict):
            waiting += [(each, _leads_to_picture(name, is_picture)) for name, each in reversed(value.items())]


def _leads_to_picture(name: object, is_picture: bool) -> bool:
    name = str(name).lower()
    return name in _JSON_NAMES or (is_picture and name in _JSON_PARTS)
