"""What passes between the program and the process that reads: values in pieces, and of classes only those that are known.

A city is sent some thousand features at a time, so that a window goes on drawing while it takes them in.
"""

import importlib
import io
import pickle
import struct
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO, Any

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.model.layer import Layer, Tags

PIECE = 5000  # features in a piece
_HEAD = struct.Struct(">Q")
_END = _HEAD.pack(0)
# Whole packages of our own; of others what numpy, shapely and Python need to make their values again.
_OURS = "lhasaplan."
_OTHERS = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy.core.numeric", "_frombuffer"),
    ("shapely", "from_wkb"),
    ("shapely.io", "from_wkb"),
    ("affine", "Affine"),
    ("types", "MappingProxyType"),
    ("pathlib", "Path"),
    ("pathlib", "PosixPath"),
    ("pathlib", "WindowsPath"),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("builtins", "frozenset"),
    ("builtins", "set"),
    ("builtins", "complex"),
    ("builtins", "slice"),
    ("builtins", "range"),
    ("builtins", "bytearray"),
    ("builtins", "BaseException"),
    ("builtins", "MemoryError"),
    ("builtins", "KeyError"),
}
SentRows = tuple[list[object], list[bytes | None], tuple[Tags, ...], tuple[str, ...]]  # ids, shapes as WKB, tags, files
MadeRows = tuple[ObjectArray, ObjectArray, tuple[Tags, ...], tuple[str, ...]]


def send(value: object, stream: IO[bytes]) -> None:
    """Write a value: its layers in pieces first, then the value itself, then an end."""
    packer = _Packer(stream)
    packer.dump(value)
    _write(stream, packer.buffer.getbuffer())
    stream.write(_END)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Return the next value; EOFError where the other side is gone, UnpicklingError for a class that has no business here."""
    pieces: list[MadeRows] = []
    last: Any = None
    for number, block in enumerate(_blocks(stream)):
        if number:  # all but the last block are pieces; shapes are made while the other side packs the next ones
            ids, shapes, tags, source = last
            pieces.append((_objects(ids), shapely.from_wkb(_objects(shapes)), tags, source))
        last = _Unpacker(block, pieces).load()
    return last


class _Packer(pickle.Pickler):
    """Writes values, and the rows of layers beside them."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.buffer = io.BytesIO()
        super().__init__(self.buffer, protocol=5)
        self._stream, self._sent = stream, 0

    def persistent_id(self, value: object) -> object:
        """Return the pieces in which a layer was sent; None for what stays where it is."""
        if not isinstance(value, Layer):
            return None
        first = self._sent
        for start in range(0, len(value), PIECE):
            part = slice(start, start + PIECE)
            shapes = shapely.to_wkb(value.geometry[part], output_dimension=4, flavor="iso")
            rows = value.ids[part].tolist(), shapes.tolist(), value.tags[part], value.source[part]
            _write(self._stream, pickle.dumps(rows, protocol=5))
            self._sent += 1
        return value.name, first, self._sent


class _Unpacker(pickle.Unpickler):
    """Reads values of known classes, and makes layers again of their pieces."""

    def __init__(self, block: bytes, pieces: list[MadeRows]) -> None:
        super().__init__(io.BytesIO(block))
        self._pieces = pieces

    def persistent_load(self, pid: tuple[str, int, int]) -> Layer:
        """Return the layer that was sent in these pieces."""
        name, first, end = pid
        pieces = self._pieces[first:end]
        ids, geometry = _joined([ids for ids, _, _, _ in pieces]), _joined([shapes for _, shapes, _, _ in pieces])
        tags = tuple(chain.from_iterable(tags for _, _, tags, _ in pieces))
        return Layer(name, ids, geometry, tags, tuple(chain.from_iterable(source for _, _, _, source in pieces)))

    def find_class(self, module_name: str, global_name: str) -> object:
        """Return a class by its name if it is one of those that readers give."""
        if module_name.startswith(_OURS) or (module_name, global_name) in _OTHERS:
            found: object = importlib.import_module(module_name)
            for part in global_name.split("."):
                found = getattr(found, part)
            if not module_name.startswith(_OURS) or isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module_name}.{global_name} is nothing that a reader gives")


def _objects(values: Sequence[object]) -> ObjectArray:
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _joined(parts: list[ObjectArray]) -> ObjectArray:
    return np.concatenate(parts) if parts else np.empty(0, object)


def _write(stream: IO[bytes], block: bytes | memoryview) -> None:
    stream.write(_HEAD.pack(len(block)))
    stream.write(block)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while size := _HEAD.unpack(_exactly(stream, _HEAD.size))[0]:
        yield _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found
