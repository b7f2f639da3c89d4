"""Reading a model file: the part of the ONNX format (https://onnx.ai/onnx/repo-docs/IR.html) that our two files use.

The files are ours, byte for byte (``weights.py`` checks them first), so this reader does not defend itself. It exists because
the library for the format is larger than everything that it would be used for.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[Any]

_TENSOR_TYPES = {1: np.float32, 2: np.uint8, 3: np.int8, 6: np.int32, 7: np.int64}
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True)
class Node:
    """One operation. ``attributes``: whole numbers, lists of them, real numbers, or a tensor, by name."""

    operation: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Graph:
    """A net: its operations in order, and its constant tensors by name."""

    nodes: tuple[Node, ...]
    constants: dict[str, Tensor]


def read_graph(content: bytes) -> Graph:
    """The graph in a model file's content, with constants that are computed from constants worked out.

    Weights that the file keeps as bytes in blocks (DequantizeLinear) come back as float32.
    """
    graph = next(value for number, value in _fields(content) if number == 7)
    nodes, constants = [], {}
    for number, value in _fields(graph):
        if number == 1:
            nodes.append(_node(value))
        elif number == 5:
            name, tensor = _tensor(value)
            constants[name] = tensor
    return Graph(tuple(node for node in nodes if not _worked_out(node, constants)), constants)


def _worked_out(node: Node, constants: dict[str, Tensor]) -> bool:
    """Whether the node gives a constant, which is then among the constants."""
    if node.operation == "Constant":
        constants[node.outputs[0]] = node.attributes["value"]
    elif node.operation == "DequantizeLinear":
        quantised, scale, zero = (constants[name] for name in node.inputs)
        constants[node.outputs[0]] = _dequantised(quantised, scale, zero, node.attributes)
    elif node.operation == "Reshape" and node.inputs[0] in constants:
        constants[node.outputs[0]] = constants[node.inputs[0]].reshape(constants[node.inputs[1]])
    else:
        return False
    return True


def _dequantised(quantised: Tensor, scale: Tensor, zero: Tensor, attributes: dict[str, Any]) -> Tensor:
    axis, block = attributes["axis"], attributes["block_size"]
    length, rest = quantised.shape[axis], quantised.shape[axis + 1 :]
    part = [slice(None)] * quantised.ndim
    part[axis] = slice(length)
    if length % block == 0:  # in place: a sixth of the time for the largest tensor
        numbers = quantised.astype(np.float32)
        blocks = numbers.reshape(*quantised.shape[:axis], length // block, block, *rest)
        blocks -= np.expand_dims(zero.astype(np.float32), axis + 1)
        blocks *= np.expand_dims(scale.astype(np.float32), axis + 1)
        return numbers
    scales, zeros = (np.repeat(each, block, axis=axis)[tuple(part)].astype(np.float32) for each in (scale, zero))
    return np.asarray((quantised.astype(np.float32) - zeros) * scales)


def _node(content: bytes) -> Node:
    inputs, outputs, operation, attributes = [], [], "", {}
    for number, value in _fields(content):
        if number == 1:
            inputs.append(value.decode())
        elif number == 2:
            outputs.append(value.decode())
        elif number == 4:
            operation = value.decode()
        elif number == 5:
            name, meaning = _attribute(value)
            attributes[name] = meaning
    return Node(operation, tuple(inputs), tuple(outputs), attributes)


def _attribute(content: bytes) -> tuple[str, Any]:
    name, meaning, numbers = "", None, []
    for number, value in _fields(content):
        if number == 1:
            name = value.decode()
        elif number == 2:
            meaning = struct.unpack("<f", value)[0]
        elif number == 3:
            meaning = value
        elif number == 5:
            meaning = _tensor(value)[1]
        elif number == 8:
            numbers += list(_varints(value)) if isinstance(value, bytes) else [value]
    return name, numbers or meaning


def _tensor(content: bytes) -> tuple[str, Tensor]:
    name, raw, kind = "", b"", 1
    shape: list[int] = []
    for number, value in _fields(content):
        if number == 1:
            shape += list(_varints(value)) if isinstance(value, bytes) else [value]
        elif number == 2:
            kind = value
        elif number == 4 and isinstance(value, bytes):  # float_data, packed
            raw = value
        elif number == 7 and isinstance(value, bytes):  # int64_data, packed
            raw = np.array(list(_varints(value)), dtype=np.int64).tobytes()
        elif number == 8:
            name = value.decode()
        elif number == 9:
            raw = value
    return name, np.frombuffer(raw, dtype=_TENSOR_TYPES[kind]).reshape(shape)


def _fields(content: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a protocol buffers message: number and value (a whole number, or bytes)."""
    place = 0
    while place < len(content):
        key, place = _varint(content, place)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, place = _varint(content, place)
            yield number, value
            continue
        if kind == _BYTES:
            length, place = _varint(content, place)
        else:
            length = {_FIXED64: 8, _FIXED32: 4}[kind]
        yield number, content[place : place + length]
        place += length


def _varints(content: bytes) -> Iterator[int]:
    place = 0
    while place < len(content):
        value, place = _varint(content, place)
        yield value


def _varint(content: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value - (1 << 64) if value >> 63 else value, place
