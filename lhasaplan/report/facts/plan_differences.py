"""What lies between two plans, in words: the effect as lines, and the changes camera by camera."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes import Work
from lhasaplan.core.changes.change_words import in_words
from lhasaplan.report.text.numerals import area_text

if TYPE_CHECKING:
    from lhasaplan.core.live.effect import ChangeEffect
    from lhasaplan.core.live.plan_options import PlanComparison

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
