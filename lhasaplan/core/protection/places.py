"""Find protected places: one for each real place, however many buildings, points and grounds describe it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.base.geometry_repair import valid
from lhasaplan.core.base.point_groups import joined_groups
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.city.outlines import Doubles, doubles_of
from lhasaplan.core.model.layer import Buildings, Layer
from lhasaplan.core.model.protected_place import ProtectedClass, ProtectedPlace
from lhasaplan.core.project.decisions import DWELLING, Declaration
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.shapes import PlaceMaker
from lhasaplan.core.recognition.features import Features, Links, find_features, link
from lhasaplan.core.recognition.kind_types import ProtectedKinds
from lhasaplan.core.recognition.unknown_use import declared, likely_dwellings, use_unknown

STEP = "protected"

__all__ = ["ProtectedGround", "count_places", "find_protected"]


def find_protected(
    layers: Mapping[str, Layer],
    buildings: Buildings,
    kinds: ProtectedKinds,
    declarations: Sequence[Declaration] = (),
    progress: Progress = no_progress,
) -> tuple[ProtectedPlace, ...]:
    """Return the protected places of a city, buildings of unknown use among them.

    A building, the points and rooms in it and the grounds round it are one place. A building is a home when its own tags or
    an entrance to flats say so; else it takes the class of the protected place in it (a clinic in an office block makes the
    block's frontage protected); else it is use unknown, unless its kind is known to be no dwelling or a person declared it
    (``not_dwelling``, with name and date; ``core/recognition/unknown_use.py``); house numbers, entrances and names make
    one a dwelling, likely (``core/recognition/unknown_use.py``), and a person may declare any a ``dwelling``.

    Parameters
    ----------
    layers : every layer but ``cameras`` and ``terrain`` is searched, user layers too.
    """
    buildings, index = _sound(buildings), kinds.index()
    own = [index.names(tags) for tags in watched(buildings.tags, progress, STEP, every=1024)]
    own = _with_declared(own, buildings, declared(declarations, DWELLING))
    doubles = doubles_of(buildings, index.names)
    declarations = _of_each_outline(declarations, buildings, doubles)
    features = find_features(layers, buildings, own, kinds)
    progress(0.1, STEP)
    links = link(features, buildings, own, kinds)
    group = _groups(links, len(buildings), len(features), doubles)
    shown = _kinds_of_groups(group, own, features, links)
    nobody_knows = use_unknown(buildings, own, kinds, declarations)
    likely = frozenset(group[: len(buildings)][likely_dwellings(buildings, nobody_knows, layers, kinds)].tolist())
    unknown = np.unique(group[: len(buildings)][nobody_knows])
    wanted = sorted(shown.keys() | set(unknown.tolist()))
    progress(0.2, STEP)
    maker = PlaceMaker(layers, buildings, own, (features, links), kinds, doubles=doubles, progress=progress)
    groups = watched(list(_members(group, wanted)), progress, STEP)
    return tuple(maker.place(members, shown.get(number, frozenset()), number in likely) for number, members in groups)


def _with_declared(own: list[tuple[str, ...]], buildings: Buildings, lived_in: frozenset[str]) -> list[tuple[str, ...]]:
    """Return the kinds that buildings show, those of which a person says that they are lived in among the dwellings."""
    if not lived_in:
        return own
    return [
        tuple(sorted({*names, DWELLING})) if identity in lived_in else names
        for identity, names in zip(buildings.ids.tolist(), own, strict=True)
    ]


def _of_each_outline(declarations: Sequence[Declaration], buildings: Buildings, doubles: Doubles) -> Sequence[Declaration]:
    """Return declarations with what is said of one outline of a building said of its others, too."""
    rows = np.flatnonzero(doubles.is_again)
    if not len(rows):
        return declarations
    ids: dict[int, list[str]] = {}
    for row in np.union1d(rows, doubles.of[rows]).tolist():
        ids.setdefault(int(doubles.of[row]), []).append(str(buildings.ids[row]))
    others = {each: some for some in ids.values() for each in some}
    further = (replace(each, subject=other) for each in declarations for other in others.get(each.subject, ()))
    return tuple(dict.fromkeys((*declarations, *further)))


def _sound(buildings: Buildings) -> Buildings:
    """Return buildings none of whose outlines crosses itself."""
    polygons = valid(buildings.polygons)
    return buildings if polygons is buildings.polygons else replace(buildings, polygons=polygons)


def count_places(places: Iterable[ProtectedPlace]) -> Mapping[str, int]:
    """Return how many places there are of each class; the only form in which outputs may speak of them as a whole."""
    counts = {str(cls): 0 for cls in ProtectedClass}
    for place in places:
        counts[str(place.cls)] += 1
    return counts


def _groups(links: Links, buildings: int, features: int, doubles: Doubles) -> IntArray:
    """Return the group number of every building, then of every feature."""
    again = np.flatnonzero(doubles.is_again)
    a = np.concatenate([buildings + links.feature, buildings + links.feature_a, again]).astype(np.int64)
    b = np.concatenate([links.building, buildings + links.feature_b, doubles.of[again]]).astype(np.int64)
    return joined_groups(a, b, buildings + features)


def _kinds_of_groups(
    group: IntArray, own: Sequence[tuple[str, ...]], features: Features, links: Links
) -> dict[int, frozenset[str]]:
    """Return the kinds that the members of each group show; of those that say the same it is the same set."""
    numbers, sets = group.tolist(), {names: frozenset(names) for names in {*own, *features.kinds}}
    shown: dict[int, frozenset[str]] = {}
    for number, names in zip(numbers, own, strict=False):
        if names:
            shown[number] = shown[number] | sets[names] if number in shown else sets[names]
    others = [*links.lent.items(), *((len(own) + f, sets[names]) for f, names in enumerate(features.kinds) if links.counts[f])]
    for member, kinds in others:
        number = numbers[member]
        shown[number] = shown.get(number, frozenset()) | kinds
    return shown


def _members(group: IntArray, wanted: Iterable[int]) -> Iterable[tuple[int, list[int]]]:
    order, starts = np.argsort(group, kind="stable").tolist(), np.concatenate([[0], np.cumsum(np.bincount(group))]).tolist()
    return ((number, order[starts[number] : starts[number + 1]]) for number in wanted)
