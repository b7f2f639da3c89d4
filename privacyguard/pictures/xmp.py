"""XMP packets as lists of values by name. Only with defusedxml: no entities, no outside files."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ELEMENTS_AT_MOST = 20_000
VALUES_AT_MOST = 50
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

SPACES = {
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "adobe:ns:meta/": "x",
}
"""The usual short names of the vocabularies that are asked for. All others are "other"."""

Values = Mapping[str, tuple[str, ...]]
"""By name ("xmp:CreatorTool"): every value, in the order of the packet."""


def values_of(packet: bytes) -> Values | None:
    """What a packet says; None where it is not XML, is too large, or defines entities of its own."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    begin, end = packet.find(b"<"), packet.rfind(b">")
    if begin < 0 or end < begin:
        return None
    try:
        root = fromstring(packet[begin : end + 1], forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):  # also an encoding that there is not
        return None
    return _collected(root)


def _collected(root: "Element") -> Values | None:
    found: dict[str, list[str]] = {}
    waiting: list[tuple[Element, str]] = [(root, "")]
    for _ in range(ELEMENTS_AT_MOST):
        if not waiting:
            return {name: tuple(values) for name, values in found.items()}
        element, name = waiting.pop()
        tag = str(element.tag)
        if not tag.startswith(_RDF):
            name = _short(tag)
        _add(found, name, element.text or "")
        for attribute, value in element.attrib.items():
            if attribute == f"{_RDF}resource":
                _add(found, name, value)
            elif not attribute.startswith((_RDF, "{http://www.w3.org/XML/")):
                _add(found, _short(attribute), value)
        waiting += [(child, name) for child in reversed(element)]
    return None


def _add(found: dict[str, list[str]], name: str, value: str) -> None:
    text = value.strip()
    values = found.setdefault(name, []) if text and name else []
    if len(values) < VALUES_AT_MOST:
        values.append(text)


def _short(name: str) -> str:
    space, _brace, local = name.removeprefix("{").rpartition("}")
    return f"{SPACES.get(space, 'other')}:{local}"
