"""Marks of generators, each written by hand as the program writes it; and what makes no claim at all."""

import json

import pytest

from privacyguard.model.provenance import Making, Provenance, Seal
from privacyguard.pictures.blocks import BLOCK_BYTES, read_blocks
from privacyguard.pictures.credentials import CredentialsReader
from privacyguard.pictures.marks import source_type
from privacyguard.pictures.provenance import provenance_of
from tests.support.photos import chunk, drawing, encoded, jpeg, phone_jpeg, png, png_text, tiff_block, xmp

MADE, CHANGED = Making.MADE_BY_AI, Making.CHANGED_BY_AI
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
PARAMETERS = (
    "a portrait, soft light\nNegative prompt: blurry\n"
    "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 965400086, Size: 512x512, Model hash: 6ce0161689, Model: v1-5-pruned"
)
GRAPH = {"3": {"class_type": "KSampler", "inputs": {}}, "5": {"class_type": "EmptyLatentImage", "inputs": {}}}
REPAINTED = {"3": {"class_type": "KSampler", "inputs": {}}, "5": {"class_type": "LoadImage", "inputs": {}}}
JOB = "a portrait --v 6.0 Job ID: 0f0dbb33-40a1-4b0c-a1cd-5d25c2f0c1a9"


def said(picture: bytes) -> Provenance | None:
    return provenance_of(picture, read_blocks(picture), CredentialsReader())


def with_xmp(attributes: str = "", elements: str = "") -> bytes:
    return jpeg(None, (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(attributes, elements)))


def with_exif(*entries: tuple[int, int, bytes], comment: bytes = b"") -> bytes:
    block = tiff_block(list(entries), [(0x9286, 7, comment)] if comment else None)
    return jpeg(None, (0xE1, b"Exif\0\0" + block))


def with_credit(words: bytes) -> bytes:
    iptc = b"\x1c\x02\x6e" + len(words).to_bytes(2, "big") + words
    resource = b"8BIM\x04\x04\0\0" + len(iptc).to_bytes(4, "big") + iptc
    return jpeg(None, (0xED, b"Photoshop 3.0\0" + resource))


