"""A project as a reader outside may have it: all that answers rest on, without the places that outputs never list."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lhasaplan.core.city.building_heights import RISE_TAGS
from lhasaplan.core.model.layer import Layer, Tags, take
from lhasaplan.core.model.tag_conditions import ConditionIndex
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import without_drawn
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.undisclosed import secret_kinds

BUILDINGS, ORDINARY = "buildings", "yes"


def disclosed_project(project: Project, kinds: ProtectedKinds) -> Project:
    """Return the project without undisclosed places, drawn places, journal, bookmarks and kept versions of the plan.

    A building in which people hide stays where it stands, since it hides what is behind it; of its tags only those that say how
    it rises are left, and it counts as one of unknown use, as public outputs count it. Every other feature of such a kind is
    left out. What only several features together say is not found here: whoever hands the project on looks for places that are
    left (:func:`lhasaplan.core.protection.undisclosed.is_undisclosed`).
    """
    bare, _ = without_drawn(project)
    index, secret = kinds.index(), secret_kinds(kinds)
    layers = {name: _open_layer(name, layer, index, secret) for name, layer in bare.layers.items()}
    return replace(bare, layers=layers, closed=None, journal=(), bookmarks=(), versions=(), district=None)


def _open_layer(name: str, layer: Layer, index: ConditionIndex, secret: frozenset[str]) -> Layer:
    hidden = np.fromiter((not secret.isdisjoint(index.names(tags)) for tags in layer.tags), bool, len(layer))
    if not hidden.any():
        return layer
    if name != BUILDINGS:
        return take(layer, ~hidden)
    tags = (_plain(each, index, secret) if is_hidden else each for each, is_hidden in zip(layer.tags, hidden, strict=True))
    return replace(layer, tags=tuple(tags))


def _plain(tags: Tags, index: ConditionIndex, secret: frozenset[str]) -> Tags:
    """Return the tags that say how a building rises; a kind of building that would tell the place is an ordinary one."""
    kept: Mapping[str, str] = {key: text for key, text in tags.items() if key in RISE_TAGS}
    return kept if secret.isdisjoint(index.names(kept)) else {**kept, "building": ORDINARY}
