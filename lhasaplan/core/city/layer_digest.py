"""Name the content of a project's layers by one digest, so that a sample is known by what it holds."""

import hashlib
from collections.abc import Mapping

import numpy as np
import shapely

from lhasaplan.core.model.layer import Layer

# Coordinates count to the centimetre: another build of PROJ may differ by nanometres.
_STEP_M = 0.01


def digest_layers(layers: Mapping[str, Layer]) -> str:
    """Return the SHA-256 of ids and geometry (to 1 cm) of all layers, whatever the order of layers and features."""
    digest = hashlib.sha256()
    for name in sorted(name for name in layers if len(layers[name])):
        digest.update(name.encode())
        digest.update(_content(layers[name]))
    return digest.hexdigest()


def _content(layer: Layer) -> bytes:
    order = np.argsort(layer.ids.astype(str), kind="stable")
    geometry = layer.geometry[order]
    cells = np.round(shapely.get_coordinates(geometry) / _STEP_M).astype(np.int64)
    counts = shapely.get_num_coordinates(geometry).astype(np.int64)
    ids: bytes = "\n".join(layer.ids[order].astype(str)).encode()
    return ids + bytes(counts.tobytes()) + bytes(cells.tobytes())
