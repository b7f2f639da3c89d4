"""Running a model file with ncnn: the same weights as OpenCV's, in half the time, and with 8-bit numbers in a third.

Only worker processes import this module.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import ncnn
import numpy as np
from numpy.typing import NDArray

from privacyguard.faces.onnx_file import Graph, Node, Tensor

_MAGIC = 7767517  # starts each ncnn parameter text
_LEFT_OUT = frozenset({"Dropout", "Flatten", "Transpose", "Reshape", "Sigmoid"})
"""Operations that only reorder or rescale what comes out at the end: the callers do it for the few numbers they need."""

_FLOAT32, _INT8 = bytes(4), bytes.fromhex("384b0d00")
"""How the weights that follow are kept (ncnn: modelbin.cpp)."""

_LARGEST = 127
"""Of an 8-bit number."""

_MERGED = frozenset({("Conv", "BatchNormalization"), ("Gemm", "BatchNormalization"), ("Conv", "Relu")})


Range = tuple[float, float]
"""Of a tensor's numbers, the least and the largest that are told apart; those beyond them count as these."""


class Network:
    """A net that was loaded once. Inputs are planar float32 pictures in an :class:`ncnn.Mat`."""

    def __init__(self, graph: Graph, outputs: Sequence[str], ranges: Mapping[str, Range] | None = None) -> None:
        """Load the part of the graph that leads to ``outputs``, names of its tensors.

        Args:
            graph: from :func:`~privacyguard.faces.onnx_file.read_graph`.
            outputs: what :meth:`run` gives; an output behind a left-out operation is named by what goes into it.
            ranges: by tensor; the products and unpadded convolutions that read it are calculated with 8-bit numbers.
        """
        layers = _Layers(graph, ranges or {})
        self._net = ncnn.Net()
        self._net.opt.num_threads = 1  # there is a worker for each core
        self._net.opt.use_vulkan_compute = False
        if self._net.load_param_mem(layers.text) != 0:
            raise RuntimeError("the net does not load")
        self._net.load_model_mem(layers.weights)
        self._input = layers.input
        self._outputs = tuple(outputs)
        self._weights = layers.weights  # ncnn may refer to it

    def run(self, image: "ncnn.Mat") -> list[NDArray[np.float32]]:
        """Each output, (channels, height, width) or (numbers,)."""
        extractor = self._net.create_extractor()
        extractor.input(self._input, image)
        return [np.array(extractor.extract(name)[1], dtype=np.float32) for name in self._outputs]


