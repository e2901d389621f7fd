"""City layers as columns: identifiers, geometries in the project's metric CRS, and tags."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray

Tags = Mapping[str, str]  # never holds the key ``religion``; readers drop it before anything else sees it


@dataclass(frozen=True, slots=True)
class InputRecord:
    """One imported file: its name (no folder), digest, number of features, date of the data and licence text.

    ``unread_protected`` counts the outlines of protected places that are broken, cut off or nowhere in the file.
    """

    path: str
    sha256: str
    features: int
    date: str = ""
    licence: str = ""
    kind: str = ""
    unread_protected: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """Features of one layer.

    Parameters
    ----------
    ids : object array, shape (n,); stable strings such as ``way/1234``.
    geometry : object array, shape (n,); shapely geometries.
    tags : length n.
    source : length n, the file that each feature came from; empty when not known.
    """

    name: str
    ids: ObjectArray
    geometry: ObjectArray
    tags: tuple[Tags, ...]
    source: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.tags)


@dataclass(frozen=True, eq=False, slots=True)
class Buildings:
    """Footprints as prisms: base and top above the height datum, and where each height came from.

    ``height_source`` is one of ``height``, ``levels``, ``default``, ``table``, ``roof`` (recorded above the datum).
    ``base_m`` above 0 is a passage, bridge or roof that does not block below it (``building=roof``).
    """

    ids: ObjectArray
    polygons: ObjectArray  # shapely Polygon or MultiPolygon
    base_m: FloatArray
    top_m: FloatArray
    height_source: ObjectArray
    tags: tuple[Tags, ...]

    def __len__(self) -> int:
        return len(self.tags)


def empty_layer(name: str) -> Layer:
    """Return a layer without features."""
    return Layer(name, np.empty(0, object), np.empty(0, object), ())


def take(layer: Layer, keep: BoolArray) -> Layer:
    """Return the rows of a layer that are kept, shape (n,) of truth."""
    rows = np.flatnonzero(keep)
    source = tuple(layer.source[row] for row in rows) if layer.source else ()
    return Layer(layer.name, layer.ids[rows], layer.geometry[rows], tuple(layer.tags[row] for row in rows), source)


def without(layer: Layer, rows: Collection[int]) -> Layer:
    """Return a layer without the features of some rows."""
    return take(layer, ~np.isin(np.arange(len(layer)), list(rows)))


# Name the content of a project's layers by one digest, so that a sample is known by what it holds, and a district of it, too.

# Coordinates count to the centimetre: another build of PROJ may differ by nanometres.
_STEP_M = 0.01


def digest_layers(layers: Mapping[str, Layer], left_out: Collection[str] = ()) -> str:
    """Return the SHA-256 of ids and geometry (to 1 cm) of all layers, whatever the order of layers and features.

    ``left_out`` are the digests of features that a district's file leaves to the city's: with them it has the digest of the city.
    """
    known = sorted([*feature_digests(layers).values(), *left_out])
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


def feature_digests(layers: Mapping[str, Layer]) -> dict[tuple[str, int], str]:
    """Return the digest of each feature by layer and row."""
    return {(name, row): digest for name in layers for row, digest in enumerate(_of_layer(name, layers[name]))}


def _of_layer(name: str, layer: Layer) -> Iterator[str]:
    cells = np.round(shapely.get_coordinates(layer.geometry) / _STEP_M).astype(np.int64)
    counts = shapely.get_num_coordinates(layer.geometry)
    ends = np.cumsum(counts)
    for feature_id, count, end in zip(layer.ids.tolist(), counts.tolist(), ends.tolist(), strict=True):
        content = f"{name}\n{feature_id}\n{count}\n".encode() + cells[end - count : end].tobytes()
        yield hashlib.sha256(content).hexdigest()
