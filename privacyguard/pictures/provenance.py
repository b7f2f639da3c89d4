"""What a picture says of how it was made: Content Credentials, the IPTC's digital source type, marks of generators.

Only what the file says; nothing says that a picture is not made by AI. Only worker processes use it.
"""

from privacyguard.model.provenance import Credentials, Provenance, Seal
from privacyguard.pictures.blocks import Blocks
from privacyguard.pictures.credentials import CredentialsReader
from privacyguard.pictures.exif import Exif, exif_of, text
from privacyguard.pictures.marks import CONTENT_CREDENTIALS, Told, marks_of, strongest
from privacyguard.pictures.metadata import iptc_of, iptc_records
from privacyguard.pictures.xmp import Values, values_of

MARKS_AT_MOST = 8
_DESCRIPTION, _MAKE, _MODEL, _SOFTWARE, _COMMENT = 0x010E, 0x010F, 0x0110, 0x0131, 0x9286
_IPTC_CREDIT, _IPTC_CAPTION = 110, 120


def provenance_of(content: bytes, blocks: Blocks, reader: CredentialsReader) -> Provenance | None:
    """What the picture says of itself; None where it says nothing. Never raises for what is in it."""
    xmp = values_of(blocks.xmp) if blocks.xmp else None
    marks = marks_of(_told(blocks, xmp or {}))
    credentials = _credentials(content, blocks, xmp or {}, reader)
    if credentials is not None and credentials.making is not None:
        marks += ((CONTENT_CREDENTIALS, credentials.making),)
    if not marks and credentials is None:
        return None
    named = tuple(dict.fromkeys(name for name, _making in marks))[:MARKS_AT_MOST]
    return Provenance(strongest(making for _name, making in marks), named, credentials)


def _credentials(content: bytes, blocks: Blocks, xmp: Values, reader: CredentialsReader) -> Credentials | None:
    if blocks.has_seal:
        return reader.read(content)
    elsewhere = any(value.startswith(("http://", "https://")) for value in xmp.get("dcterms:provenance", ()))
    return Credentials(Seal.NOT_READ) if elsewhere else None  # on a server, which is not asked


def _told(blocks: Blocks, xmp: Values) -> Told:
    exif = exif_of(blocks.exif) if blocks.exif else Exif()
    iptc = [(number, value.decode("utf-8", "replace")) for record, number, value in _records(blocks) if record == 2]
    return Told(
        texts=blocks.texts,
        software=(text(exif.picture.get(_SOFTWARE)), *xmp.get("xmp:CreatorTool", ()), *xmp.get("tiff:Software", ())),
        descriptions=(
            text(exif.picture.get(_DESCRIPTION)),
            text(exif.photo.get(_COMMENT)),
            blocks.texts.get("comment", ""),
            *xmp.get("dc:description", ()),
            *(value for number, value in iptc if number == _IPTC_CAPTION),
        ),
        credits=(*xmp.get("photoshop:Credit", ()), *(value for number, value in iptc if number == _IPTC_CREDIT)),
        source_types=xmp.get("Iptc4xmpExt:DigitalSourceType", ()) + xmp.get("Iptc4xmpExt:digitalSourceType", ()),
        make=text(exif.picture.get(_MAKE)),
        model=text(exif.picture.get(_MODEL)),
    )


def _records(blocks: Blocks) -> list[tuple[int, int, bytes]]:
    return list(iptc_records(iptc_of(blocks)))
