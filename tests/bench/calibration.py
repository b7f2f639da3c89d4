"""The ranges of the numbers inside SFace that ``faces/embedder.py`` is given: ``python -m tests.bench.calibration``.

From ``FACES`` development faces. For each tensor that a product with 8-bit numbers reads, the range is the one with the least
squared error: a little narrower than from the least number to the largest, so that the steps are finer.
"""

import json

import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.detector import Detector
from privacyguard.faces.embedder import RANGES, Embedder
from privacyguard.faces.network import STEPS, Network, Range, with_zero
from privacyguard.faces.onnx_file import read_graph
from privacyguard.faces.weights import EMBEDDER, checked_weights, weights_folder
from privacyguard.pictures.decode import load
from tests.support.lfw import FOLDER, strangers

FACES = 60
NUMBERS = 50_000
"""Of each tensor, drawn with a fixed seed."""

SHARES = np.linspace(0.4, 1.0, 25)
"""Of the least and of the largest number."""


def figures() -> dict[str, object]:
    """The ranges by tensor; None where the development faces are missing."""
    if not FOLDER.is_dir():
        return {"ranges": None, "ranges_missing": "the development faces are not beside the project"}
    detector, embedder = Detector(weights_folder()), Embedder(weights_folder())
    net = Network(read_graph(checked_weights(EMBEDDER, weights_folder())), list(RANGES), exact=True)
    seen: list[list[NDArray[np.float32]]] = []
    for path in strangers()[:: len(strangers()) // FACES][:FACES]:
        pixels = load(path).pixels
        aligned = embedder.align(pixels, detector.detect(pixels)[0])
        seen.append([tensor.ravel() for tensor in net.run(aligned[None])])
    tensors = (np.concatenate(parts) for parts in zip(*seen, strict=True))
    return {"ranges": {name: _range(tensor) for name, tensor in zip(RANGES, tensors, strict=True)}}


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
