"""The ranges of ``privacyguard/faces/ranges.py``, and how near to float32 the nets stay with them: ``tests.bench.calibration``.

SFace: from ``FACES`` development faces. For each tensor the range is the one with the least squared error: a little narrower
than from the least number to the largest, so that the steps are finer. Then, on ``COMPARED`` other faces, how much the
embeddings are like those of float32 (cosine).

YuNet: from ``PORTRAITS`` development pictures and ``SCENES`` large ones with ten faces, from the least number to the largest:
narrower ones lose faces. Then, on as many other large ones, how many faces of float32 are found again, and how far their
landmarks are from where float32 has them, in shares of the face's shorter side.
"""

import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.detector import REDUCED_PX, SUSPECTED_FROM, Detector, reduced
from privacyguard.faces.embedder import Embedder
from privacyguard.faces.network import STEPS, Network, Range, with_zero
from privacyguard.faces.onnx_file import read_graph
from privacyguard.faces.ranges import DETECTOR_RANGES, EMBEDDER_APART_RANGES, EMBEDDER_RANGES
from privacyguard.faces.weights import EMBEDDER, checked_weights, weights_folder
from privacyguard.faces.yunet import YuNet, detector_graph, padded
from privacyguard.pictures.decode import load
from tests.support.lfw import FOLDER, strangers
from tests.support.scenes import scene

FACES, COMPARED = 60, 600
PORTRAITS, SCENES = 100, 30
SEED = 50_000
"""Of scenes that no other measurement makes."""

NUMBERS = 50_000
"""Of each tensor, drawn with a fixed seed."""

SHARES = np.linspace(0.4, 1.0, 25)
"""Of the least and of the largest number."""

Pixels = NDArray[np.uint8]


def figures() -> dict[str, object]:
    """The ranges by tensor; None where the development faces are missing."""
    if not FOLDER.is_dir():
        return {"ranges": None, "ranges_missing": "the development faces are not beside the project"}
    return {"ranges": {"SFace": _embedder(), "YuNet": _detector()}}


def _embedder() -> dict[str, object]:
    names = [*EMBEDDER_RANGES, *EMBEDDER_APART_RANGES]
    net = Network(read_graph(checked_weights(EMBEDDER, weights_folder())), [*names, "fc1"], exact=True)
    detector, embedder = Detector(weights_folder()), Embedder(weights_folder())

    def aligned(path: Path) -> Pixels:
        pixels = load(path).pixels
        return embedder.align(pixels, detector.detect(pixels)[0])

    seen = [net.run(aligned(path)[None])[:-1] for path in strangers()[:: len(strangers()) // FACES][:FACES]]
    tensors = (np.concatenate([part.ravel() for part in parts]) for parts in zip(*seen, strict=True))
    cosines = []
    for face in map(aligned, strangers()[1 :: len(strangers()) // COMPARED][:COMPARED]):
        (embedding,), vector = embedder.embed([face]), net.run(face[None])[-1][0]
        cosines.append(0.0 if embedding is None else float(np.dot(embedding, vector) / np.linalg.norm(vector)))
    return {
        "ranges": {name: _range(tensor) for name, tensor in zip(names, tensors, strict=True)},
        "cosine to float32, mean": round(float(np.mean(cosines)), 5),
        "cosine to float32, least": round(min(cosines), 5),
    }


def _range(tensor: NDArray[np.float32]) -> Range:
    some = np.random.default_rng(0).choice(tensor, NUMBERS)
    ends = [(float(tensor.min() * low), float(tensor.max() * high)) for low in SHARES for high in SHARES]
    least, largest = min(ends, key=lambda each: _error(some, *each))
    return round(least, 3), round(largest, 3)


def _error(numbers: NDArray[np.float32], least: float, largest: float) -> float:
    ends = with_zero((least, largest))
    step = (ends[1] - ends[0]) / (STEPS - 1)
    kept = np.round((np.clip(numbers, *ends) - ends[0]) / step) * step + ends[0]
    return float(((kept - numbers) ** 2).mean())


def _detector() -> dict[str, object]:
    graph, _outputs = detector_graph(weights_folder())
    names = [name for name in DETECTOR_RANGES if name != graph.nodes[0].inputs[0]]
    net = Network(graph, names, exact=True)
    portraits = (load(path).pixels for path in strangers()[:: len(strangers()) // PORTRAITS][:PORTRAITS])
    ends = np.zeros((len(names), 2))
    for picture in (*portraits, *_scenes(range(SEED, SEED + SCENES))):
        for number, tensor in enumerate(net.run(padded(picture)[None])):
            ends[number] = min(ends[number, 0], float(tensor.min())), max(ends[number, 1], float(tensor.max()))
    return {"ranges": dict(zip(names, np.round(ends, 2).tolist(), strict=True)), **_compared()}


def _compared() -> dict[str, object]:
    exact, quick = YuNet(weights_folder(), exact=True), YuNet(weights_folder(), DETECTOR_RANGES)
    faces, off = 0, []
    for picture in _scenes(range(SEED + SCENES, SEED + 2 * SCENES)):
        rows = quick.look(picture, SUSPECTED_FROM)
        for face in exact.look(picture, 0.3):
            faces += 1
            side = float(min(face[2:4]))
            middles = np.abs(rows[:, :2] + rows[:, 2:4] / 2 - face[:2] - face[2:4] / 2).max(axis=1)
            if len(rows) and middles.min() < side / 2:
                off.append(float(np.abs(rows[middles.argmin(), 4:14] - face[4:14]).mean()) / side)
    return {
        "faces of float32": faces,
        "found again": round(len(off) / faces, 4),
        "landmarks off, share of the side, mean": round(float(np.mean(off)), 4),
        "landmarks off, 95 of 100 below": round(float(np.percentile(off, 95)), 4),
    }


def _scenes(seeds: Iterable[int]) -> Iterator[Pixels]:
    for seed in seeds:
        chance = random.Random(seed)
        picture, _pasted = scene(
            [(chance.choice(strangers()), round(48 * 12.5 ** chance.random())) for _ in range(10)], seed
        )
        yield reduced(picture, REDUCED_PX)[0]


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
