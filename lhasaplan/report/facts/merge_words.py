"""Sentences of a merge of districts: what was taken, what is doubtful, and conflicts side by side."""

from collections.abc import Iterator, Sequence
from typing import Any

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes import value_changes
from lhasaplan.core.changes.change_words import in_words
from lhasaplan.core.changes.proposal import by_id
from lhasaplan.core.districts.merging import BOTH, MergedPlan
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project
from lhasaplan.core.project.three_ways import CITY, Conflict

TAKEN, NOTHING_TAKEN = marked("{area}: changes taken: {count} ({ids})"), marked("{area}: nothing differs from what it was given.")
SHARED = marked("Cameras that several districts have, each counted once: {ids}")
NEAR = marked("{one} and {other} stand {metres} m apart: they may be one camera; both are kept.")
FEATURES = marked("{area}: features that the city lacked and that were taken in: {count}")
STAY_DRAWN = marked("Drawn places that only districts have, and that stay there: {count}")
KINDS = {
    "camera": marked("camera"),
    "confirmation": marked("confirmation"),
    "excuse": marked("excuse"),
    "declaration": marked("declaration"),
    "drawn_part": marked("drawn part"),
    "step": marked("step of the plan"),
    "feature": marked("feature of the map"),
}
GONE, AS_GIVEN = marked("gone"), marked("as the city's project has it now")
SIDES = {CITY: marked("city"), BOTH: marked("both, under ids of their own")}


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
    return translations(SIDES[side]) if side in SIDES else side


def conflict_rows(conflicts: Sequence[Conflict], city: Project, translations: Translations) -> Iterator[tuple[str, ...]]:
    """Give a row for each side of each conflict."""
    cameras = by_id(city.cameras)
    for conflict in conflicts:
        for side, value in conflict.sides.items():
            reported = _reported(value, cameras.get(conflict.key), translations)
            yield translations(KINDS[conflict.kind]), conflict.key, side_name(side, translations), reported


def _reported(value: Any, now: Camera | None, translations: Translations) -> str:
    """Return what a side makes of a thing: of a camera what is other than in the city's project."""
    if value is None:
        return translations(GONE)
    if not isinstance(value, Camera):
        fields = (getattr(value, name, "") for name in ("fact", "purpose", "reason", "by", "date"))
        return " · ".join(str(each) for each in fields if each) or str(value)
    if now is None:
        return value.name or value.camera_id
    return "; ".join(in_words(change, now, translations) for change in value_changes(now, value)) or translations(AS_GIVEN)
