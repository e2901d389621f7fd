"""Name the content of a project's layers by one digest, so that a sample is known by what it holds, and a district of it, too."""

import hashlib
from collections.abc import Collection, Iterator, Mapping

import numpy as np
import shapely

from lhasaplan.core.model.layer import Layer

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
