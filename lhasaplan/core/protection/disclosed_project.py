"""A project as a reader outside may have it: all that answers rest on, without the places that outputs never list."""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.city.building_heights import RISE_TAGS
from lhasaplan.core.city.surveys import without_names
from lhasaplan.core.model.layer import Layer, Tags, take
from lhasaplan.core.model.tag_conditions import ConditionIndex
from lhasaplan.core.project.decisions import OF_BUILDINGS, Declaration
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import without_drawn
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.undisclosed import secret_kinds

BUILDINGS, ORDINARY = "buildings", "yes"


def disclosed_project(project: Project, kinds: ProtectedKinds) -> Project:
    """Return the project without undisclosed places, drawn places, names of observers, journal, bookmarks, kept plans.

    A building in which people hide stays where it stands, since it hides what is behind it; of its tags only those that say how
    it rises are left, and it counts as one of unknown use, as public outputs count it. Every other feature of such a kind is
    left out. What only several features together say is not found here: whoever hands the project on looks for places that are
    left (:func:`lhasaplan.core.protection.undisclosed.is_undisclosed`).
    """
    bare, drawn = without_drawn(without_names(project))
    index, secret = kinds.index(), secret_kinds(kinds)
    hidden = {name: _hidden(layer, index, secret) for name, layer in bare.layers.items()}
    layers = {name: _open_layer(name, layer, hidden[name], index, secret) for name, layer in bare.layers.items()}
    known = {*(name for each in drawn.layers.values() for name in each.ids.tolist())}
    known |= {name for each, layer in bare.layers.items() for name in layer.ids[hidden[each]].tolist()}
    return replace(
        bare,
        layers=layers,
        declarations=tuple(_declared(each, known) for each in bare.declarations),
        suspended=tuple(each.nameless() if each.subject in known else each for each in bare.suspended),
        closed=None,
        journal=(),
        bookmarks=(),
        versions=(),
        district=None,
    )


def _hidden(layer: Layer, index: ConditionIndex, secret: frozenset[str]) -> BoolArray:
    return np.fromiter((not secret.isdisjoint(index.names(tags)) for tags in layer.tags), bool, len(layer))


def _open_layer(name: str, layer: Layer, hidden: BoolArray, index: ConditionIndex, secret: frozenset[str]) -> Layer:
    if not hidden.any():
        return layer
    if name != BUILDINGS:
        return take(layer, ~hidden)
    tags = (_plain(each, index, secret) if is_hidden else each for each, is_hidden in zip(layer.tags, hidden, strict=True))
    return replace(layer, tags=tuple(tags))


def _declared(each: Declaration, hidden: Collection[str]) -> Declaration:
    """Return what was declared of a building without the reason, which may say who lives there."""
    if each.fact not in OF_BUILDINGS:
        return each
    return replace(each, reason="", thing=None if each.subject in hidden else each.thing)


def _plain(tags: Tags, index: ConditionIndex, secret: frozenset[str]) -> Tags:
    """Return the tags that say how a building rises; a kind of building that would tell the place is an ordinary one."""
    kept: Mapping[str, str] = {key: text for key, text in tags.items() if key in RISE_TAGS}
    return kept if secret.isdisjoint(index.names(kept)) else {**kept, "building": ORDINARY}
