"""Running a model file with OpenVINO: the same weights as OpenCV's, in a quarter of the time.

Only worker processes import this module.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as operations

from privacyguard.faces.onnx_file import Graph, Node, Tensor

STEPS = 256
"""Of an 8-bit number."""

LARGEST_WEIGHTS = (127, 63)
"""Of 8 bits and of 7. Where products are added in pairs in 16 bits (processors without VNNI), two of 255 x 63 still fit."""

_LEFT_OUT = frozenset({"Dropout", "Transpose", "Reshape", "Sigmoid"})
"""Operations that only reorder or rescale what comes out at the end: the callers do it for the few numbers they need."""

_KEEPS_STEPS = _LEFT_OUT | {"Flatten", "MaxPool"}

_SETTINGS = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY", "ENABLE_CPU_PINNING": False}
"""One thread: there is a worker for each core."""

_EXACT = {"INFERENCE_PRECISION_HINT": "f32"}

Range = tuple[float, float]
"""Of a tensor's numbers, the least and the largest that are told apart; those beyond them count as these."""

Pixels = NDArray[np.uint8]
"""(pictures, height, width, 3), RGB."""

Value = Any
"""What an operation gives: OpenVINO's Node or Output; mypy is not told of its types."""


class Network:
    """A net that was loaded once."""

    def __init__(
        self, graph: Graph, outputs: Sequence[str], ranges: Mapping[str, Range] | None = None, *, exact: bool = False
    ) -> None:
        """Load the part of the graph that leads to ``outputs``, names of its tensors.

        Args:
            graph: from :func:`~privacyguard.faces.onnx_file.read_graph`.
            outputs: what :meth:`run` gives; an output behind a left-out operation is named by what goes into it.
            ranges: by tensor, which is kept in 8-bit numbers; the products and convolutions that read it are calculated with
                those, where the processor does that without a fault.
            exact: the rest with float32, also where the processor has bfloat16.
        """
        largest = largest_exact_weight() if ranges else None
        model = _Translation(graph, ranges if ranges and largest else {}, largest or 0).model(outputs)
        self._request = _request(model, _EXACT if exact else {})

    def run(self, pixels: Pixels) -> list[NDArray[np.float32]]:
        """Each output: (pictures, channels, height, width) or (pictures, numbers)."""
        self._request.infer({0: pixels}, share_inputs=True)
        return [np.array(tensor.data) for tensor in self._request.output_tensors]


@cache
def largest_exact_weight() -> int | None:
    """The largest of :data:`LARGEST_WEIGHTS` whose products with 8-bit numbers are summed up without a fault here, if one is.

    It is tried, with the largest numbers: OpenVINO lets a processor without VNNI add products in 16 bits, whatever they are.
    """
    side = 64
    ones = np.ones((side, side, 1, 1), dtype=np.float32)
    read = operations.parameter([1, side, 1, 1], np.float32)
    stepped = _in_steps(read, (0.0, 1.0))
    products = [
        operations.convolution(stepped, _weights_in_steps(ones, largest), [1, 1], [0, 0], [0, 0], [1, 1])
        for largest in LARGEST_WEIGHTS
    ]
    request = _request(openvino.Model([operations.result(product) for product in products], [read]), _EXACT)
    request.infer({0: ones[:1]})
    sums = zip(LARGEST_WEIGHTS, request.output_tensors, strict=True)
    return next((largest for largest, told in sums if np.abs(told.data - side).max() < 1), None)


def has_bfloat16() -> bool:
    """Whether the processor calculates with bfloat16: twice as many numbers at a time as with float32."""
    return "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _request(model: openvino.Model, settings: dict[str, str]) -> openvino.InferRequest:
    return _core().compile_model(model, "CPU", _SETTINGS | settings).create_infer_request()


@cache
def _core() -> openvino.Core:
    return openvino.Core()


