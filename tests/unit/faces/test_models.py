"""The nets give what OpenCV gives for the same weights; faces are found small, large, many and turned."""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from privacyguard.faces.detector import Detection, Detector, reduced, turned_back
from privacyguard.faces.embedder import TOGETHER, Embedder
from privacyguard.faces.matching import cosine
from privacyguard.faces.network import (
    LARGEST_WEIGHTS,
    STEPS,
    Network,
    Range,
    has_bfloat16,
    largest_exact_weight,
    with_zero,
)
from privacyguard.faces.onnx_file import Graph, read_graph
from privacyguard.faces.ranges import DETECTOR_RANGES, EMBEDDER_APART_RANGES, EMBEDDER_RANGES
from privacyguard.faces.weights import DETECTOR, EMBEDDER, checked_weights, weights_folder
from privacyguard.faces.yunet import YuNet, once
from tests.conftest import Portraits

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector(weights_folder())


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(weights_folder())


@pytest.fixture(scope="module")
def astronaut(free_portraits: Portraits) -> Pixels:
    return pixels_of(free_portraits.astronaut)


@pytest.fixture(scope="module")
def hopper(free_portraits: Portraits) -> Pixels:
    return pixels_of(free_portraits.grace_hopper)


def pixels_of(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def scaled(pixels: Pixels, share: float) -> Pixels:
    return np.asarray(cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def unit(vector: NDArray[np.float32]) -> tuple[float, ...]:
    return tuple(float(number) for number in vector / np.linalg.norm(vector))


def opencvs(name: str) -> NDArray[np.uint8]:
    return np.frombuffer(checked_weights(name, weights_folder()), dtype=np.uint8)


@pytest.mark.parametrize("size", [(512, 512), (333, 257)])
def test_yunet_finds_what_opencv_finds_with_the_same_weights(astronaut: Pixels, size: tuple[int, int]) -> None:
    picture = np.asarray(cv2.resize(astronaut, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    theirs = cv2.FaceDetectorYN.create("onnx", opencvs(DETECTOR), np.empty(0, dtype=np.uint8), size, 0.5, 0.3, 500)
    expected = theirs.detect(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1]
    exact, ours = (YuNet(weights_folder(), exact=exact).look(picture, 0.5) for exact in (True, False))
    assert len(ours) == len(exact) == len(expected) >= 1
    expected = expected[np.argsort(-expected[:, 14])]
    np.testing.assert_allclose(exact, expected, atol=0.01)
    # With bfloat16, where the processor has it.
    np.testing.assert_allclose(ours[:, :14], expected[:, :14], atol=1.0)
    np.testing.assert_allclose(ours[:, 14], expected[:, 14], atol=0.02)


def test_with_8_bits_yunet_finds_the_same_faces_in_nearly_the_same_places(astronaut: Pixels, hopper: Pixels) -> None:
    exact, quick = YuNet(weights_folder(), exact=True), YuNet(weights_folder(), DETECTOR_RANGES)
    for picture in (astronaut, hopper, scaled(astronaut, 0.3), np.ascontiguousarray(astronaut[:, ::-1])):
        expected, ours = (net.look(picture, 0.5) for net in (exact, quick))
        assert len(ours) == len(expected) >= 1
        side = float(expected[0, 2:4].min())
        np.testing.assert_allclose(ours[0, :14], expected[0, :14], atol=side / 12)
        assert abs(float(ours[0, 14] - expected[0, 14])) < 0.1


def test_yunet_sees_nobody_where_nobody_is(astronaut: Pixels) -> None:
    nobody = np.ascontiguousarray(astronaut[300:, :128])
    for net in (YuNet(weights_folder()), YuNet(weights_folder(), DETECTOR_RANGES)):
        assert len(net.look(nobody, 0.5)) == 0
        assert len(net.look(np.full((64, 64, 3), 255, dtype=np.uint8), 0.5)) == 0


def test_sface_gives_nearly_what_opencv_gives_with_the_same_weights(
    detector: Detector, embedder: Embedder, astronaut: Pixels, hopper: Pixels
) -> None:
    theirs = cv2.FaceRecognizerSF.create("onnx", opencvs(EMBEDDER), np.empty(0, dtype=np.uint8))
    net = Network(read_graph(checked_weights(EMBEDDER, weights_folder())), ["fc1"], exact=True)
    for picture in (astronaut, hopper):
        face = detector.detect(picture)[0]
        aligned = theirs.alignCrop(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), face.row)
        ours = embedder.align(picture, face)
        assert np.abs(ours[..., ::-1].astype(int) - aligned.astype(int)).mean() < 0.5
        expected = np.asarray(theirs.feature(aligned), dtype=np.float32).ravel()
        assert cosine(unit(expected), unit(net.run(ours[None])[0][0])) > 0.9995
        assert cosine(unit(expected), embedded(embedder, ours)) > 0.99  # large products with 8-bit numbers


def test_eight_bits_are_enough_in_the_right_range_only(
    detector: Detector, embedder: Embedder, astronaut: Pixels
) -> None:
    graph = read_graph(checked_weights(EMBEDDER, weights_folder()))
    image = embedder.align(astronaut, detector.detect(astronaut)[0])[None]

    def embedding(share: float) -> tuple[float, ...]:
        both = EMBEDDER_RANGES | EMBEDDER_APART_RANGES
        ranges = {name: (share * least, share * most) for name, (least, most) in both.items()}
        return unit(Network(graph, ["fc1"], ranges).run(image)[0][0])

    exact, fitted, narrow = unit(Network(graph, ["fc1"], exact=True).run(image)[0][0]), embedding(1.0), embedding(0.05)
    if largest_exact_weight() is None:
        assert exact == pytest.approx(fitted) == narrow
        return
    assert cosine(exact, fitted) > 0.99 > 0.9 > cosine(exact, narrow)


@pytest.mark.parametrize("has_bfloat16", [True, False])
def test_a_face_stays_nearly_the_same_with_bfloat16_and_without(
    embedder: Embedder, detector: Detector, astronaut: Pixels, monkeypatch: pytest.MonkeyPatch, has_bfloat16: bool
) -> None:
    given: list[set[str]] = []

    def network(graph: Graph, outputs: list[str], ranges: Mapping[str, Range]) -> Network:
        given.append(set(ranges))
        return Network(graph, outputs, ranges)

    monkeypatch.setattr("privacyguard.faces.embedder.has_bfloat16", lambda: has_bfloat16)
    monkeypatch.setattr("privacyguard.faces.embedder.Network", network)
    aligned = embedder.align(astronaut, detector.detect(astronaut)[0])
    assert cosine(embedded(embedder, aligned), embedded(Embedder(weights_folder()), aligned)) > 0.99
    assert given == [{*EMBEDDER_RANGES} if has_bfloat16 else {*EMBEDDER_RANGES, *EMBEDDER_APART_RANGES}]


@pytest.mark.skipif(sys.platform != "linux" or platform.machine() != "x86_64", reason="read from /proc/cpuinfo")
def test_bfloat16_is_told_as_the_system_tells_it() -> None:
    flags = re.search(r"^flags.*", Path("/proc/cpuinfo").read_text("ascii"), re.MULTILINE)
    assert flags is not None
    known = set(flags[0].split())
    if known & {"avx512f", "avx_ne_convert"}:  # in between are processors on which OpenVINO may do as if
        assert has_bfloat16() or "avx512_bf16" not in known
    else:
        assert not has_bfloat16()


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="other processors are not told apart by AVX2")
def test_where_8_bits_have_faults_7_are_used() -> None:
    """A processor with AVX2 and without VNNI, as OpenVINO's library can be told to take this one for."""
    told = subprocess.run(
        [sys.executable, "-c", "from privacyguard.faces import network; print(network.largest_exact_weight())"],
        env={**os.environ, "ONEDNN_MAX_CPU_ISA": "AVX2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == str(LARGEST_WEIGHTS[1])


def test_where_no_weight_is_exact_nothing_is_calculated_with_8_bits(
    astronaut: Pixels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("privacyguard.faces.network.largest_exact_weight", lambda: None)
    one, other = (YuNet(weights_folder(), ranges).look(astronaut, 0.5) for ranges in (None, DETECTOR_RANGES))
    np.testing.assert_array_equal(one, other)


def test_with_zero_one_of_the_steps_is_zero() -> None:
    least, largest = with_zero((-2.845, 7.922))
    step = (largest - least) / (STEPS - 1)
    assert (least, largest) == pytest.approx((-2.845, 7.922), abs=step / 2)
    assert -least / step == pytest.approx(round(-least / step))


def test_faces_embedded_together_are_as_each_by_itself(embedder: Embedder, astronaut: Pixels) -> None:
    cuts = [np.ascontiguousarray(astronaut[y : y + 112, 130 : 130 + 112]) for y in range(TOGETHER + 3)]
    together = embedder.embed(cuts)
    assert len(together) == len(cuts)
    for one, cut in zip(together, cuts, strict=True):
        assert one is not None
        assert cosine(one, embedded(embedder, cut)) > 0.99999
    assert embedder.embed([]) == []


def test_a_face_without_a_direction_has_no_embedding(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = np.array([[0.0] * 128, [1.0] * 128, [np.nan] * 128], dtype=np.float32)
    monkeypatch.setattr(Network, "run", lambda net, pixels: [answers])
    nothing, one, broken = embedder.embed([np.zeros((112, 112, 3), dtype=np.uint8)] * 3)
    assert nothing is broken is None
    assert one is not None
    assert np.linalg.norm(one) == pytest.approx(1.0)


def embedded(embedder: Embedder, aligned: Pixels) -> tuple[float, ...]:
    (embedding,) = embedder.embed([aligned])
    assert embedding is not None
    return embedding


def test_embedding_tells_two_people_apart_and_knows_one_again(
    detector: Detector, embedder: Embedder, astronaut: Pixels, hopper: Pixels
) -> None:
    def of(picture: Pixels) -> tuple[float, ...]:
        return embedded(embedder, embedder.align(picture, detector.detect(picture)[0]))

    once_more = of(scaled(astronaut, 0.5))
    assert cosine(of(astronaut), once_more) > 0.9
    assert cosine(of(hopper), once_more) < 0.3


def test_landmarks_in_one_point_are_no_reason_to_fail(embedder: Embedder, astronaut: Pixels) -> None:
    row = np.zeros(15, dtype=np.float32)
    assert embedder.align(astronaut, Detection(row)).shape == (112, 112, 3)


@pytest.mark.parametrize("share", [0.2, 0.5, 1.0, 3.0])
def test_a_face_is_found_small_and_filling_the_picture(detector: Detector, astronaut: Pixels, share: float) -> None:
    face = astronaut[20:220, 130:330]
    wanted = scaled(face, share) if share >= 1 else placed(scaled(astronaut, share), 1600, 1200)
    found = detector.detect(wanted)
    assert len(found) == 1
    assert found[0].score > 0.6


def placed(pixels: Pixels, width: int, height: int) -> Pixels:
    picture = np.full((height, width, 3), 120, dtype=np.uint8)
    picture[300 : 300 + pixels.shape[0], 700 : 700 + pixels.shape[1]] = pixels
    return picture


def test_a_crowd_is_counted_whole(detector: Detector, astronaut: Pixels, hopper: Pixels) -> None:
    picture = np.full((1500, 2000, 3), 120, dtype=np.uint8)
    for place in range(40):
        face = scaled((astronaut[:300, 80:380], hopper[:300, 100:400])[place % 2], 0.25)
        y, x = (place // 8) * 290 + 60, (place % 8) * 245 + 60
        picture[y : y + face.shape[0], x : x + face.shape[1]] = face
    assert len(detector.detect(picture)) == 40


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_picture_on_its_side_or_head_shows_the_same_face(
    detector: Detector, embedder: Embedder, astronaut: Pixels, turns: int
) -> None:
    turned = np.ascontiguousarray(np.rot90(astronaut, turns))
    upright, found = detector.detect(astronaut)[0], detector.detect(turned)[0]
    one, other = (embedder.align(picture, face) for picture, face in ((astronaut, upright), (turned, found)))
    assert cosine(embedded(embedder, one), embedded(embedder, other)) > 0.9


def test_there_is_no_face_in_noise_and_on_a_wall(detector: Detector) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1200, 1600, 3), dtype=np.uint8)
    assert detector.detect(noise) == []
    assert detector.detect(np.full((1200, 1600, 3), 130, dtype=np.uint8)) == []
    assert detector.detect(np.zeros((1, 1, 3), dtype=np.uint8)) == []


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_rows_come_back_to_where_they_are_in_the_upright_picture(turns: int) -> None:
    picture = np.zeros((40, 60), dtype=np.uint8)
    picture[5:15, 20:40] = 1
    picture[7, 22] = 2
    turned = np.rot90(picture, turns)
    y, x = np.nonzero(turned)
    (mark_y,), (mark_x,) = np.nonzero(turned == 2)
    row = np.zeros((1, 15), dtype=np.float32)
    row[0, :4] = x.min(), y.min(), np.ptp(x) + 1, np.ptp(y) + 1
    row[0, 4:14] = [mark_x + 0.5, mark_y + 0.5] * 5
    back = turned_back(row, turns, 60, 40)
    assert back[0, :4].tolist() == [20, 5, 20, 10]
    assert back[0, 4:6].tolist() == [22.5, 7.5]


def test_picture_is_reduced_by_whole_numbers_only() -> None:
    wide = np.zeros((1501, 2047, 3), dtype=np.uint8)
    small, times = reduced(wide, 1024)
    assert (times, small.shape) == (2, (750, 1023, 3))
    same, times = reduced(small, 1024)
    assert times == 1
    assert same is small
    assert reduced(np.zeros((1, 9000, 3), dtype=np.uint8), 1024)[0].shape == (1, 1000, 3)


def test_of_overlapping_rows_the_surest_stays() -> None:
    rows = np.zeros((3, 15), dtype=np.float32)
    rows[:, :4] = [[0, 0, 10, 10], [1, 1, 10, 10], [50, 50, 10, 10]]
    rows[:, 14] = [0.7, 0.9, 0.6]
    assert once(rows)[:, 14].tolist() == pytest.approx([0.9, 0.6])
    assert once(rows[:0]).shape == (0, 15)


def test_model_files_are_read_whole() -> None:
    graph = read_graph(checked_weights(EMBEDDER, weights_folder()))
    assert [node.operation for node in graph.nodes].count("Conv") == 27
    convolution = next(node for node in graph.nodes if node.operation == "Conv")
    assert convolution.attributes["strides"] == [1, 1]
    assert graph.constants[convolution.inputs[1]].shape == (32, 3, 3, 3)
    assert all(np.isfinite(tensor).all() for tensor in graph.constants.values())
