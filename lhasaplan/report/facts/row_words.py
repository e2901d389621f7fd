"""Rows that two sides made different things of, in words: what a row is, what its columns are called, what stands there."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.conflict_columns import SIDES, plain_text, reported_columns, short
from lhasaplan.core.project.projects import FACTS
from lhasaplan.core.project.three_ways import Conflict
from lhasaplan.report.facts.merge_words import GONE as TAKEN_OUT
from lhasaplan.report.facts.merge_words import KINDS as OF_DISTRICTS
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import short_number

KINDS: Mapping[str, str] = {
    FACTS: marked("project as a whole"),
    "cameras": OF_DISTRICTS["camera"],
    "baseline": marked("approved camera"),
    "confirmations": OF_DISTRICTS["confirmation"],
    "excuses": OF_DISTRICTS["excuse"],
    "declarations": OF_DISTRICTS["declaration"],
    "resolutions": marked("resolution of a meeting"),
    "hand_made_parts": OF_DISTRICTS["drawn_part"],
    "terrain": marked("terrain"),
    "inputs": marked("imported file"),
    "bookmarks": marked("bookmark"),
    "plan": marked("step of the plan"),
    "versions": marked("plan version"),
    "numbers": marked("number of a camera"),
}
COLUMNS: Mapping[str, str] = {
    **words.FIELDS,
    "path": marked("file it came from"),
    "part_id": marked("part"),
    "reason": marked("reason"),
    "milder_means": marked("milder means"),
    "by": marked("said by"),
    "who": marked("said by"),
    "date": marked("date"),
    "when": marked("date"),
    "fact": marked("what is declared"),
    "thing": marked("what it is about"),
    "question": marked("question"),
    "decision": marked("decision"),
    "outcome": marked("outcome"),
    "decided_by": marked("decided by"),
    "sheet": marked("Sheet and row"),
    "decided_on": marked("date of the decision"),
    "due_on": marked("due on"),
    "action": marked("what is done"),
    "as_planned": marked("camera as planned"),
    "stage": marked("how far it has come"),
    "on": marked("date"),
    "plan": marked("plan it comes from"),
    "series": marked("standing or planned"),
    "number": marked("number"),
    "category": marked("category"),
    "shape": marked("form"),
    "wkt": marked("shape on the map"),
    "geometry": marked("shape on the map"),
    "tags": marked("attributes"),
    "density_px_m": marked("density needed"),
    "min_views": marked("cameras needed"),
    "min_share": marked("share needed"),
    "bounds_m": marked("extent"),
    "resolution_m": marked("resolution, m"),
    "sha256": marked("digest"),
    "content": marked("content"),
    "crs": marked("coordinate system"),
    "features": marked("number of features"),
    "licence": marked("licence"),
    "unread_protected": marked("protected places that could not be read"),
    "width_m": marked("width shown, m"),
    "cameras": marked("cameras"),
    "packs": marked("rule packs"),
    "synthetic": marked("made-up data"),
    "mandate": marked("mandate"),
    "district": marked("district"),
    "closed": marked("places that are closed"),
}
VALUES: Mapping[str, str] = {**words.STATUSES, **words.MOUNTS, **words.KINDS, **words.LENSES}
YES, NO, SHAPE, SEVERAL = marked("yes"), marked("no"), marked("shape of {points} points"), marked("{entries} entries")


def kind_name(kind: str, translations: Translations) -> str:
    """Return what rows of a kind are called; those of layers are features of the map."""
    return translations(KINDS.get(kind, OF_DISTRICTS["feature"]))


def column_name(column: str, translations: Translations) -> str:
    """Return what a column of a row is called; an unknown one keeps its own name."""
    return translations(COLUMNS[column]) if column in COLUMNS else column


def side_rows(conflicts: Sequence[Conflict], translations: Translations) -> Iterator[tuple[str, ...]]:
    """Give a row for each side of each conflict: what it is, which one, whose, and what stands there."""

    def text(_column: str, value: Any) -> str:
        return value_text(value, translations)

    for conflict in conflicts:
        lines = list(reported_columns(conflict, text))
        for at, side in enumerate(conflict.sides, 1):
            reported = "; ".join(f"{column_name(line[0], translations)}: {line[at]}" if line[0] else line[at] for line in lines)
            is_gone = conflict.sides[side] is None
            row = kind_name(conflict.kind, translations), _which(conflict, translations), translations(SIDES[side])
            yield *row, translations(TAKEN_OUT) if is_gone else reported


def _which(conflict: Conflict, translations: Translations) -> str:
    """Return which row it is: a camera with its name besides its id, a fact of the project by what it is called."""
    if conflict.kind == FACTS:
        return column_name(conflict.key, translations)
    names = (each.name for each in conflict.sides.values() if isinstance(each, Camera) and each.name)
    name = next(names, "")
    return f"{name} ({conflict.key})" if name else conflict.key


def value_text(value: Any, translations: Translations) -> str:
    """Return what stands in a column, for a reader; what has no words of its own as the file has it."""
    if isinstance(value, Enum):
        return words.word(VALUES, str(value.value), translations)
    if isinstance(value, bool):
        return translations(YES if value else NO)
    if isinstance(value, BaseGeometry):
        return translations(SHAPE, points=int(shapely.get_num_coordinates(value)))
    if isinstance(value, (int, float)):
        return short_number(float(value), translations)
    if isinstance(value, tuple) and value:
        is_plain = all(isinstance(each, (str, int, float)) for each in value)
        return (
            short(", ".join(value_text(each, translations) for each in value))
            if is_plain
            else translations(SEVERAL, entries=len(value))
        )
    return plain_text(value)
