"""Hostile blocks beside the pixels: nothing raises, nothing takes long, nothing is taken for a claim that it is not."""

import random
import struct
import time

import pytest

from privacyguard.analysis.pool import PICTURE_TIMEOUT_S
from privacyguard.errors import PictureUnreadable
from privacyguard.pictures.blocks import read_blocks
from privacyguard.pictures.cleaning import SeveralPages, cleaned
from privacyguard.pictures.credentials import CredentialsReader
from privacyguard.pictures.metadata import hidden_details
from privacyguard.pictures.provenance import provenance_of
from tests.support.photos import chunk, drawing, encoded, exif, jpeg, phone_jpeg, png, png_text, tiff_block, xmp
from tests.support.seals import Signer, created

XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
READER = CredentialsReader()
LONGEST_S = PICTURE_TIMEOUT_S / 2
"""Of the processor: half of what a worker is given for the whole picture. Quick computers need a tenth of it."""


def read_all(picture: bytes) -> None:
    blocks = read_blocks(picture, whole=True)
    hidden_details(blocks)
    provenance_of(picture, blocks, READER)


def of_exif(block: bytes) -> bytes:
    return jpeg(None, (0xE1, b"Exif\0\0" + block))


LOOP = b"MM\0*\0\0\0\x08" + struct.pack(">HHHII", 1, 0x8769, 4, 1, 8) + struct.pack(">I", 8)
HOSTILE = {
    "a directory that is its own part": of_exif(LOOP),
    "4 billion values": of_exif(tiff_block([(0x0110, 2, b"x" * 8)]).replace(b"\0\0\0\x08x", b"\xff\xff\xff\xffx")),
    "a value outside": of_exif(b"MM\0*\0\0\0\x08" + struct.pack(">HHHII", 1, 0x0110, 2, 9, 0xFFFFFFF0) + bytes(4)),
    "types that there are not": of_exif(b"MM\0*\0\0\0\x08" + struct.pack(">HHHII", 1, 0x0110, 99, 9, 8) + bytes(4)),
    "65,535 entries": of_exif(b"MM\0*\0\0\0\x08\xff\xff" + struct.pack(">HHII", 0x9003, 2, 9, 8) * 5000),
    "no EXIF at all": of_exif(b""),
    "numbers for words": of_exif(
        tiff_block([(0x010F, 3, b"\0\1" * 9), (0x0131, 5, bytes(16))], [(0x9003, 4, bytes(8))])
    ),
    "deep XML": jpeg(None, (0xE1, XMP_HEAD + b"<a>" * 9000 + b"</a>" * 9000)),
    "many elements": png((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<r>" + b"<a/>" * 200_000 + b"</r>")),
    "XML that is none": jpeg(None, (0xE1, XMP_HEAD + b"<<<>>>&&&;")),
    "an encoding that there is not": jpeg(None, (0xE1, XMP_HEAD + b'<?xml version="1.0" encoding="rot13"?><a/>')),
    "an outside file": jpeg(
        None, (0xE1, XMP_HEAD + b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')
    ),
    "a bomb of entities": jpeg(
        None,
        (0xE1, XMP_HEAD + b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;&c;</a>'),
    ),
    "10,000 small chunks": png(*[png_text("k", "v")] * 10_000),
    "16,000 empty segments": jpeg(None, *[(0xE9, b"")] * 16_000),
    "an IPTC set that never ends": jpeg(None, (0xED, b"Photoshop 3.0\08BIM\4\4\0\0\0\0\0\7\x1c\2\x50\xff\xff\xff\xff")),
    "words that look like a number of steps": png(png_text("parameters", "Steps: 1, " * 60_000)),
    "a graph that is none": png(png_text("prompt", '"class_type": "' * 60_000)),
    "a seal of rubbish": png((b"caBX", b"\0\0\0\x20jumb" + b"\xff" * 60_000)),
    "an empty seal": png((b"caBX", b"")),
    "a seal of zeros in a JPEG": jpeg(None, (0xEB, b"JP\0\1\0\0\0\1\0\0\xff\xffjumb\0\0\0\x20jumdc2pa" + bytes(6000))),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_block_is_read_in_time_and_raises_nothing(case: str) -> None:
    started = time.process_time()
    read_all(HOSTILE[case])
    assert time.process_time() - started < LONGEST_S


@pytest.mark.parametrize("case", HOSTILE)
def test_copy_of_a_hostile_file_holds_nothing_hidden(case: str) -> None:
    copy = cleaned(HOSTILE[case]).content
    assert hidden_details(read_blocks(copy, whole=True)).kinds == frozenset()


SEEDS = {
    "JPEG": phone_jpeg(6, b"film"),
    "PNG": png(
        (b"eXIf", exif()),
        png_text("parameters", "Steps: 20, Sampler: x"),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp()),
    ),
    "WEBP": encoded(drawing(), "WEBP", exif=exif(), xmp=xmp()),
    "GIF": encoded(drawing(), "GIF", comment=b"note"),
    "TIFF": encoded(drawing(), "TIFF", exif=exif()),
    "signed": Signer().sign(jpeg(), "image/jpeg", created()),
}


@pytest.mark.parametrize("kind", SEEDS)
def test_changed_and_cut_files_raise_nothing_that_is_not_expected(kind: str) -> None:
    chance, seed = random.Random(4711), SEEDS[kind]
    for _ in range(150):
        changed = bytearray(seed)
        for _each in range(chance.randint(1, 12)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        if chance.random() < 0.3:
            del changed[chance.randrange(len(changed)) :]
        read_all(bytes(changed))
        try:
            cleaned(bytes(changed))
        except (PictureUnreadable, SeveralPages):
            continue


def test_the_parts_of_the_seeds_are_there() -> None:
    """Else the changes above would hit nothing."""
    assert read_blocks(SEEDS["signed"]).has_seal
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        assert hidden_details(read_blocks(SEEDS[kind])).serial == "SN-4711-0815"
    assert chunk(b"IEND", b"") in SEEDS["PNG"]
