"""GeoPackage geometry blobs: header with envelope, then ISO WKB (OGC 12-128r18, 2.1.3)."""

import struct
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray, in_parts

_LITTLE, _ENVELOPE_XY, _EMPTY = 1, 2, 16  # flag bits
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_HEADER_BYTES = 8


def encode(geometry: ObjectArray, srs_id: int) -> list[bytes | None]:
    """Return one blob a geometry, shape (n,); None stays None."""
    wkb = shapely.to_wkb(geometry, flavor="iso", byte_order=1)
    bounds = shapely.bounds(geometry).reshape(-1, 4)
    empty = np.isnan(bounds).any(axis=1).tolist()
    hollow = struct.pack("<2sBBi", b"GP", 0, _LITTLE | _EMPTY, srs_id)
    start = struct.pack("<2sBBi", b"GP", 0, _LITTLE | _ENVELOPE_XY, srs_id)
    edges = np.ascontiguousarray(bounds[:, [0, 2, 1, 3]], "<f8").tobytes()
    return [
        None if body is None else (hollow if empty[n] else start + edges[32 * n : 32 * n + 32]) + body
        for n, body in enumerate(wkb)
    ]


def decode(blobs: Sequence[bytes | None]) -> ObjectArray:
    """Return the geometries, shape (n,); None stays None."""
    found: ObjectArray = np.empty(len(blobs), object)
    found[:] = in_parts(_decoded, blobs)
    return found


def _decoded(blobs: Sequence[bytes | None]) -> ObjectArray:
    return np.asarray(shapely.from_wkb([None if blob is None else body(blob) for blob in blobs]), object)


def body(blob: bytes) -> bytes:
    """Return the WKB behind the header; GEOSException when there is no such header."""
    envelope = _ENVELOPE_BYTES.get((blob[3] >> 1) & 7) if len(blob) > _HEADER_BYTES and blob[:2] == b"GP" else None
    if envelope is None:
        raise shapely.errors.GEOSException("a geometry is not in the form of a GeoPackage")
    return blob[_HEADER_BYTES + envelope :]


def bounds(blob: bytes | None) -> tuple[float, float, float, float] | None:
    """Return min x, min y, max x, max y; None for no or an empty geometry."""
    geometry: BaseGeometry | None = None if blob is None else shapely.from_wkb(body(blob))
    return None if geometry is None or geometry.is_empty else geometry.bounds
