"""Ids of what a file brings without any: made from where each thing is, so that the order of rows says nothing."""

import hashlib
from collections.abc import Sequence

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray

_DECIMALS = 7  # of degrees, a centimetre: what is written again is the same place
_DIGITS = 10


def ids_of_places(places: Sequence[tuple[float, float]], texts: Sequence[str]) -> list[str]:
    """Return an id for each point; ``texts`` tell apart those that are at one place, as their whole row says it.

    >>> ids_of_places([(7.5, 43.7), (7.6, 43.7)], ["a", "b"]) == ids_of_places([(7.6, 43.7), (7.5, 43.7)], ["b", "a"])[::-1]
    True
    """
    return _ids([f"{x:.{_DECIMALS}f} {y:.{_DECIMALS}f}".encode() for x, y in places], texts)


def ids_of_shapes(shapes: ObjectArray, texts: Sequence[str]) -> list[str]:
    """Return an id for each shape, wherever its rings begin; ``texts`` tell apart those of one shape, and those of none."""
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, _DECIMALS) + 0.0)  # no zero below zero
    grounds = shapely.to_wkb(shapely.normalize(rounded), include_srid=False)
    for row in np.flatnonzero(shapely.is_missing(shapes)).tolist():
        grounds[row] = texts[row].encode("utf-8", "surrogatepass")
    return _ids(grounds.tolist(), texts)


def _ids(grounds: Sequence[bytes], texts: Sequence[str]) -> list[str]:
    """Return the digest of each ground; of several of one ground the later ones, by their texts, have a number behind it."""
    sha256 = hashlib.sha256
    digests = [sha256(ground).hexdigest()[:_DIGITS] for ground in grounds]
    if len(set(digests)) == len(digests):  # nearly every building of a town has a ground of its own
        return digests
    found, seen = [""] * len(digests), dict[str, int]()
    for row in sorted(range(len(digests)), key=texts.__getitem__):
        digest = digests[row]
        seen[digest] = seen.get(digest, 0) + 1
        found[row] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    return found
