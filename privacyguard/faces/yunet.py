"""YuNet: from pixels to faces, in one look. Only worker processes import this module.

What its outputs mean: OpenCV, ``modules/objdetect/src/face_detect.cpp``; the results are the same as that code's.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.network import Network, Range
from privacyguard.faces.onnx_file import Graph, Node, read_graph
from privacyguard.faces.weights import DETECTOR, checked_weights

OVERLAP_AT_MOST = 0.3
FACES_AT_MOST = 1000

_STRIDES = (8, 16, 32)
_CLASS, _BOX, _OBJECT, _LANDMARKS = 0, slice(1, 5), 5, slice(6, 16)

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
Rows = NDArray[np.float32]
"""(n, 15): box (x, y, w, h), five landmarks (x, y: right eye, left eye, nose, right and left corner of the mouth), score."""


class YuNet:
    """The net, loaded once per process. Raises :class:`WeightsDamaged` when its file is not ours.

    ``ranges`` and ``exact``: as of Network.
    """

    def __init__(self, weights: Path, ranges: Mapping[str, Range] | None = None, *, exact: bool = False) -> None:
        graph, outputs = detector_graph(weights)
        self._net = Network(graph, outputs, ranges, exact=exact)

    def look(self, pixels: Pixels, score: float) -> Rows:
        """The faces in RGB pixels (height, width, 3) with at least this score (0..1), the surest first, each once.

        The net sees faces of about 10 to 300 pixels.
        """
        return once(_rows([output[0] for output in self._net.run(padded(pixels)[None])], score))


def detector_graph(weights: Path) -> tuple[Graph, list[str]]:
    """YuNet's graph as it is calculated here, and the names of its outputs. Raises :class:`WeightsDamaged`."""
    return _with_joined_heads(_taking_rgb(read_graph(checked_weights(DETECTOR, weights))))


def padded(pixels: Pixels) -> Pixels:
    """The pixels with black ones below and beside them, so that each side is a multiple of 32, as the net needs it."""
    below, beside = (-side % 32 for side in pixels.shape[:2])
    if not below and not beside:
        return pixels
    return np.asarray(cv2.copyMakeBorder(pixels, 0, below, 0, beside, cv2.BORDER_CONSTANT), dtype=np.uint8)


def once(rows: Rows) -> Rows:
    """The rows without those that overlap a surer one (non-maximum suppression), the surest first."""
    rows = rows[np.argsort(-rows[:, 14], kind="stable")[:FACES_AT_MOST]]
    kept = cv2.dnn.NMSBoxes(rows[:, :4].tolist(), rows[:, 14].tolist(), 0.0, OVERLAP_AT_MOST)
    return rows[np.asarray(kept, dtype=np.intp).ravel()]


def _rows(maps: Sequence[NDArray[np.float32]], score: float) -> Rows:
    """What the net gives, one map (16, height, width) for each of the strides, as rows with at least this score."""
    # The score is the root of two sigmoids' product, so each of them alone has to reach its square.
    least = np.log(score**2 / (1 - score**2))
    found, places = [], []
    for stride, output in zip(_STRIDES, maps, strict=True):
        y, x = np.nonzero((output[_CLASS] >= least) & (output[_OBJECT] >= least))
        found.append(output[:, y, x])
        places.append((x, y, np.full(len(x), stride)))
    x, y, stride = np.concatenate(places, axis=1)
    if not len(x):
        return np.empty((0, 15), dtype=np.float32)
    return _boxes(np.concatenate(found, axis=1).astype(np.float64), x, y, stride, score)


def _boxes(found: Numbers, x: Places, y: Places, stride: Places, score: float) -> Rows:
    sure = np.sqrt(_sigmoid(found[_CLASS]) * _sigmoid(found[_OBJECT]))
    dx, dy, width, height = found[_BOX]
    width, height = np.exp(np.minimum(width, 10.0)) * stride, np.exp(np.minimum(height, 10.0)) * stride
    points = found[_LANDMARKS]
    points[0::2] += x
    points[1::2] += y
    boxes = ((x + dx) * stride - width / 2, (y + dy) * stride - height / 2, width, height)
    rows = np.stack([*boxes, *(points * stride), sure], axis=1).astype(np.float32)
    return rows[(sure >= score) & np.isfinite(rows).all(axis=1)]


def _sigmoid(values: Numbers) -> Numbers:
    return np.asarray(1.0 / (1.0 + np.exp(-values)))


def _taking_rgb(graph: Graph) -> Graph:
    """The graph for RGB: turning its first weights round is free, turning each picture is not."""
    first = graph.nodes[0].inputs[1]
    return Graph(graph.nodes, {**graph.constants, first: graph.constants[first][:, ::-1]})


def _with_joined_heads(graph: Graph) -> tuple[Graph, list[str]]:
    """The graph with the four small heads on each of three maps calculated as one (a seventh of the time), and its outputs.

    A head is a convolution of 1 x 1 and one of 3 x 3 that keeps the channels apart; so is the joined one.
    """
    readers: dict[str, list[Node]] = {}
    for node in graph.nodes:
        readers.setdefault(node.inputs[0], []).append(node)
    constants, nodes = dict(graph.constants), list(graph.nodes)
    heads = {name: [node for node in read if node.operation == "Conv"] for name, read in readers.items()}
    order = {name: nodes.index(first[0]) for name, first in heads.items() if len(first) == 4}
    for name in order:
        first = heads[name]
        second = [readers[node.outputs[0]][0] for node in first]
        joined = f"heads_{name}"
        for stage, parts in (("first", first), ("second", second)):
            for place, part in enumerate(("weights", "bias"), 1):
                constants[f"{joined}_{stage}_{part}"] = np.concatenate([constants[n.inputs[place]] for n in parts])
        nodes = [node for node in nodes if node not in first and node not in second]
        nodes += _joined(name, joined, sum(len(constants[n.inputs[2]]) for n in second))
    outputs = [f"heads_{name}" for name in sorted(order, key=order.__getitem__)]  # the finest map first
    return Graph(tuple(_used(nodes, outputs)), constants), outputs


def _joined(source: str, name: str, channels: int) -> tuple[Node, Node]:
    between = f"{name}_first"
    one = {"group": 1, "pads": [0] * 4, "strides": [1, 1]}
    other = {"group": channels, "pads": [1] * 4, "strides": [1, 1]}
    return (
        Node("Conv", (source, f"{name}_first_weights", f"{name}_first_bias"), (between,), one),
        Node("Conv", (between, f"{name}_second_weights", f"{name}_second_bias"), (name,), other),
    )


def _used(nodes: list[Node], outputs: list[str]) -> list[Node]:
    """The nodes that lead to the outputs."""
    needed = set(outputs)
    for node in reversed(nodes):
        if needed & set(node.outputs):
            needed |= set(node.inputs)
    wanted = [node for node in nodes if needed & set(node.outputs)]
    assert set(outputs) <= set(chain.from_iterable(node.outputs for node in wanted))
    return wanted
