"""The ranges of the numbers inside SFace that ``faces/embedder.py`` is given: ``python -m tests.bench.calibration``.

From ``FACES`` development faces. For each tensor that a product with 8-bit numbers reads, the range is the one with the least
squared error: a little narrower than from the least number to the largest, so that the steps are finer. Then, on ``COMPARED``
other faces, how much the embeddings with the ranges of that file are like those of float32 (cosine).
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.detector import Detector
from privacyguard.faces.embedder import RANGES, Embedder
from privacyguard.faces.network import STEPS, Network, Range, with_zero
from privacyguard.faces.onnx_file import read_graph
from privacyguard.faces.weights import EMBEDDER, checked_weights, weights_folder
from privacyguard.pictures.decode import load
from tests.support.lfw import FOLDER, strangers

FACES, COMPARED = 60, 600
NUMBERS = 50_000
"""Of each tensor, drawn with a fixed seed."""

SHARES = np.linspace(0.4, 1.0, 25)
"""Of the least and of the largest number."""


def figures() -> dict[str, object]:
    """The ranges by tensor; None where the development faces are missing."""
    if not FOLDER.is_dir():
        return {"ranges": None, "ranges_missing": "the development faces are not beside the project"}
    net = Network(read_graph(checked_weights(EMBEDDER, weights_folder())), [*RANGES, "fc1"], exact=True)
    detector, embedder = Detector(weights_folder()), Embedder(weights_folder())

    def aligned(path: Path) -> NDArray[np.uint8]:
        pixels = load(path).pixels
        return embedder.align(pixels, detector.detect(pixels)[0])

    seen = [net.run(aligned(path)[None])[:-1] for path in strangers()[:: len(strangers()) // FACES][:FACES]]
    tensors = (np.concatenate([part.ravel() for part in parts]) for parts in zip(*seen, strict=True))
    cosines = []
    for face in map(aligned, strangers()[1 :: len(strangers()) // COMPARED][:COMPARED]):
        (embedding,), vector = embedder.embed([face]), net.run(face[None])[-1][0]
        cosines.append(0.0 if embedding is None else float(np.dot(embedding, vector) / np.linalg.norm(vector)))
    return {
        "ranges": {name: _range(tensor) for name, tensor in zip(RANGES, tensors, strict=True)},
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


if __name__ == "__main__":
    print(json.dumps(figures(), indent=2))