class _Translation:
    """A graph in OpenVINO's operations."""

    def __init__(self, graph: Graph, ranges: Mapping[str, Range], largest: int) -> None:
        self._graph = graph
        self._ranges = ranges
        self._largest = largest
        self._stepped: set[str] = set()
        self._known: dict[str, Value] = {}

    def model(self, outputs: Sequence[str]) -> openvino.Model:
        """What leads from RGB pixels (pictures, height, width, 3) to the outputs."""
        pixels = operations.parameter([-1, -1, -1, 3], np.uint8)
        planar = operations.transpose(operations.convert(pixels, np.float32), _constant(np.array([0, 3, 1, 2])))
        self._know(self._graph.nodes[0].inputs[0], planar)
        for node in self._graph.nodes:
            self._know(node.outputs[0], self._translated(node))
            if node.operation in _KEEPS_STEPS and node.inputs[0] in self._stepped:
                self._stepped.add(node.outputs[0])
        return openvino.Model([operations.result(self._known[name]) for name in outputs], [pixels])

    def _know(self, name: str, value: Value) -> None:
        if name in self._ranges:
            value = _in_steps(value, self._ranges[name])
            self._stepped.add(name)
        self._known[name] = value

    def _translated(self, node: Node) -> Value:
        inputs = [self._known[name] for name in node.inputs if name in self._known]
        numbers = [self._graph.constants[name] for name in node.inputs if name in self._graph.constants]
        match node.operation:
            case "Conv" | "Gemm":
                return self._weighted(node, inputs[0], *numbers)
            case "BatchNormalization":
                constants = map(_constant, numbers)
                return operations.batch_norm_inference(inputs[0], *constants, node.attributes["epsilon"])
            case "PRelu":
                return operations.prelu(inputs[0], _constant(numbers[0].ravel()))
            case "Relu":
                return operations.relu(inputs[0])
            case "Add":
                return operations.add(*inputs)
            case "Sub":
                return operations.subtract(inputs[0], _constant(numbers[0].reshape(())))
            case "Mul":
                return operations.multiply(inputs[0], _constant(numbers[0].reshape(())))
            case "Flatten":
                return operations.reshape(inputs[0], _constant(np.array([0, -1])), special_zero=True)
            case "MaxPool":
                strides, kernel = node.attributes["strides"], node.attributes["kernel_shape"]
                return operations.max_pool(inputs[0], strides, [1, 1], [0, 0], [0, 0], kernel).output(0)
            case "Resize":
                return _twice(inputs[0])
            case left_out if left_out in _LEFT_OUT:
                return inputs[0]
            case _:
                raise ValueError("an operation that is not in our files")

    def _weighted(self, node: Node, read: Value, weights: Tensor, bias: Tensor | None = None) -> Value:
        groups = node.attributes.get("group", 1)
        weights = weights if groups == 1 else weights[:, None]  # as many groups as channels, in our files
        is_stepped = node.inputs[0] in self._stepped
        kept = _weights_in_steps(weights, self._largest) if is_stepped else _constant(weights)
        if node.operation == "Gemm":
            product = operations.matmul(read, kept, transpose_a=False, transpose_b=True)
        else:
            top, left, bottom, right = node.attributes["pads"]
            kind = operations.convolution if groups == 1 else operations.group_convolution
            product = kind(read, kept, node.attributes["strides"], [top, left], [bottom, right], [1, 1])
        if bias is None:
            return product
        return operations.add(product, _constant(bias.reshape(1, -1, *[1] * (0 if node.operation == "Gemm" else 2))))


def _twice(read: Value) -> Value:
    """Nearest, twice the size: the only one in our files."""
    twice, places = np.array([2, 2], dtype=np.float32), np.array([2, 3])
    return operations.interpolate(
        read,
        _constant(twice),
        "nearest",
        "scales",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
        axes=_constant(places),
    )


def with_zero(between: Range) -> Range:
    """The range moved a little, so that one of its steps is 0: OpenVINO would move all numbers by what is missing to it."""
    step = (between[1] - between[0]) / (STEPS - 1)
    below = round(-between[0] / step)
    return -below * step, (STEPS - 1 - below) * step


def _in_steps(read: Value, between: Range) -> Value:
    ends = [_constant(np.array(end, dtype=np.float32)) for end in with_zero(between)]
    return operations.fake_quantize(read, *ends, *ends, STEPS)


def _weights_in_steps(weights: Tensor, largest: int) -> Value:
    """In steps of each output's largest one, so many of them."""
    flat = weights.reshape(len(weights), -1)
    steps = np.maximum(flat.max(axis=1), -flat.min(axis=1)).clip(1e-12) / largest
    steps = steps.astype(np.float32).reshape(-1, *[1] * (weights.ndim - 1))
    whole = weights * (1 / steps)
    whole = _constant(np.rint(whole, out=whole).astype(np.int8))
    return operations.multiply(operations.convert(whole, np.float32), _constant(steps))


def _constant(numbers: Tensor) -> Value:
    """Given as an array, OpenVINO's own way makes a list of Python's numbers of it: a quarter of a second for SFace."""
    return operations.constant(np.ascontiguousarray(numbers))
