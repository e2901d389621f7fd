"""What all cameras can see of protected places, with mitigations, from one stretch of neighbouring cameras to the next.

Walls of a city and who can see them are gigabytes, answers about them are not: a stretch leaves its answers alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import numpy as np

from lhasaplan.core.audit.camera_results import SeenGround, grounds_of, kept_grounds, kept_sightings
from lhasaplan.core.audit.disclosed_answers import disclosed_sightings, disclosed_walls
from lhasaplan.core.base.arrays import FloatArray, IntArray, batches
from lhasaplan.core.base.kept_shapes import ShapeSink, area_m2, in_memory
from lhasaplan.core.base.progress import Progress, no_progress, part_of, two_at_a_time
from lhasaplan.core.city.streets import doors_of
from lhasaplan.core.context.audit_context import AuditContext, with_placed
from lhasaplan.core.demand.columns import columns_of
from lhasaplan.core.demand.part_verdicts import Coverage
from lhasaplan.core.exposure.ended_by_record import Ended, disclosed_again, ended_by_any, look_again, without_ground
from lhasaplan.core.exposure.grading import (
    BehindGround,
    Key,
    added_up,
    behind_ground,
    read_walls,
    seen_by_key,
    walls_within_reach,
)
from lhasaplan.core.exposure.seen_surfaces import with_sharpest, with_surfaces
from lhasaplan.core.exposure.seen_walls import look_at_walls
from lhasaplan.core.exposure.sightings import STEP, sightings_of
from lhasaplan.core.mitigation.tried_changes import Before, MitigationJudge, TriedChanges
from lhasaplan.core.mitigation.view_mitigations import mitigation_sightings, must_be_tried
from lhasaplan.core.model.place import Part
from lhasaplan.core.protection.ground import NearPlaces
from lhasaplan.core.results.assessment import Sighting

# Neighbours looked through together: what lies within reach of several is taken for each stretch anew, and what all of
# them see is held at once, of two stretches.
CAMERAS_A_STRETCH = 128
Value = TypeVar("Value")


@dataclass(frozen=True, eq=False, slots=True)
class ProtectedInView:
    """What is seen of protected places, by number of the camera.

    Parameters
    ----------
    sightings : with their mitigations.
    behind : what the ground alone hides; None without relief.
    ended, disclosed_ended : views that records alone end, in the town as it is and as outputs tell it.
    disclosed : sightings without undisclosed places and without mitigations; empty where outputs may tell all.
    idle : cameras that serve none of the confirmed parts, where these are known.
    """

    sightings: Mapping[Key, Sighting]
    behind: BehindGround | None
    ended: Ended
    disclosed: Mapping[Key, Sighting]
    disclosed_ended: Ended
    idle: frozenset[int]

    def put_away(self, keep: ShapeSink) -> "ProtectedInView":
        """Return it with the shapes of its sightings put away."""
        sightings, disclosed = kept_sightings((self.sightings, self.disclosed), keep)
        return replace(self, sightings=sightings, disclosed=disclosed)


@dataclass(frozen=True, eq=False, slots=True)
class _City:
    """What every stretch asks: trees and tables that are made once."""

    near: NearPlaces
    doors: FloatArray
    hides: bool  # whether outputs may not tell all

    @classmethod
    def of(cls, context: AuditContext, progress: Progress, *, hides: bool) -> "_City":
        near = context.ground.sorted_places or NearPlaces.of(context.protected, lambda _share, step: progress(0.0, step))
        return cls(near, doors_of(context.project.layers), hides)


def protected_in_view(
    context: AuditContext,
    grounds: Sequence[SeenGround],
    coverage: Coverage | None,
    hides: bool,
    progress: Progress = no_progress,
    *,
    keep: ShapeSink = in_memory,
) -> ProtectedInView:
    """Return what the cameras of a context can see of protected places; memory does not grow with cameras but by the answers.

    Parameters
    ----------
    grounds : what each camera shows of the ground.
    coverage : demand and who sees it; None outside the gate.
    hides : whether there are places of which outputs tell no figure.
    keep : puts away the frontage in view.
    """
    progress(0.0, STEP)
    numbers, city = stretches(context), _City.of(context, progress, hides=hides)
    served = (
        {} if coverage is None else {c: column.served(coverage.needs) for c, column in enumerate(columns_of(coverage.by_any))}
    )

    def look(some: IntArray, share: Progress) -> ProtectedInView:
        few = some.tolist()
        town = with_placed(context, tuple(context.placed[c] for c in few))
        before = [grounds[c] for c in few], {c: served[number] for c, number in enumerate(few) if number in served}
        return _look_through(town, city, before, coverage, share).put_away(keep)

    found = two_at_a_time(look, numbers, progress)
    return _together(found, numbers)


def seen_grounds(
    context: AuditContext,
    served: Sequence[IntArray],
    parts: Sequence[Part],
    progress: Progress = no_progress,
    *,
    keep: ShapeSink = in_memory,
) -> tuple[SeenGround, ...]:
    """Return the ground that each camera shows, one stretch after the other, each put away before the next.

    Parameters
    ----------
    served, parts : as in :func:`lhasaplan.core.audit.camera_results.grounds_of`.
    """
    numbers, found = stretches(context), dict[int, SeenGround]()

    def see(some: IntArray, share: Progress) -> Sequence[SeenGround]:
        few = some.tolist()
        town = with_placed(context, tuple(context.placed[c] for c in few))
        fields = context.sight.visibility_fields(town.view_table.views, context.rooms, progress=part_of(share, 0.0, 0.7))
        return kept_grounds(grounds_of(town, fields, [served[c] for c in few], parts, part_of(share, 0.7, 1.0)), keep)

    for some, grounds in zip(numbers, two_at_a_time(see, numbers, progress), strict=True):
        found.update(zip(some.tolist(), grounds, strict=True))
    return tuple(found[c] for c in range(len(context.placed)))


def stretches(context: AuditContext) -> list[IntArray]:
    """Return the numbers of neighbouring cameras, ascending, so many at a time; none in one list where there is no camera."""
    at = np.array([(each.camera.x_m, each.camera.y_m) for each in context.placed], float).reshape(-1, 2)
    return [np.sort(some) for some in batches(at, CAMERAS_A_STRETCH)] or [np.zeros(0, np.int64)]


Known = tuple[Sequence[SeenGround], Mapping[int, IntArray]]  # what the cameras of a stretch show of ground and demand


def _look_through(
    context: AuditContext, city: _City, known: Known, coverage: Coverage | None, progress: Progress
) -> ProtectedInView:
    """Return what some cameras can see, numbered among themselves."""
    walls = walls_within_reach(context, part_of(progress, 0.0, 0.05), city.near)
    progress(0.05, STEP)
    seen = look_at_walls(context, walls, part_of(progress, 0.05, 0.35))
    behind = behind_ground(context, seen, part_of(progress, 0.35, 0.5))
    step, limits = part_of(progress, 0.5, 0.55), context.thresholds
    read = read_walls(seen, limits)
    found = sightings_of(seen, context.view_table, placed=context.placed, thresholds=limits, progress=step, read=read)
    found = with_surfaces(found, seen, context, part_of(progress, 0.55, 0.6), doors=city.doors, read=read)
    found = with_sharpest(found, seen, context, read)
    del read
    again = look_again(context, part_of(progress, 0.6, 0.65), city.near)
    looks = again, without_ground(behind.seen, len(context.placed))
    ended = ended_by_any(looks, found, context)
    shown = disclosed_sightings(context, seen, found) if city.hides else {}
    disclosed_looks = [disclosed_again(each, partial(disclosed_walls, context)) for each in looks] if city.hides else looks
    disclosed_ended = ended_by_any(disclosed_looks, shown, context) if city.hides else ended
    counts = behind.counts
    del looks, disclosed_looks, again, behind
    urgent = {key for key, each in found.items() if must_be_tried(each)}
    its = {c: known[0][c] for c in {key[0] for key in urgent}}
    whole = {c: each.whole for c, each in its.items()}
    unasked_m2 = {c: area_m2(each, "whole_unasked") for c, each in its.items()}
    before = Before(found, whole, unasked_m2, known[1])
    tried = TriedChanges(context, coverage.demand, coverage.needs) if coverage else TriedChanges(context)
    judge = MitigationJudge(tried, walls, before, seen_by_key(seen, urgent))
    del seen  # what is asked from here on are single views
    mitigated = mitigation_sightings(found, context.placed, judge, part_of(progress, 0.65, 1.0))
    idle = frozenset(c for c in range(len(context.placed)) if judge.serves_nothing(c))
    return ProtectedInView(mitigated, counts, ended, shown, disclosed_ended, idle)


def _together(found: Sequence[ProtectedInView], numbers: Sequence[IntArray]) -> ProtectedInView:
    """Return the answers of all stretches by the numbers that cameras have in the city, in their order."""
    return ProtectedInView(
        _in_city([each.sightings for each in found], numbers),
        added_up(each.behind for each in found),
        _renumbered([each.ended for each in found], numbers),
        _in_city([each.disclosed for each in found], numbers),
        _renumbered([each.disclosed_ended for each in found], numbers),
        frozenset(int(some[c]) for each, some in zip(found, numbers, strict=True) for c in each.idle),
    )


def _renumbered(found: Sequence[Mapping[int, Value]], numbers: Sequence[IntArray]) -> dict[int, Value]:
    return {int(some[c]): value for each, some in zip(found, numbers, strict=True) for c, value in each.items()}


def _in_city(found: Sequence[Mapping[Key, Sighting]], numbers: Sequence[IntArray]) -> dict[Key, Sighting]:
    rows = [
        ((int(some[c]), cls, basis), sighting)
        for each, some in zip(found, numbers, strict=True)
        for (c, cls, basis), sighting in each.items()
    ]
    return dict(sorted(rows, key=lambda row: row[0][0]))
