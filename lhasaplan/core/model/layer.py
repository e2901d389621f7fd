"""City layers as columns: identifiers, geometries in the project's metric CRS, and tags."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

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
