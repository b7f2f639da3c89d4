"""Compiled catalogues, as msgfmt writes them."""

import struct
from collections.abc import Mapping
from pathlib import Path


def write_catalogue(locale: Path, language: str, messages: Mapping[str, str]) -> None:
    """Write what these messages are in a language below ``locale``, in place of what was there."""
    head = f"Language: {language}\nContent-Type: text/plain; charset=UTF-8\n"
    pairs = sorted({"": head, **messages}.items())
    keys, values = ([pair[which].encode() for pair in pairs] for which in (0, 1))
    place = 28 + 16 * len(pairs)
    tables = b""
    for texts in (keys, values):
        for text in texts:
            tables += struct.pack("<2I", len(text), place)
            place += len(text) + 1
    first = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    file = locale / language / "LC_MESSAGES" / "privacyguard.mo"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(first + tables + b"".join(text + b"\0" for text in (*keys, *values)))
