"""Write the spatial index of a new table node by node, as SQLite keeps one: entry by entry takes six times as long.

The format is that of SQLite's R*Tree module (ext/rtree/rtree.c): a node has its depth (the root alone says it), the number of its
cells, and in each cell a row or a node below with its box in single precision, all big-endian.
"""

import sqlite3
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import FloatArray, IntArray

_CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])
_HEAD = np.dtype([("depth", ">u2"), ("cells", ">u2")])
_ROOT = 1
Boxes = NDArray[np.float32]


def fill_index(connection: sqlite3.Connection, name: str, rows: IntArray, box: FloatArray) -> None:
    """Fill an index that was just made: the keys of rows, shape (n,), and their min x, min y, max x, max y."""
    if not len(rows):
        return
    size = int(connection.execute(f'SELECT length(data) FROM "{name}_node" WHERE nodeno = {_ROOT}').fetchone()[0])
    most = (size - _HEAD.itemsize) // _CELL.itemsize
    order = _side_by_side(box, most)
    ids, cells = rows[order].astype(np.int64), _outward(box[order])
    depth, last = 0, _ROOT
    while True:
        starts = np.linspace(0, len(ids), -(-len(ids) // most) + 1).astype(np.int64)[:-1]
        is_root = len(starts) == 1
        nodes = np.array([_ROOT]) if is_root else last + 1 + np.arange(len(starts))
        counts = np.diff(np.append(starts, len(ids)))
        by_id = np.argsort(ids)  # in the order of its keys a table is written in a third of the time
        said = zip(ids[by_id].tolist(), np.repeat(nodes, counts)[by_id].tolist(), strict=True)
        table = "rowid" if depth == 0 else "parent"
        connection.executemany(f'INSERT OR REPLACE INTO "{name}_{table}" VALUES (?, ?)', said)
        packed = np.zeros(len(ids), _CELL)
        packed["id"], packed["box"] = ids, cells
        blobs = _nodes(packed, counts, depth if is_root else 0, size)
        connection.executemany(f'INSERT OR REPLACE INTO "{name}_node" VALUES (?, ?)', zip(nodes.tolist(), blobs, strict=True))
        if is_root:
            return
        least, largest = (each.reduceat(cells, starts, axis=0) for each in (np.minimum, np.maximum))
        cells = np.stack((least[:, 0], largest[:, 1], least[:, 2], largest[:, 3]), axis=1)
        ids, last, depth = nodes, int(nodes[-1]), depth + 1


def _outward(box: FloatArray) -> Boxes:
    """Return boxes as a cell has them, min x, max x, min y, max y, in single precision round the boxes."""
    edges = box[:, [0, 2, 1, 3]]
    single = edges.astype(np.float32)
    for column, way in enumerate((-np.inf, np.inf, -np.inf, np.inf)):
        inside = (edges[:, column] - single[:, column]) * np.sign(way) > 0.0
        single[inside, column] = np.nextafter(single[inside, column], np.float32(way))
    return single


def _nodes(cells: NDArray[np.void], counts: IntArray, depth: int, size: int) -> list[bytes]:
    """Return the nodes of one level, each of them ``size`` bytes long; ``counts`` says how many of the cells each has in turn."""
    heads = np.zeros(len(counts), _HEAD)
    heads["depth"], heads["cells"] = depth, counts
    whole, ends = cells.tobytes(), (np.cumsum(counts) * _CELL.itemsize).tolist()
    pieces = (whole[start:end] for start, end in pairwise([0, *ends]))
    return [(head.tobytes() + piece).ljust(size, b"\0") for head, piece in zip(heads, pieces, strict=True)]


def _side_by_side(box: FloatArray, most: int) -> IntArray:
    """Return boxes in strips from west to east, in each from south to north or back: neighbours share a node."""
    x, y = box[:, 0] + box[:, 2], box[:, 1] + box[:, 3]
    rank = np.empty(len(box), np.int64)
    rank[np.argsort(x, kind="stable")] = np.arange(len(box))
    strips = rank // max(int(np.sqrt(len(box) * most)), 1)
    return np.lexsort((np.where(strips % 2, -y, y), strips))