CASES = {
    "web interface": (png(png_text("parameters", PARAMETERS)), "Stable Diffusion", MADE),
    "web interface, painted over": (
        png(png_text("parameters", PARAMETERS + ", Denoising strength: 0.75, Mask blur: 4")),
        "Stable Diffusion",
        CHANGED,
    ),
    "web interface, as JPEG": (
        with_exif((0x010F, 2, b"x\0"), comment=b"UNICODE\0" + PARAMETERS.encode("utf-16-be")),
        "Stable Diffusion",
        MADE,
    ),
    "ComfyUI": (png(png_text("prompt", json.dumps(GRAPH)), png_text("workflow", '{"nodes": []}')), "ComfyUI", MADE),
    "ComfyUI, from a photo": (png(png_text("prompt", json.dumps(REPAINTED))), "ComfyUI", CHANGED),
    "ComfyUI, as WebP": (
        encoded(drawing(), "WEBP", exif=tiff_block([(0x0110, 2, f"prompt:{json.dumps(GRAPH)}".encode() + b"\0")])),
        "ComfyUI",
        MADE,
    ),
    "NovelAI": (
        png(png_text("Title", "AI generated image"), png_text("Software", "NovelAI"), png_text("Comment", "{}")),
        "NovelAI",
        MADE,
    ),
    "InvokeAI": (png(png_text("invokeai_metadata", '{"generation_mode": "txt2img"}')), "InvokeAI", MADE),
    "Fooocus": (png(png_text("fooocus_scheme", "fooocus"), png_text("parameters", "{}")), "Fooocus", MADE),
    "FLUX": (with_exif((0x0131, 2, b"AI generated;txt2img;flux\0")), "FLUX", MADE),
    "FLUX, from a photo": (with_exif((0x0131, 2, b"AI generated;img2img;flux\0")), "FLUX", CHANGED),
    "Midjourney": (png(png_text("Description", JOB), png_text("Author", "somebody")), "Midjourney", MADE),
    "Midjourney, as JPEG": (with_exif((0x010E, 2, JOB.encode() + b"\0")), "Midjourney", MADE),
    "DALL-E": (with_xmp('xmp:CreatorTool="DALL-E 3"'), "DALL·E", MADE),
    "OpenAI": (with_exif((0x0131, 2, b"OpenAI\0")), "OpenAI", MADE),
    "Firefly": (with_xmp('xmp:CreatorTool="Adobe Firefly 3.0"'), "Adobe Firefly", MADE),
    "Google": (with_xmp('photoshop:Credit="Made with Google AI"'), "Google AI", MADE),
    "Google, edited": (with_credit(b"Edited with Google AI"), "Google AI", CHANGED),
    "IPTC": (with_xmp(f'Iptc4xmpExt:DigitalSourceType="{IPTC}trainedAlgorithmicMedia"'), "IPTC", MADE),
    "IPTC, as an element": (
        with_xmp("", f'<Iptc4xmpExt:DigitalSourceType rdf:resource="{IPTC}compositeWithTrainedAlgorithmicMedia"/>'),
        "IPTC",
        CHANGED,
    ),
    "IPTC, in PNG": (
        png(
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(f'Iptc4xmpExt:DigitalSourceType="{IPTC}compositeSynthetic"'))
        ),
        "IPTC",
        CHANGED,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_mark_says_what_the_program_wrote(case: str) -> None:
    picture, mark, making = CASES[case]
    assert said(picture) == Provenance(making, (mark,), None)


SILENT = {
    "nothing": jpeg(),
    "a phone": phone_jpeg(),
    "Photoshop": with_xmp('xmp:CreatorTool="Adobe Photoshop 26.0 (Windows)"'),
    "GIMP": with_exif((0x0131, 2, b"GIMP 2.10\0")),
    "a camera's type": with_xmp(f'Iptc4xmpExt:DigitalSourceType="{IPTC}digitalCapture"'),
    "a computer's calculation": with_xmp(f'Iptc4xmpExt:DigitalSourceType="{IPTC}algorithmicallyEnhanced"'),
    "hands": with_xmp(f'Iptc4xmpExt:DigitalSourceType="{IPTC}humanEdits"'),
    "talk about it": png(png_text("Description", "Steps to my house, with parameters and a job ID: none")),
    "another prompt": png(png_text("prompt", "Say cheese")),
    "another credit": with_xmp('photoshop:Credit="Google Street"'),
    "another maker": with_exif((0x010F, 2, b"prompt: no graph\0")),
}


@pytest.mark.parametrize("case", SILENT)
def test_everything_else_makes_no_claim(case: str) -> None:
    assert said(SILENT[case]) is None


def test_strongest_claim_counts_and_every_mark_is_named() -> None:
    packet = xmp(f'Iptc4xmpExt:DigitalSourceType="{IPTC}compositeWithTrainedAlgorithmicMedia"')
    picture = png(png_text("parameters", PARAMETERS), (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet))
    assert said(picture) == Provenance(MADE, ("IPTC", "Stable Diffusion"), None)


def test_credentials_on_a_server_are_told_as_not_read() -> None:
    told = said(with_xmp('dcterms:provenance="https://credentials.example/1"'))
    assert told is not None
    assert told.credentials is not None
    assert (told.credentials.seal, told.making) == (Seal.NOT_READ, None)
    assert said(with_xmp('dcterms:provenance="self#jumbf=/c2pa"')) is None


@pytest.mark.parametrize(
    ("address", "making"),
    [
        ("trainedAlgorithmicMedia", MADE),
        ("digsrctype:trainedAlgorithmicMedia", MADE),
        (f"{IPTC}trainedAlgorithmicMedia/", MADE),
        ("https://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic", CHANGED),
        (f"{IPTC}algorithmicMedia", None),
        ("", None),
        ("https://example.org/notTrainedAlgorithmicMedia", None),
    ],
)
def test_source_type_is_known_by_its_last_word(address: str, making: Making | None) -> None:
    assert source_type(address) is making


def test_text_that_is_packed_too_tightly_is_not_unpacked() -> None:
    import zlib

    bomb = zlib.compress(b" " * (60 * BLOCK_BYTES), 9)
    blocks = read_blocks(png((b"zTXt", b"parameters\0\0" + bomb)))
    assert blocks.has_more
    assert sum(map(len, blocks.texts.values())) <= BLOCK_BYTES


def test_xml_with_entities_of_its_own_is_not_read() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "trainedAlgorithmicMedia">]>'
    packet = xmp(f'Iptc4xmpExt:DigitalSourceType="{IPTC}trainedAlgorithmicMedia"')
    assert said(jpeg(None, (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet))) is not None
    assert said(jpeg(None, (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + entity + packet[packet.find(b"<x:") :]))) is None


def test_block_over_the_limit_is_not_read() -> None:
    packet = xmp(f'Iptc4xmpExt:DigitalSourceType="{IPTC}trainedAlgorithmicMedia"') + b" " * BLOCK_BYTES
    picture = png((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet))
    assert said(picture) is None
    assert read_blocks(picture).has_more
    assert chunk(b"IEND", b"") in picture
