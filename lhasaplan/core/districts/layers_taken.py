"""What of the layers of districts goes into the city's: features that the city lacks, for a place that one knows is protected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.merging.three_ways import CITY, Conflict
from lhasaplan.core.model.drawn_tags import is_drawn
from lhasaplan.core.model.layer import Layer, empty_layer, take
from lhasaplan.core.project.district import District
from lhasaplan.core.project.project import Project

FEATURE = "feature"


@dataclass(frozen=True, eq=False, slots=True)
class LayersTaken:
    """The layers of the city with those features, and what is to be told of them.

    Parameters
    ----------
    added : by district, how many features the city lacked.
    drawn : how many drawn places districts have and the city does not; they stay where they are, for nothing may lead to them.
    """

    layers: Mapping[str, Layer]
    added: Mapping[str, int]
    drawn: int = 0
    conflicts: tuple[Conflict, ...] = ()


def with_layers_of(
    city: Project, sides: Sequence[tuple[District, Project]], choices: Mapping[str, str], default: str = ""
) -> LayersTaken:
    """Return the layers of a city with what its districts have besides; one that is there otherwise is a conflict.

    Choices are as of :func:`lhasaplan.core.merging.three_ways.merged`; a feature of the district then takes the city's place.
    """
    layers, added, drawn = dict(city.layers), dict[str, int](), 0
    conflicts: list[Conflict] = []
    for district, project in sides:
        for name, theirs in project.layers.items():
            ours = layers.get(name, empty_layer(name))
            rows = {feature_id: row for row, feature_id in enumerate(ours.ids.tolist())}
            fresh = np.array([feature_id not in rows for feature_id in theirs.ids.tolist()], bool)
            hidden = np.array([is_drawn(tags) for tags in theirs.tags], bool)
            drawn += int((fresh & hidden).sum())
            others = [row for row in np.flatnonzero(~fresh).tolist() if not _is_same(theirs, row, ours, rows[theirs.ids[row]])]
            chosen = [row for row in others if choices.get(str(theirs.ids[row]), default) == district.area]
            left = [row for row in others if choices.get(str(theirs.ids[row]), default) not in (CITY, district.area)]
            conflicts += [Conflict(FEATURE, str(theirs.ids[row]), {CITY: name, district.area: name}) for row in left]
            count = int((fresh & ~hidden).sum())
            added[district.area] = added.get(district.area, 0) + count
            if chosen or count:
                layers[name] = _joined(
                    ours, take(theirs, fresh & ~hidden), {rows[theirs.ids[row]]: row for row in chosen}, theirs
                )
    return LayersTaken(layers, added, drawn, tuple(conflicts))


def _is_same(one: Layer, row: int, other: Layer, there: int) -> bool:
    return dict(one.tags[row]) == dict(other.tags[there]) and bool(one.geometry[row].equals_exact(other.geometry[there], 0.0))


def _joined(ours: Layer, fresh: Layer, replaced: Mapping[int, int], theirs: Layer) -> Layer:
    """Return a layer with features that came, and with some of its own as the other side has them."""
    geometry, tags = ours.geometry.copy(), list(ours.tags)
    for row, there in replaced.items():
        geometry[row], tags[row] = theirs.geometry[there], theirs.tags[there]
    whole = replace(ours, geometry=geometry, tags=tuple(tags))
    source = (*_sources(whole), *_sources(fresh)) if ours.source or fresh.source else ()
    return Layer(
        ours.name,
        np.concatenate([whole.ids, fresh.ids]),
        np.concatenate([whole.geometry, fresh.geometry]),
        (*whole.tags, *fresh.tags),
        source,
    )


def _sources(layer: Layer) -> tuple[str, ...]:
    return layer.source or ("",) * len(layer)