class _Layers:
    """A graph as ncnn's parameter text and the bytes of its weights, in the same order."""

    def __init__(self, graph: Graph, ranges: Mapping[str, Range]) -> None:
        self._constants = graph.constants
        self._ranges = ranges
        self._lines: list[str] = []
        self._weights: list[bytes] = []
        self._blobs = 0
        nodes = _without_left_out(graph)
        self._readers = Counter(name for node in nodes for name in self._from_outside(node))
        self._copies: Counter[str] = Counter()
        self.input = nodes[0].inputs[0]
        self._add("Input", (), (self.input,))
        for before, node, following in zip((None, *nodes), nodes, (*nodes[1:], None), strict=False):
            if not _is_merged(before, node):
                self._translate(node, following if following and _is_merged(node, following) else None)
        self.text = f"{_MAGIC}\n{len(self._lines)} {self._blobs}\n" + "\n".join(self._lines) + "\n"
        self.weights = b"".join(self._weights)

    def _from_outside(self, node: Node) -> tuple[str, ...]:
        return tuple(name for name in node.inputs if name and name not in self._constants)

    def _translate(self, node: Node, merged: Node | None) -> None:
        with_constants = {"Conv": self._convolution, "Gemm": self._product}
        if node.operation in with_constants:
            with_constants[node.operation](node, merged)
            return
        simple: dict[str, Callable[[], tuple[str, str]]] = {
            "PRelu": lambda: ("PReLU", self._slopes(node)),
            "BatchNormalization": lambda: ("BatchNorm", self._normalisation(node)),
            "MaxPool": lambda: ("Pooling", "0=0 1=2 2=2 5=1"),  # 2 x 2, the only one in our files
            "Resize": lambda: ("Interp", "0=1 1=2.0 2=2.0"),  # nearest, twice the size
            "Add": lambda: ("BinaryOp", "0=0"),
        }
        kind, parameters = simple[node.operation]()
        self._add(kind, self._from_outside(node), node.outputs, parameters)

    def _convolution(self, node: Node, merged: Node | None) -> None:
        weights, bias = self._folded(node, merged)
        groups = node.attributes["group"]
        top, left, bottom, right = node.attributes["pads"]
        parameters = (
            f"0={weights.shape[0]} 1={weights.shape[3]} 11={weights.shape[2]} 3={node.attributes['strides'][0]}"
            f" 4={left} 14={top} 15={right} 16={bottom} 5=1 6={weights.size}"
        )
        parameters += f" 7={groups}" if groups > 1 else ""
        parameters += " 9=1" if merged and merged.operation == "Relu" else ""
        kind = "Convolution" if groups == 1 else "ConvolutionDepthWise"
        self._add(kind, node.inputs[:1], (merged or node).outputs, parameters, (weights, bias))

    def _product(self, node: Node, merged: Node | None) -> None:
        weights, bias = self._folded(node, merged)
        parameters = f"0={weights.shape[0]} 1=1 2={weights.size}"
        self._add("InnerProduct", node.inputs[:1], (merged or node).outputs, parameters, (weights, bias))

    def _folded(self, node: Node, merged: Node | None) -> tuple[Tensor, Tensor]:
        """Weights and bias, with the normalisation that follows worked into them."""
        weights, bias = (
            (self._constants[name] for name in node.inputs[1:3])
            if len(node.inputs) > 2
            else (
                self._constants[node.inputs[1]],
                np.zeros(len(self._constants[node.inputs[1]]), dtype=np.float32),
            )
        )
        if merged is None or merged.operation == "Relu":
            return weights, bias
        gain, offset, mean, variance = (self._constants[name] for name in merged.inputs[1:5])
        factor = gain / np.sqrt(variance + merged.attributes["epsilon"])
        return weights * factor.reshape(-1, *[1] * (weights.ndim - 1)), (bias - mean) * factor + offset

    def _normalisation(self, node: Node) -> str:
        gain, offset, mean, variance = (self._constants[name].astype(np.float32) for name in node.inputs[1:5])
        self._weights += [each.tobytes() for each in (gain, mean, variance, offset)]
        return f"0={gain.size} 1={node.attributes['epsilon']}"

    def _slopes(self, node: Node) -> str:
        slopes = self._constants[node.inputs[1]].ravel()
        self._weights.append(slopes.astype(np.float32).tobytes())
        return f"0={slopes.size}"

    def _add(
        self,
        kind: str,
        inputs: Iterable[str],
        outputs: Sequence[str],
        parameters: str = "",
        weights: tuple[Tensor, Tensor] | None = None,
    ) -> None:
        inputs = tuple(inputs)
        read = [self._copy_of(name) for name in inputs]
        kept: list[bytes] = []
        if weights is not None and inputs[0] in self._ranges:
            parameters += " 8=1"
            read[0], kept = self._eight_bits(read[0], *weights, *self._ranges[inputs[0]])
        elif weights is not None:
            kept = [_FLOAT32, *(each.astype(np.float32).tobytes() for each in weights)]
        number = len(self._lines)
        counts = f"{len(read)} {len(outputs)}"
        self._lines.append(" ".join(filter(None, (kind, f"l{number}", counts, *read, *outputs, parameters))))
        self._blobs += len(outputs)
        self._weights += kept
        for name in outputs:
            if kind != "Split" and self._readers[name] > 1:
                self._split(name)

    def _eight_bits(
        self, name: str, weights: Tensor, bias: Tensor, least: float, largest: float
    ) -> tuple[str, list[bytes]]:
        """What the layer then reads, and its weights: ncnn's 8-bit numbers lie around 0, so the middle is taken off first."""
        middle, reach = (least + largest) / 2, (largest - least) / 2
        centred = f"{name}_centred"
        self._lines.append(f"BinaryOp c_{name} 1 1 {name} {centred} 0=1 1=1 2={middle}")
        self._blobs += 1
        return centred, _as_int8(weights, bias, middle, reach)

    def _split(self, name: str) -> None:
        copies = [f"{name}_{number}" for number in range(self._readers[name])]
        self._lines.append(f"Split s_{name} 1 {len(copies)} {name} {' '.join(copies)}")
        self._blobs += len(copies)

    def _copy_of(self, name: str) -> str:
        """ncnn wants a copy for each reader of a tensor."""
        if self._readers[name] < 2:
            return name
        self._copies[name] += 1
        return f"{name}_{self._copies[name] - 1}"


def _as_int8(weights: Tensor, bias: Tensor, middle: float, reach: float) -> list[bytes]:
    """Weights in steps of each output's largest one, the bias, how many steps make one, and the same for what is read.

    What the middle stands for is put back into the bias with the weights as they are kept, so that only their own error stays.
    """
    content, factors, put_back = [], [], []
    for of_output in weights.reshape(len(weights), -1):  # one by one, so that it stays in the processor's cache
        factor = _LARGEST / max(float(np.abs(of_output).max()), 1e-12)
        whole = np.rint(of_output * np.float32(factor)).astype(np.int8)
        content.append(whole.tobytes())
        factors.append(factor)
        put_back.append(middle * float(whole.sum(dtype=np.int64)) / factor)
    content.append(bytes(-weights.size % 4))
    steps = np.array([*factors, _LARGEST / reach], dtype=np.float32)
    return [_INT8, *content, (bias + np.array(put_back)).astype(np.float32).tobytes(), steps.tobytes()]


def _is_merged(before: Node | None, node: Node) -> bool:
    """Whether ncnn does this step within the one before."""
    if before is None or node.inputs[0] != before.outputs[0]:
        return False
    return (before.operation, node.operation) in _MERGED


def _without_left_out(graph: Graph) -> list[Node]:
    """The nodes that calculate, each reading from the one before it past those that are left out."""
    behind: dict[str, str] = {}
    nodes: list[Node] = []
    for node in graph.nodes:
        inputs = tuple(behind.get(name, name) for name in node.inputs)
        if node.operation in _LEFT_OUT or (node.operation in ("Sub", "Mul") and not nodes):
            behind[node.outputs[0]] = inputs[0]
        else:
            nodes.append(Node(node.operation, inputs, node.outputs, node.attributes))
    return nodes
