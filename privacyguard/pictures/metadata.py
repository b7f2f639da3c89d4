"""What a file tells beside what it shows: place, time, device, serial numbers, names. Only asked of the person's own files.

Only worker processes use it. Turning, size, colours and how the file is packed are not hidden details.
"""

from collections.abc import Iterable, Iterator

from privacyguard.model.provenance import HiddenDetails, HiddenKind
from privacyguard.pictures.blocks import Blocks
from privacyguard.pictures.exif import Exif, degrees, exif_of, text
from privacyguard.pictures.plain import plain
from privacyguard.pictures.xmp import Values, values_of

_MAKE, _MODEL, _TAKEN_AT, _CHANGED_AT = 0x010F, 0x0110, 0x9003, 0x0132
_SERIALS = (0xA431, 0xC62F, 0xA435)  # of the body, of the body in DNG, of the lens

# Tags of EXIF 3.0 by what they tell; those of the second row are needed to show the picture, or say nothing.
_OF_PICTURE = {
    _MAKE: HiddenKind.DEVICE,
    _MODEL: HiddenKind.DEVICE,
    0x013C: HiddenKind.DEVICE,  # the computer
    0xC614: HiddenKind.DEVICE,  # the model, of DNG
    _CHANGED_AT: HiddenKind.TIME,
    0x013B: HiddenKind.NAME,  # the artist
    0x8298: HiddenKind.NAME,  # copyright
    0x9C9D: HiddenKind.NAME,  # the author, of Windows
    0xC62F: HiddenKind.SERIAL,
    **dict.fromkeys((0x010E, 0x0131, 0x9C9B, 0x9C9C, 0x9C9E, 0x9C9F, 0x02BC, 0x83BB, 0x8649, 0xC634), HiddenKind.OTHER),
}
_OF_PHOTO = {
    **dict.fromkeys((_TAKEN_AT, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292), HiddenKind.TIME),
    **dict.fromkeys((0xA433, 0xA434), HiddenKind.DEVICE),  # the lens
    **dict.fromkeys((0xA431, 0xA435), HiddenKind.SERIAL),
    **dict.fromkeys((0xA430, 0xA437, 0xA438, 0xA439), HiddenKind.NAME),  # owner, photographer, editor
    # Notes of the maker, comments, an id of the picture, the file of a sound.
    **dict.fromkeys((0x927C, 0x9286, 0xA420, 0xA004, 0xA436), HiddenKind.OTHER),
}
_OF_XMP = {
    HiddenKind.PLACE: "exif:GPSLatitude exif:GPSLongitude photoshop:City photoshop:State photoshop:Country "
    "Iptc4xmpCore:Location Iptc4xmpExt:LocationCreated Iptc4xmpExt:LocationShown Iptc4xmpExt:City "
    "Iptc4xmpExt:Sublocation Iptc4xmpExt:CountryName Iptc4xmpExt:ProvinceState",
    HiddenKind.TIME: "xmp:CreateDate xmp:ModifyDate xmp:MetadataDate photoshop:DateCreated exif:DateTimeOriginal "
    "exif:DateTimeDigitized exif:GPSTimeStamp tiff:DateTime",
    HiddenKind.DEVICE: "tiff:Make tiff:Model aux:Lens aux:LensInfo exifEX:LensModel exifEX:LensMake",
    HiddenKind.SERIAL: "aux:SerialNumber aux:LensSerialNumber exifEX:BodySerialNumber exifEX:LensSerialNumber",
    HiddenKind.NAME: "dc:creator dc:rights aux:OwnerName exifEX:CameraOwnerName xmpRights:Owner tiff:Artist tiff:Copyright "
    "photoshop:CaptionWriter Iptc4xmpExt:PersonInImage mwg-rs:Name",
    HiddenKind.THUMBNAIL: "xmp:Thumbnails other:image",
}
_XMP_KINDS = {name: kind for kind, names in _OF_XMP.items() for name in names.split()}
_XMP_TECHNICAL = frozenset(
    {"tiff:Orientation", "x:xmptk", "exif:PixelXDimension", "exif:PixelYDimension", "exif:ColorSpace"}
)
_OF_IPTC = {
    **dict.fromkeys((55, 60, 62, 63, 30, 35), HiddenKind.TIME),
    **dict.fromkeys((80, 85, 110, 115, 116, 118, 122), HiddenKind.NAME),
    **dict.fromkeys((26, 27, 90, 92, 95, 100, 101), HiddenKind.PLACE),
}
"""Data sets of the IPTC's record 2 (IIM 4.2)."""

_PHOTOSHOP_IPTC, _PHOTOSHOP_SMALL = 0x0404, frozenset({0x0409, 0x040C})


