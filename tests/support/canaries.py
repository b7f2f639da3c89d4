"""Looks for personal values byte for byte, in every form in which they may have slipped out.

``variants`` gives the forms of one value, ``search`` goes through whole folders: contents and names. A test that uses
them first plants every form (``plant``) and proves that it is found.
"""

import base64
import hashlib
import json
import os
import stat
import struct
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

SHORTEST = 6
"""Bytes; shorter needles are found everywhere by chance."""

WINDOW = 48
"""Bytes of a long value (a key, a cut, a face pattern) that are looked for: at its beginning and in its middle."""

NUMBERS = 4
"""Numbers in a row of a face pattern that are looked for."""


@dataclass(frozen=True)
class Hit:
    """``form``: the needle's name; ``path``: the file; ``offset``: of the first hit, -1 where it is in the name."""

    form: str
    path: Path
    offset: int


def variants(value: str | bytes | Sequence[float]) -> dict[str, bytes]:
    """The forms to look for, by name; forms with the same bytes come once.

    ``value``: a text, bytes (looked for by their beginning and middle), or the numbers of a face pattern.

    Raises:
        ValueError: too short to be told from chance.
    """
    size = len(value.encode()) if isinstance(value, str) else len(value)
    if size < (SHORTEST if isinstance(value, str | bytes) else NUMBERS):
        raise ValueError("too short to look for")
    if isinstance(value, str):
        forms = _of_text(value)
    elif isinstance(value, bytes):
        forms = _of_bytes(value)
    else:
        forms = _of_numbers(list(value))
    kept: dict[bytes, str] = {}
    for name, needle in forms.items():
        if len(needle) >= SHORTEST:
            kept.setdefault(needle, name)
    return {name: needle for needle, name in kept.items()}


def needles(values: Mapping[str, str | bytes | Sequence[float]]) -> dict[str, bytes]:
    """The forms of several values, named ``value: form``."""
    return {f"{name}: {form}": needle for name, value in values.items() for form, needle in variants(value).items()}


def search(folders: Iterable[Path], needles: Mapping[str, bytes]) -> list[Hit]:
    """Every file below the folders whose content or name holds a needle. Links are not followed, pipes not opened."""
    hits: list[Hit] = []
    for top in folders:
        for folder, _, names in os.walk(top):
            for name in [".", *names]:
                path = Path(folder, name)
                hits += _in_name(path, top, needles)
                if _is_regular(path):
                    hits += _in_content(path, needles)
    return hits


def plant(folder: Path, needles: Mapping[str, bytes]) -> list[Path]:
    """One file for each needle, with the needle amid other bytes: to prove that ``search`` finds each."""
    planted = []
    for number, needle in enumerate(needles.values()):
        path = folder / f"planted-{number}"
        path.write_bytes(b"\x00before" + needle + b"after\xff")
        planted.append(path)
    return planted


def _of_text(value: str) -> dict[str, bytes]:
    plain = value.encode()
    forms = {
        "utf-8": plain,
        "lower": value.lower().encode(),
        "upper": value.upper().encode(),
        "decomposed": unicodedata.normalize("NFD", value).encode(),
        "composed": unicodedata.normalize("NFC", value).encode(),
        "latin-1": value.encode("latin-1", "ignore"),
        "utf-16-le": value.encode("utf-16-le"),
        "utf-16-be": value.encode("utf-16-be"),
        "percent": quote(value, safe="").encode(),
        "percent, path": quote(value).encode(),
        "percent, lower": quote(value, safe="").lower().encode(),
        "json": json.dumps(value)[1:-1].encode(),
    }
    return forms | _coded(plain) | _hashed(plain)


def _of_bytes(value: bytes) -> dict[str, bytes]:
    middle = len(value) // 2
    forms: dict[str, bytes] = {}
    for where, part in (("beginning", value[:WINDOW]), ("middle", value[middle : middle + WINDOW])):
        coded = {"raw": part} | _coded(part)
        forms |= {f"{form}, {where}": needle for form, needle in coded.items()}
    return forms | _hashed(value)


def _of_numbers(numbers: list[float]) -> dict[str, bytes]:
    forms: dict[str, bytes] = {}
    middle = len(numbers) // 2
    for where, start in (("beginning", 0), ("middle", middle)):
        part = numbers[start : start + NUMBERS]
        for letter, kind in (("f", "float32"), ("d", "float64")):
            for sign, order in (("<", "little"), (">", "big")):
                packed = struct.pack(f"{sign}{len(part)}{letter}", *part)
                forms[f"{kind} {order}, {where}"] = packed
                forms |= {f"{kind} {order} {form}, {where}": needle for form, needle in _coded(packed).items()}
        forms[f"text, {where}"] = repr(part[0]).encode()
        forms[f"short text, {where}"] = f"{part[0]:.6f}".encode()
    return forms


def _coded(plain: bytes) -> dict[str, bytes]:
    forms = {"hex": plain.hex().encode(), "hex, upper": plain.hex().upper().encode()}
    for shift in range(3):
        # Only the letters that depend on nothing but the value: whatever stands before and after it.
        letters = base64.b64encode(b"\x00" * shift + plain)
        first, last = -(-shift * 8 // 6), (shift + len(plain)) * 8 // 6
        forms[f"base64+{shift}"] = letters[first:last]
        forms[f"base64url+{shift}"] = letters[first:last].translate(bytes.maketrans(b"+/", b"-_"))
    return forms


def _hashed(plain: bytes) -> dict[str, bytes]:
    forms: dict[str, bytes] = {}
    for name in ("md5", "sha1", "sha256"):
        digest = hashlib.new(name, plain, usedforsecurity=False)
        forms[name] = digest.hexdigest().encode()
        forms[f"{name}, upper"] = digest.hexdigest().upper().encode()
        forms[f"{name}, raw"] = digest.digest()
    return forms


def _in_name(path: Path, top: Path, needles: Mapping[str, bytes]) -> list[Hit]:
    # Below the folder only: what stands above it is the test's own.
    name = os.fsencode(path.relative_to(top))
    return [Hit(form, path, -1) for form, needle in needles.items() if needle in name]


def _in_content(path: Path, needles: Mapping[str, bytes]) -> list[Hit]:
    content = path.read_bytes()
    found = ((form, content.find(needle)) for form, needle in needles.items())
    return [Hit(form, path, offset) for form, offset in found if offset >= 0]


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False
