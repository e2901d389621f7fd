"""Find buildings of unknown use: they count as protected until a person declares their use."""

import math
import re
from collections.abc import Sequence

import numpy as np

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.city.building_heights import parse_length_m
from lhasaplan.core.model.layer import Buildings, Tags
from lhasaplan.core.project.decisions import Declaration, stands_for
from lhasaplan.core.recognition.kind_types import ProtectedKinds
from lhasaplan.core.recognition.protected_names import is_named

STOREY_M = 3.0
_RECORDED = frozenset({"height", "table"})  # sources of a height that somebody measured or wrote down
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def use_unknown(
    buildings: Buildings, own: Sequence[tuple[str, ...]], kinds: ProtectedKinds, declarations: Sequence[Declaration]
) -> BoolArray:
    """Return the buildings of unknown use, shape (n,).

    Those that show no kind, and whose value is no known use, or one above which people live where the house is high enough,
    or that are called what is protected: a workshop called a mosque may be one.
    A named person may declare one ``not_dwelling``; that it is lived in is all that this clears: what its name calls a temple
    or a school stays unknown, unless the map knows its use and a named person says with a reason that its name means another
    thing (``not_as_named``).

    Parameters
    ----------
    own : the kinds that each building's own tags show.
    """
    told = {d.subject for d in declarations if d.fact == "not_dwelling" and stands_for(d.by, d.date)}
    renamed = {d.subject for d in declarations if d.fact == "not_as_named" and d.reason.strip() and stands_for(d.by, d.date)}
    heights = zip(buildings.height_source.tolist(), buildings.top_m.tolist(), strict=True)
    words = kinds.words()
    rows = zip(buildings.ids.tolist(), own, buildings.tags, heights, strict=True)
    marks = (
        not names
        and (
            (is_named(tags, words, kinds.elsewhere) and not (name in renamed and is_of_known_use(tags, kinds)))
            or (name not in told and _may_be_lived_in(tags, height, kinds))
        )
        for name, names, tags, height in rows
    )
    return np.fromiter(marks, bool, len(buildings))


def is_of_known_use(tags: Tags, kinds: ProtectedKinds) -> bool:
    """Say whether the map knows what a building is used for."""
    return tags.get("building", "yes") in kinds.known_uses


def shows_unknown_use(tags: Tags, kinds: ProtectedKinds) -> bool:
    """Say of a building that shows no kind, by its tags alone, whether nobody knows its use."""
    height_m = parse_length_m(tags.get("height", ""))
    known = ("height", height_m) if height_m is not None else ("default", 0.0)
    return is_named(tags, kinds.words(), kinds.elsewhere) or _may_be_lived_in(tags, known, kinds)


def _may_be_lived_in(tags: Tags, height: tuple[str, float], kinds: ProtectedKinds) -> bool:
    if not is_of_known_use(tags, kinds):
        return True
    return tags.get("building", "yes") in kinds.lived_above and storeys_of(tags, *height) >= kinds.lived_above_storeys


def storeys_of(tags: Tags, source: str, top_m: float) -> float:
    """Return the recorded storeys of a building, those in its roof too, or those its recorded height has room for; else 0.

    >>> storeys_of({"building:levels": "2-4"}, "default", 6.0), storeys_of({}, "height", 9.5), storeys_of({}, "default", 18.0)
    (4.0, 3.0, 0.0)
    >>> storeys_of({"building:levels": "2", "roof:levels": "1"}, "default", 6.0)
    3.0
    """
    if any(text and not _NUMBER.search(text) for text in (tags.get("building:levels", ""), tags.get("roof:levels", ""))):
        return math.inf  # "three" and "III" are some, and nobody knows how many
    levels, in_roof = _storeys(tags, "building:levels"), _storeys(tags, "roof:levels")
    if levels:
        return levels + in_roof
    room = float(math.floor(top_m / STOREY_M)) if source in _RECORDED else 0.0
    return max(room, 1.0 + in_roof) if in_roof else room


def _storeys(tags: Tags, key: str) -> float:
    sums = (_NUMBER.findall(part) for part in re.split(r"[;-]", tags.get(key, "")) if part)
    each = [[float(text.replace(",", ".")) for text in numbers] for numbers in sums]
    return max((sum(numbers) for numbers in each), default=0.0)  # "2+1" is three, "2-4" is up to four
