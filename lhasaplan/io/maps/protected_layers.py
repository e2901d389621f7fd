"""Layers whose name says that all they hold is protected: places of worship, schools; no column is asked which one."""

import re
from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.base.spelling import plain
from lhasaplan.io.content.layer_spec import PLACES, LayerSpecs
from lhasaplan.io.maps.map_file import Features

_TAG = "amenity"
_AROUND = re.compile(r"^(?:gis_)?(?:osm_)?|(?:_a)?(?:_free)?(?:_\d+)?$|\d+$")  # what extracts write round a name
_TOLD = ("cameras", "terrain", "trees", "poles", "floor_walls", "baseline", "signs")


def with_layer_kind(features: Features, specs: LayerSpecs, kind: str | None, signs: Sequence[str]) -> Features:
    """Return features with what the name of their layer, or of their file, says of each of them.

    Extracts put places of worship into a layer of their own, where one column is the faith: that column and its number are
    dropped unread, and each feature is a place of worship. A layer called ``schools`` holds schools, whatever else it says.

    Parameters
    ----------
    signs : columns that say that a layer is one of cameras, whatever it is called.
    """
    if kind in _TOLD or not len(features) or {each.casefold() for each in features.headings} & {*signs}:
        return features
    for called in (features.layer, features.stem):
        name = _AROUND.sub("", plain(called))
        for value, (names, unread) in specs[PLACES].whole.items():
            if names.intersection(name.split("_")):
                return _with_tag(_without(features, unread), value)
        words = [word for word in name.split("_") if not word.isdigit()]
        value = next((run for n in range(len(words)) if specs.protects({_TAG: (run := "_".join(words[n:]))})), "")
        if value:
            return _with_tag(features, value)
    return features


def _without(features: Features, unread: frozenset[str]) -> Features:
    kept = [n for n, heading in enumerate(features.headings) if plain(heading) not in unread]
    return replace(
        features,
        headings=tuple(features.headings[n] for n in kept),
        columns=tuple(features.columns[n] for n in kept),
    )


def _with_tag(features: Features, value: str) -> Features:
    """Return features that are each what the name says, beside what their own column of that key says."""
    own = next((n for n, heading in enumerate(features.headings) if heading.casefold() == _TAG), None)
    if own is None:
        return replace(features, headings=(*features.headings, _TAG), columns=(*features.columns, [value] * len(features)))
    cells = [f"{text};{value}" if text else value for text in features.columns[own]]
    return replace(features, columns=(*features.columns[:own], cells, *features.columns[own + 1 :]))
