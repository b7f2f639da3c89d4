"""Videos that are broken, that lie, or that point elsewhere: refused with a reason, or looked at as far as they go."""

import random
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from privacyguard.errors import PictureUnreadable
from privacyguard.model.picture import Unreadable
from privacyguard.pictures.matroska import packet_cluster, stream_head
from privacyguard.pictures.video import frame_at, frames, probe
from tests.support.servers import Answer, Server
from tests.support.video_samples import (
    CODECS,
    COUNTING,
    claiming,
    drawn_scene,
    film,
    matroska_of_many_streams,
    matroska_of_sound,
    pointing_outside,
)

AT_ONCE_S = 2.0
CONTAINERS = sorted(CODECS)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Two seconds of two scenes, in each container."""
    folder = tmp_path_factory.mktemp("films")
    return {container: film(folder, container, [(drawn_scene(0), 1), (drawn_scene(1), 1)]) for container in CODECS}


def seen(content: bytes) -> list[float] | Unreadable:
    """The times of its frames, or why there are none. Any error but ours fails the test."""
    try:
        return sorted(frame.time_s for frame in frames(content, budget_s=5))
    except PictureUnreadable as error:
        return Unreadable(error.reason)


def both_scenes(found: list[float] | Unreadable) -> bool:
    """One frame of each of the two seconds."""
    return isinstance(found, list) and [int(time_s) for time_s in found] == [0, 1]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_cut_video_is_broken_or_seen_as_far_as_it_goes(films: dict[str, bytes], container: str, share: float) -> None:
    content = films[container]
    assert both_scenes(seen(content))
    found = seen(content[: max(16, int(len(content) * share))])
    if isinstance(found, Unreadable):
        assert found in {Unreadable.BROKEN, Unreadable.NOT_A_PICTURE}
    else:
        assert share > 0.1
        assert found[0] == 0


@pytest.mark.parametrize("container", CONTAINERS)
def test_flipped_bytes_never_give_another_error(films: dict[str, bytes], container: str) -> None:
    chance = random.Random(f"flips of {container}")
    whole = films[container]
    refused = 0
    for _ in range(40):
        flipped = bytearray(whole)
        for _ in range(chance.choice((1, 4, 64))):
            place = (
                chance.randrange(min(900, len(flipped))) if chance.random() < 0.5 else chance.randrange(len(flipped))
            )
            flipped[place] ^= 1 << chance.randrange(8)
        refused += isinstance(seen(bytes(flipped)), Unreadable)
    assert refused < 40


@pytest.mark.parametrize(
    "content",
    [
        b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nother.mp4\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile other.mp4\n",
        b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=No Name\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n",
        b"img_%03d.png",
        b"http://127.0.0.1/film.mp4",
        b"\x47\x40\x11\x10" + bytes(500),
        b"OggS\0\2" + bytes(100),
        b"FLV\1\5\0\0\0\x09" + bytes(100),
        b"\0\0\1\xba" + bytes(100),
        b"",
    ],
    ids=["hls", "concat", "dash", "sdp", "numbered", "address", "ts", "ogg", "flv", "mpeg", "empty"],
)
def test_what_names_other_files_or_is_none_of_ours_is_no_video(content: bytes) -> None:
    assert seen(content) is Unreadable.NOT_A_PICTURE
    with pytest.raises(PictureUnreadable):
        probe(content)
    with pytest.raises(PictureUnreadable):
        frame_at(content, 0)


def test_data_that_is_said_to_be_elsewhere_is_not_fetched(films: dict[str, bytes], tmp_path: Path) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(films["mp4"])
    before = other.stat().st_atime_ns
    with Server(lambda _: Answer(body=films["mp4"], content_type="video/mp4")) as server:
        for target in (f"{server.url}/film.mp4", f"tcp://127.0.0.1:{server.port}", f"file://{other}", str(other)):
            content = pointing_outside(films["mp4"], target)
            assert target.encode() in content
            seen(content)
        playlist = f"#EXTM3U\n#EXTINF:1,\n{server.url}/film.mp4\n#EXT-X-ENDLIST\n".encode()
        assert seen(b"\0\0\0\x18ftypisom" + bytes(12) + playlist) in {Unreadable.BROKEN, Unreadable.NOT_A_PICTURE}
        assert server.requests == []
    assert other.stat().st_atime_ns == before
    other.read_bytes()
    assert other.stat().st_atime_ns > before, "this system does not note when a file was read"


def test_a_claim_of_another_length_changes_nothing(films: dict[str, bytes]) -> None:
    start = time.monotonic()
    for seconds in (0, 1, 10**5, 10**9):
        assert both_scenes(seen(claiming(films["mp4"], seconds))), seconds
    assert time.monotonic() - start < 4 * AT_ONCE_S


def test_frames_that_are_too_large_are_refused_before_decoding(films: dict[str, bytes], tmp_path: Path) -> None:
    largest = film(tmp_path, "avi", [(drawn_scene(0, (8192, 4352)), 0.1)], "MJPG")
    assert seen(largest) == [0]
    start = time.monotonic()
    assert seen(film(tmp_path, "avi", [(drawn_scene(0, (8192, 4416)), 0.1)], "MJPG")) is Unreadable.TOO_LARGE
    for size in ((16384, 16384), (65535, 65535), (65535, 600)):
        said = b"\x1a\x45\xdf\xa3" + stream_head("V_VP8", b"", *size)[4:] + packet_cluster(bytes(100), 0, True)
        assert seen(said) in {Unreadable.TOO_LARGE, Unreadable.BROKEN}
    assert time.monotonic() - start < 4 * AT_ONCE_S


def test_sound_alone_is_no_picture() -> None:
    assert seen(matroska_of_sound()) is Unreadable.NOT_A_PICTURE
    riff = b"RIFF\x24\1\0\0AVI LIST" + bytes(300)
    assert seen(riff) is Unreadable.NOT_A_PICTURE
    assert seen(b"\0\0\0\x18ftypM4A \0\0\2\0" + bytes(100)) is Unreadable.NOT_A_PICTURE


def test_very_many_streams_are_refused_at_once() -> None:
    content = matroska_of_many_streams(200_000)
    start = time.monotonic()
    assert isinstance(seen(content), Unreadable)
    assert time.monotonic() - start < 3 * AT_ONCE_S


def test_a_codec_that_we_do_not_decode_is_no_picture(tmp_path: Path) -> None:
    for codec in ("FFV1", "HFYU", "png "):
        assert seen(film(tmp_path, "mkv", [(drawn_scene(0), 1)], codec)) is Unreadable.NOT_A_PICTURE


def test_video_without_an_end_or_an_index_is_seen_whole(films: dict[str, bytes]) -> None:
    """As browsers record: no length, nothing to find places by."""
    packets = list(_jpegs(films["mov"]))
    live = stream_head("V_MJPEG", b"", 320, 240)
    live += b"".join(packet_cluster(packet, number * 100, True) for number, packet in enumerate(packets))
    assert both_scenes(seen(live))


def test_frames_that_change_their_size_on_the_way_harm_nothing(tmp_path: Path) -> None:
    small = next(_jpegs(film(tmp_path, "mov", [(drawn_scene(0, (64, 48)), 1)])))
    large = next(_jpegs(film(tmp_path, "mov", [(drawn_scene(1, (1920, 1080)), 1)])))
    for packets in ([small, large] * 10, [large, small] * 10):
        content = stream_head("V_MJPEG", b"", 64, 48)
        content += b"".join(packet_cluster(packet, number * 500, number == 0) for number, packet in enumerate(packets))
        seen(content)
        content = content.replace(b"\x81\0\0\0", b"\x81\0\0\x80")
        assert not isinstance(seen(content), Unreadable)


@pytest.mark.parametrize("codec", COUNTING)
def test_noise_between_the_key_pictures_leaves_the_key_pictures(codec: str) -> None:
    content = bytearray(COUNTING[codec].read_bytes())
    chance = random.Random(codec)
    place = content.index(b"mdat") - 4
    end = place + int.from_bytes(content[place : place + 4], "big")
    for _ in range(30):
        content[chance.randrange(place + 1200, end)] ^= 0x40
    found = seen(bytes(content))
    assert isinstance(found, list)
    assert 0 in found


@pytest.mark.parametrize("rate", [0, 1, 2**32 - 1])
def test_an_impossible_frame_rate_harms_nothing(films: dict[str, bytes], rate: int) -> None:
    content = bytearray(films["avi"])
    place = content.index(b"strh") + 28  # scale and rate of the stream
    content[place : place + 8] = struct.pack("<II", 1, rate)
    found = seen(bytes(content))
    assert isinstance(found, Unreadable) or found[0] == 0


def _jpegs(film_of: bytes) -> Iterator[bytes]:
    """The JPEGs in a film, in their order."""
    place = 0
    while (place := film_of.find(b"\xff\xd8\xff", place)) >= 0:
        end = film_of.index(b"\xff\xd9", place) + 2
        yield film_of[place:end]
        place = end
