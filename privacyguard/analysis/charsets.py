"""The bytes of a page as text. Labels as browsers read them: https://encoding.spec.whatwg.org (read 2026-11)."""

import codecs
import re

BYTES_SEARCHED = 2048
"""Of a page's start, in which it may name its own charset; browsers look at half as many."""

_NAMED = re.compile(rb"<meta[^>]{0,500}?charset\s{0,20}=\s{0,20}[\"']?\s{0,20}([a-zA-Z0-9_:.+-]{1,40})", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Where a browser reads a label as a larger charset than its name says.
_LARGER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-16-le",
}
_KNOWN = frozenset(
    "utf-8 utf-16-le utf-16-be cp866 cp874 cp932 cp949 gb18030 big5 euc_jp iso2022_jp koi8-r koi8-u mac-roman".split()
    + [f"cp{number}" for number in range(1250, 1259)]
    + [f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)]
)
"""No others: some codecs of Python's unpack, or read escapes."""


def decoded(content: bytes, named: str | None) -> str:
    """The text. ``named``: the charset in the header, which may be wrong, unknown or missing. What fits nothing is replaced."""
    for mark, marked in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(marked, "replace")
    found = _NAMED.search(content[:BYTES_SEARCHED])
    # A page that names UTF-16 in its own ASCII letters is not in it.
    own = _codec(found[1].decode("ascii")) if found else None
    charset = _codec(named or "") or ("utf-8" if own and own.startswith("utf-16") else own)
    if charset is not None:
        return content.decode(charset, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    name = _LARGER.get(name, name)
    return name if name in _KNOWN else None
