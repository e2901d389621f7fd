"""Sentences on a project: its decisions, what lies between two plans, what a merge took, doubts and conflicts side by side."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.camera_change import value_changes
from lhasaplan.core.changes.proposal import by_id
from lhasaplan.core.changes.work import Work, in_words
from lhasaplan.core.districts.merging import BOTH, MergedPlan
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.decisions import OF_BUILDINGS
from lhasaplan.core.project.project import Project
from lhasaplan.core.project.projects import FACTS, SIDES, plain_text, reported_columns, short
from lhasaplan.core.project.three_ways import CITY, Conflict
from lhasaplan.core.protection.decided_things import GONE, OTHER
from lhasaplan.core.records.minutes import CAMERA
from lhasaplan.core.records.register_rows import Decided, Decides
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import area_text, short_number

if TYPE_CHECKING:
    from lhasaplan.core.live.effect import ChangeEffect
    from lhasaplan.core.live.plan_options import PlanComparison

# What lies between two plans, in words: the effect as lines, and the changes camera by camera.

GAINED, LOST, SAME_PARTS = marked("Parts gained: {parts}"), marked("Parts lost: {parts}"), marked("No part is gained or lost.")
PLACES = marked("Protected places in view of the changed cameras: severe {error}, due {due}, note {note}, possible {possible}")
UNASKED = marked("Ground in view that no part asks for: {area}")
BARE_GROUND = marked("ground in view that is not mapped: {area}")
NO_PRICE = marked("Work: {work}. Not every price is stated.")
COST, NO_WORK = marked("Work: {work}. Cost: {cost}"), marked("No work on the spot.")
WORKS: Mapping[Work, str] = {
    Work.NEW_ON_POLE: marked("new on a pole: {count}"),
    Work.NEW_ON_WALL: marked("new on a wall: {count}"),
    Work.NEW_ON_ROOF: marked("new on a roof: {count}"),
    Work.NEW_INDOOR: marked("new inside a building: {count}"),
    Work.TAKE_AWAY: marked("removed: {count}"),
    Work.MOVE: marked("moved elsewhere: {count}"),
    Work.MOUNT: marked("mounted differently: {count}"),
    Work.AIM: marked("aimed anew: {count}"),
    Work.LENS: marked("other lens: {count}"),
    Work.MASK: marked("masked: {count}"),
    Work.RANGE: marked("other range: {count}"),
}
FEWER = marked("{work} fewer")
BETWEEN, MOST_PARTS = ", ", 8


@dataclass(frozen=True, slots=True)
class CameraDifference:
    """One camera that differs: what it is called, and its changes in words."""

    camera_id: str
    name: str
    changes: tuple[str, ...]


def differences(
    comparison: "PlanComparison", camera_name: Callable[[str], str], translations: Translations
) -> tuple[CameraDifference, ...]:
    """Return the cameras that differ, in the order of the changes; ``camera_name`` is asked of those without a name."""
    before, after = ({camera.camera_id: camera for camera in cameras} for cameras in comparison.cameras)
    said: dict[str, list[str]] = {}
    for change in comparison.changes.changes:
        said.setdefault(change.camera_id, []).append(in_words(change, before.get(change.camera_id), translations))
    own = {key: camera.name for key, camera in {**before, **after}.items()}
    return tuple(CameraDifference(key, own.get(key) or camera_name(key), tuple(words)) for key, words in said.items())


def effect_lines(
    comparison: "PlanComparison", part_name: Callable[[str], str | None], translations: Translations
) -> tuple[str, ...]:
    """Return what the second plan does that the first does not, a line a matter."""
    effect = comparison.effect
    grades = {grade: _pair(str(old), str(new)) for grade, (old, new) in effect.places_by_grade.items()}
    area = _pair(*(area_text(certain + possible, translations) for certain, possible in _areas(effect)))
    return (
        *_parts(comparison, part_name, translations),
        translations(PLACES, **grades),
        translations(UNASKED, area=area),
        *_bare(effect, translations),
        _work(effect, translations),
    )


def _areas(effect: "ChangeEffect") -> list[tuple[float, float]]:
    return list(zip(effect.unasked_m2, effect.unasked_possible_m2, strict=True))


def _bare(effect: "ChangeEffect", translations: Translations) -> tuple[str, ...]:
    """Return how much ground before the cameras is not mapped, where there is some."""
    pair = effect.not_mapped_m2
    return (
        (translations(BARE_GROUND, area=_pair(*(area_text(each, translations) for each in pair))),)
        if any(map(round, pair))
        else ()
    )


def _parts(comparison: "PlanComparison", part_name: Callable[[str], str | None], translations: Translations) -> tuple[str, ...]:
    requested = comparison.answers[1].requested
    if requested is None:  # outside the gate nothing is asked for
        return ()
    names = {part.part_id: part_name(part.part_id) or part.name or part.part_id for part in requested.parts}
    reported = ((GAINED, comparison.effect.gained), (LOST, comparison.effect.lost))
    lines = tuple(
        translations(template, parts=_listed([names.get(one, one) for one in ids])) for template, ids in reported if ids
    )
    return lines or (translations(SAME_PARTS),)


def _listed(names: Sequence[str]) -> str:
    rest = f" + {len(names) - MOST_PARTS}" if len(names) > MOST_PARTS else ""
    return BETWEEN.join(names[:MOST_PARTS]) + rest


def _work(effect: "ChangeEffect", translations: Translations) -> str:
    counts, total, currency = effect.cost.counts, effect.cost.total, effect.cost.currency
    if not counts:
        return translations(NO_WORK)
    work = BETWEEN.join(_amount(WORKS[work], count, translations) for work, count in counts.items())
    if total is None:
        return translations(NO_PRICE, work=work)
    return translations(COST, work=work, cost=f"{total:,.0f} {currency}".replace(",", " ").rstrip())


def _amount(work: str, count: int, translations: Translations) -> str:
    """Return how often something is to be done; where the second plan does less of it, how much less."""
    return translations(work, count=count) if count >= 0 else translations(FEWER, work=translations(work, count=-count))


def _pair(before: str, after: str) -> str:
    """Return both values, or the one that stayed."""
    return after if before == after else f"{before} → {after}"


# The register of decisions in words: what each is, what it says, and of those that are suspended why, and what to do.

ANSWERS = {"approved": marked("approved"), "changed": marked("approved with changes"), "refused": marked("refused")}
DECISION_KINDS: Mapping[Decides, str] = {
    Decides.CONFIRMATION: marked("part confirmed"),
    Decides.EXCUSE: marked("part excused"),
    Decides.DECLARATION: marked("fact declared"),
    Decides.QUESTION: marked("question of a meeting"),
    Decides.CAMERA: marked("camera decided"),
    Decides.SCHEDULE: marked("price and year"),
    Decides.APPROVAL: marked("camera approved"),
    Decides.WITHDRAWAL: marked("approval withdrawn"),
}
WHY: Mapping[str, str] = {
    GONE: marked("its subject is missing"),
    OTHER: marked("its id now belongs to something else"),
}
TO_DO: Mapping[Decides, str] = {
    Decides.CONFIRMATION: marked("Confirm anew what has to be seen there"),
    Decides.EXCUSE: marked("Excuse the part anew, once it is confirmed again"),
    Decides.DECLARATION: marked("Look at the place, and declare again what is there"),
}
OR_BACK = marked("{to_do}. Or import the file that has it once more: then the decision holds again.")
HEADINGS = (
    marked("Decision"),
    marked("About"),
    marked("Answer"),
    marked("By"),
    marked("Day"),
    marked("Sheet and row"),
)
SUSPENDED_HEADINGS = (marked("No."), *HEADINGS[:5], marked("Why suspended"), marked("What to do"))


def is_of_building(each: Decided) -> bool:
    """Say whether a decision is about a building, of which no file may carry a list."""
    return each.decides is Decides.DECLARATION and each.answer in OF_BUILDINGS


def decided_rows(decided: Iterable[Decided], translations: Translations, *, is_coarse: bool = False) -> list[tuple[str, ...]]:
    """Return a row for each decision; where positions are coarse, without people and places."""
    return [(*_first(each, translations, is_coarse=is_coarse), each.sheet or "–") for each in decided]


def suspended_rows(decided: Iterable[Decided], translations: Translations, *, is_coarse: bool = False) -> list[tuple[str, ...]]:
    """Return a row for each suspended decision: the number that it is named by, why it is, and what to do."""
    return [
        (
            str(number),
            *_first(each, translations, is_coarse=is_coarse),
            translations(WHY[each.suspended]),
            translations(OR_BACK, to_do=translations(TO_DO[each.decides])),
        )
        for number, each in enumerate(decided, 1)
    ]


def _first(each: Decided, translations: Translations, *, is_coarse: bool) -> tuple[str, ...]:
    subject = each.subject.removeprefix(CAMERA)
    answer = translations(ANSWERS[each.answer]) if each.answer in ANSWERS else each.answer
    reported = (subject, answer or "–", each.by or "–") if not is_coarse else ("–", "–", "–")
    return translations(DECISION_KINDS[each.decides]), *reported, each.on or "–"


def decided_json(each: Decided, *, is_coarse: bool = False) -> dict[str, str | None]:
    """Return a decision for programs; buildings are counted, not listed: of them the subject is withheld."""
    hides = is_coarse or is_of_building(each)
    return {
        "decision": str(each.decides),
        "subject": None if hides else each.subject,
        "answer": None if is_coarse and each.decides is Decides.CONFIRMATION else each.answer,  # a purpose is in free words
        "reason": None if hides else each.reason,
        "by": None if is_coarse else each.by,
        "on": each.on,
        "sheet": None if is_coarse else each.sheet,
        "suspended": each.suspended or None,
        "since": each.since or None,
        "to_do": TO_DO[each.decides] if each.suspended else None,
    }


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
ROW_GONE, AS_GIVEN = marked("gone"), marked("as the city's project has it now")
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
        return translations(ROW_GONE)
    if not isinstance(value, Camera):
        fields = (getattr(value, name, "") for name in ("fact", "purpose", "reason", "by", "date"))
        return " · ".join(str(each) for each in fields if each) or str(value)
    if now is None:
        return value.name or value.camera_id
    return "; ".join(in_words(change, now, translations) for change in value_changes(now, value)) or translations(AS_GIVEN)


# Rows that two sides made different things of, in words: what a row is, what its columns are called, what stands there.
ROW_KINDS: Mapping[str, str] = {
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
    return translations(ROW_KINDS.get(kind, MERGED_KINDS["feature"]))


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
            yield *row, translations(ROW_GONE) if is_gone else reported


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
