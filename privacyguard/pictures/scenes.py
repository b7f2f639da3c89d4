"""Is it the same scene, whatever the faces in it are? Pure Python, so that it runs in any process.

A scene is the hash of a picture with its faces painted over (``pictures/fingerprints.py``).
"""

import struct
from collections.abc import Iterable, Mapping

from privacyguard.model.picture import Fingerprint
from privacyguard.pictures.cuts import HASH_BYTES

NEAR_SCENE_BITS = 22
"""Scenes that differ in at most this many of 144 bits are one; their faces are compared next (``checkup/swaps.py``). Of 3.7
million pairs of different pictures 3 were so near, each of them one scene twice; the next were 24 apart."""

_PART_BITS = 16
_parts = struct.Struct(f">{HASH_BYTES * 8 // _PART_BITS}H").unpack


def near_scenes(
    suspects: Mapping[str, Fingerprint], seen: Iterable[tuple[str, str]]
) -> dict[str, list[tuple[str, int]]]:
    """For each suspect the other pictures that show the same scene, mirrored or not, whatever the faces are.

    One pass over ``seen``, of any length. Pairs up to 17 bits apart are all found, as two hashes so near agree in at least
    one of nine parts but for one bit; of those 22 apart, the bound, 9 in 10 or more.

    Args:
        suspects: fingerprints by the caller's key; those without a scene have no neighbours.
        seen: keys and ``Fingerprint.scene`` of the pictures seen; a hash of another length is of another version, passed over.

    Returns:
        For each suspect with neighbours: their keys and the bits between, in the order seen; never the suspect's own key.
    """
    hashes = _scenes_of(suspects)
    tables = _tables_of(hashes)
    near: dict[str, list[tuple[str, int]]] = {}
    for key, scene in seen:
        if len(scene) != 2 * HASH_BYTES:
            continue
        parts = _parts(bytes.fromhex(scene))
        alike = {place for table, part in zip(tables, parts, strict=True) for place in table.get(part, ())}
        if alike:
            for suspect, bits in _nearest_suspects(key, int(scene, 16), [hashes[place] for place in alike]).items():
                near.setdefault(suspect, []).append((key, bits))
    return near


def same_scene(one: Fingerprint, other: Fingerprint) -> bool | None:
    """Whether two pictures show the same scene, faces aside: False as it is, True as in a mirror, None when they do not."""
    if other.scene is None:
        return None
    for mirrored, scene in ((False, one.scene), (True, one.mirrored_scene)):
        if scene is not None and (int(scene, 16) ^ int(other.scene, 16)).bit_count() <= NEAR_SCENE_BITS:
            return mirrored
    return None


def _scenes_of(suspects: Mapping[str, Fingerprint]) -> list[tuple[str, int]]:
    return [
        (key, int(scene, 16))
        for key, fingerprint in suspects.items()
        for scene in (fingerprint.scene, fingerprint.mirrored_scene)
        if scene is not None
    ]


def _tables_of(hashes: list[tuple[str, int]]) -> list[dict[int, list[int]]]:
    """For each part of the hashes: which of them have it, or have it but for one bit."""
    tables: list[dict[int, list[int]]] = [{} for _ in range(HASH_BYTES * 8 // _PART_BITS)]
    for place, (_, number) in enumerate(hashes):
        for table, part in zip(tables, _parts(number.to_bytes(HASH_BYTES, "big")), strict=True):
            for near in (part, *(part ^ 1 << bit for bit in range(_PART_BITS))):
                table.setdefault(near, []).append(place)
    return tables


def _nearest_suspects(key: str, number: int, suspects: list[tuple[str, int]]) -> dict[str, int]:
    best: dict[str, int] = {}
    for suspect, scene in suspects:
        bits = (number ^ scene).bit_count()
        if bits <= NEAR_SCENE_BITS and suspect != key:
            best[suspect] = min(bits, best.get(suspect, bits))
    return best
