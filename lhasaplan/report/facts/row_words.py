"""Sentences of a merge: what was taken, what is doubtful, conflicts side by side, and rows that two sides made different."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes import value_changes
from lhasaplan.core.changes.change_words import in_words
from lhasaplan.core.changes.proposal import by_id
from lhasaplan.core.districts.merging import BOTH, MergedPlan
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.conflict_columns import SIDES, plain_text, reported_columns, short
from lhasaplan.core.project.project import Project
from lhasaplan.core.project.projects import FACTS
from lhasaplan.core.project.three_ways import CITY, Conflict
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import short_number

# Sentences of a merge of districts: what was taken, what is doubtful, and conflicts side by side.

TAKEN, NOTHING_TAKEN = marked("{area}: changes taken: {count} ({ids})"), marked("{area}: no change.")
SHARED = marked("Cameras that several districts have, each counted once: {ids}")
NEAR = marked("{one} and {other} stand {metres} m apart: they may be one camera; both are kept.")
FEATURES = marked("{area}: features that were missing in the city's project and were taken over: {count}")
STAY_DRAWN = marked("Drawn places that only districts have; they stay there: {count}")
MERGED_KINDS = {
    "camera": marked("camera"),
    "confirmation": marked("confirmation"),
    "excuse": marked("excuse"),
    "declaration": marked("declaration"),
    "drawn_part": marked("drawn part"),
    "step": marked("step of the plan"),
    "feature": marked("feature of the map"),
}
GONE, AS_GIVEN = marked("gone"), marked("as the city's project has it now")
DISTRICT_SIDES = {CITY: marked("city"), BOTH: marked("both, under ids of their own")}


def taken_lines(plan: MergedPlan, translations: Translations) -> Iterator[str]:
    """Give a line for each district, what it changed, and what several have."""
    for area, taken in plan.taken.items():
        ids = ", ".join(dict.fromkeys(key for _, key in taken))
        yield translations(TAKEN, area=area, count=len(taken), ids=ids) if taken else translations(NOTHING_TAKEN, area=area)
        if plan.layers.added.get(area):
            yield translations(FEATURES, area=area, count=plan.layers.added[area])
    if plan.shared:
        yield translations(SHARED, ids=", ".join(plan.shared))


def doubts(plan: MergedPlan, translations: Translations) -> Iterator[str]:
    """Give a line for what may be one camera, and for what stays where it is."""
    if plan.layers.drawn:
        yield translations(STAY_DRAWN, count=plan.layers.drawn)
    for pair in plan.near:
        yield translations(NEAR, one=pair.one, other=pair.other, metres=f"{pair.apart_m:.1f}")


def side_name(side: str, translations: Translations) -> str:
    """Return what a side is called: the city, or the name of a district."""
    return translations(DISTRICT_SIDES[side]) if side in DISTRICT_SIDES else side


def conflict_rows(conflicts: Sequence[Conflict], city: Project, translations: Translations) -> Iterator[tuple[str, ...]]:
    """Give a row for each side of each conflict."""
    cameras = by_id(city.cameras)
    for conflict in conflicts:
        for side, value in conflict.sides.items():
            reported = _reported(value, cameras.get(conflict.key), translations)
            yield translations(MERGED_KINDS[conflict.kind]), conflict.key, side_name(side, translations), reported


def _reported(value: object, now: Camera | None, translations: Translations) -> str:
    """Return what a side makes of a thing: of a camera what is other than in the city's project."""
    if value is None:
        return translations(GONE)
    if not isinstance(value, Camera):
        fields = (getattr(value, name, "") for name in ("fact", "purpose", "reason", "by", "date"))
        return " · ".join(str(each) for each in fields if each) or str(value)
    if now is None:
        return value.name or value.camera_id
    return "; ".join(in_words(change, now, translations) for change in value_changes(now, value)) or translations(AS_GIVEN)


# Rows that two sides made different things of, in words: what a row is, what its columns are called, what stands there.

KINDS: Mapping[str, str] = {
    FACTS: marked("project as a whole"),
    "cameras": MERGED_KINDS["camera"],
    "baseline": marked("approved camera"),
    "confirmations": MERGED_KINDS["confirmation"],
    "excuses": MERGED_KINDS["excuse"],
    "declarations": MERGED_KINDS["declaration"],
    "resolutions": marked("resolution of a meeting"),
    "hand_made_parts": MERGED_KINDS["drawn_part"],
    "terrain": marked("terrain"),
    "inputs": marked("imported file"),
    "bookmarks": marked("bookmark"),
    "plan": marked("step of the plan"),
    "versions": marked("plan version"),
    "numbers": marked("number of a camera"),
    "models": marked("model of a catalogue"),
}
COLUMNS: Mapping[str, str] = {
    **words.FIELDS,
    "path": marked("file it came from"),
    "aliases": marked("other names"),
    "hfov_low_deg": marked("smallest angle of view"),
    "hfov_high_deg": marked("largest angle of view"),
    "focal_low_mm": marked("shortest focal length"),
    "focal_high_mm": marked("longest focal length"),
    "megapixels": marked("megapixels"),
    "part_id": marked("part"),
    "reason": marked("reason"),
    "milder_means": marked("milder means"),
    "by": marked("declared by"),
    "who": marked("declared by"),
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
    "stage": marked("progress"),
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
    "closed": marked("closed places"),
}
VALUES: Mapping[str, str] = {**words.STATUSES, **words.MOUNTS, **words.KINDS, **words.LENSES}
YES, NO, SHAPE, SEVERAL = marked("yes"), marked("no"), marked("shape of {points} points"), marked("{entries} entries")


def kind_name(kind: str, translations: Translations) -> str:
    """Return what rows of a kind are called; those of layers are features of the map."""
    return translations(KINDS.get(kind, MERGED_KINDS["feature"]))


def column_name(column: str, translations: Translations) -> str:
    """Return what a column of a row is called; an unknown one keeps its own name."""
    return translations(COLUMNS[column]) if column in COLUMNS else column


def side_rows(conflicts: Sequence[Conflict], translations: Translations) -> Iterator[tuple[str, ...]]:
    """Give a row for each side of each conflict: what it is, which one, whose, and what stands there."""

    def text(_column: str, value: object) -> str:
        return value_text(value, translations)

    for conflict in conflicts:
        lines = list(reported_columns(conflict, text))
        for at, side in enumerate(conflict.sides, 1):
            reported = "; ".join(f"{column_name(line[0], translations)}: {line[at]}" if line[0] else line[at] for line in lines)
            is_gone = conflict.sides[side] is None
            row = kind_name(conflict.kind, translations), _which(conflict, translations), translations(SIDES[side])
            yield *row, translations(GONE) if is_gone else reported


def _which(conflict: Conflict, translations: Translations) -> str:
    """Return which row it is: a camera with its name besides its id, a fact of the project by what it is called."""
    if conflict.kind == FACTS:
        return column_name(conflict.key, translations)
    names = (each.name for each in conflict.sides.values() if isinstance(each, Camera) and each.name)
    name = next(names, "")
    return f"{name} ({conflict.key})" if name else conflict.key


def value_text(value: object, translations: Translations) -> str:
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