def hidden_details(blocks: Blocks) -> HiddenDetails:
    """What the file tells beside what it shows; an empty set of kinds where that is nothing."""
    exif = exif_of(blocks.exif) if blocks.exif else Exif()
    xmp = values_of(blocks.xmp) if blocks.xmp else {}
    kinds = {*_in_exif(exif), *_in_xmp(xmp), *_in_iptc(blocks), *_in_file(blocks)}
    serials = (text({**exif.picture, **exif.photo}.get(tag)) for tag in _SERIALS)
    taken_at = text(exif.photo.get(_TAKEN_AT)) or text(exif.picture.get(_CHANGED_AT)) or _first(xmp, "xmp:CreateDate")
    make, model = text(exif.picture.get(_MAKE)), text(exif.picture.get(_MODEL))
    device = model if model.lower().startswith(make.lower()) else f"{make} {model}"
    return HiddenDetails(
        frozenset(kinds),
        degrees(exif.place),
        plain(taken_at),
        plain(device.strip() or _first(xmp, "tiff:Model")),
        plain(next(filter(None, serials), "") or _first(xmp, "aux:SerialNumber")),
    )


def _in_exif(exif: Exif) -> Iterator[HiddenKind]:
    for values, kinds in ((exif.picture, _OF_PICTURE), (exif.photo, _OF_PHOTO)):
        yield from (kinds[tag] for tag, value in values.items() if tag in kinds and value not in ("", b"", None))
    if exif.place.keys() & {2, 4, 20, 22, 27, 28}:  # where it was, or where it looked
        yield HiddenKind.PLACE
    if exif.place.keys() & {7, 29}:
        yield HiddenKind.TIME
    if exif.has_thumbnail:
        yield HiddenKind.THUMBNAIL
    if exif.is_broken:
        yield HiddenKind.OTHER


def _in_xmp(values: Values | None) -> Iterator[HiddenKind]:
    if values is None:
        yield HiddenKind.OTHER
        return
    yield from (_XMP_KINDS.get(name, HiddenKind.OTHER) for name in values if name not in _XMP_TECHNICAL)


def _in_iptc(blocks: Blocks) -> Iterator[HiddenKind]:
    iptc = blocks.iptc
    for number, content in _resources(blocks.photoshop):
        if number == _PHOTOSHOP_IPTC:
            iptc = iptc or content
        elif number in _PHOTOSHOP_SMALL:
            yield HiddenKind.THUMBNAIL
        else:
            yield HiddenKind.OTHER
    for record, number, value in iptc_records(iptc):
        if record == 2 and number != 0 and value:
            yield _OF_IPTC.get(number, HiddenKind.OTHER)


def _in_file(blocks: Blocks) -> Iterator[HiddenKind]:
    if blocks.has_time or "Creation Time" in blocks.texts:
        yield HiddenKind.TIME
    if "Author" in blocks.texts:
        yield HiddenKind.NAME
    if blocks.has_thumbnail:
        yield HiddenKind.THUMBNAIL
    said = {word for word, value in blocks.texts.items() if value}
    if blocks.has_more or blocks.has_seal or said - {"Creation Time", "Author"}:
        yield HiddenKind.OTHER


def iptc_of(blocks: Blocks) -> bytes:
    """The IPTC's records in a file, b"" without any."""
    inside = (content for number, content in _resources(blocks.photoshop) if number == _PHOTOSHOP_IPTC)
    return blocks.iptc or next(inside, b"")


def iptc_records(block: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Record, number and value of each data set, until one that is not whole."""
    at = 0
    while at + 5 <= len(block) and block[at] == 0x1C:
        record, number, length = block[at + 1], block[at + 2], int.from_bytes(block[at + 3 : at + 5], "big")
        end = at + 5 + length
        if length > 0x7FFF or end > len(block):
            return
        yield record, number, block[at + 5 : end]
        at = end


def _resources(block: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each of Photoshop's resources, until one that is not whole."""
    at = 0
    while block[at : at + 4] == b"8BIM" and at + 7 <= len(block):
        number = int.from_bytes(block[at + 4 : at + 6], "big")
        named = at + 6 + (block[at + 6] + 2) // 2 * 2
        size, start = int.from_bytes(block[named : named + 4], "big"), named + 4
        if start + size > len(block):
            return
        yield number, block[start : start + size]
        at = start + size + size % 2


def _first(values: Values | None, name: str) -> str:
    return next(iter((values or {}).get(name, ())), "")


def names(kinds: Iterable[HiddenKind]) -> tuple[HiddenKind, ...]:
    """The kinds in the order in which they are told."""
    wanted = set(kinds)
    return tuple(kind for kind in HiddenKind if kind in wanted)
