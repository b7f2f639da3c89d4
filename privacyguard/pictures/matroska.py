"""The least of Matroska (RFC 9559) that carries one stream of coded pictures."""

import struct

_UNKNOWN_SIZE = b"\x01\xff\xff\xff\xff\xff\xff\xff"


def stream_head(codec: str, codec_head: bytes, width: int, height: int) -> bytes:
    """What a stream starts with. ``codec``: Matroska's name for it; ``codec_head``: what its decoder needs first, or empty."""
    video = _part(b"\xe0", _number(b"\xb0", width) + _number(b"\xba", height))
    private = _part(b"\x63\xa2", codec_head) if codec_head else b""
    numbers = _number(b"\xd7", 1) + _number(b"\x73\xc5", 1) + _number(b"\x83", 1)
    entry = _part(b"\xae", numbers + _part(b"\x86", codec.encode("ascii")) + private + video)
    return (
        _part(b"\x1a\x45\xdf\xa3", _part(b"\x42\x82", b"matroska"))
        + b"\x18\x53\x80\x67"
        + _UNKNOWN_SIZE
        + _part(b"\x15\x49\xa9\x66", _number(b"\x2a\xd7\xb1", 1_000_000))
        + _part(b"\x16\x54\xae\x6b", entry)
    )


def packet_cluster(content: bytes, time_ms: int, is_key: bool) -> bytes:
    """One coded picture, shown at ``time_ms``."""
    block = b"\x81\0\0" + (b"\x80" if is_key else b"\0") + content
    return _part(b"\x1f\x43\xb6\x75", _number(b"\xe7", time_ms) + _part(b"\xa3", block))


def _part(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">Q", len(content) | 1 << 56) + content


def _number(name: bytes, value: int) -> bytes:
    return _part(name, struct.pack(">Q", value))
