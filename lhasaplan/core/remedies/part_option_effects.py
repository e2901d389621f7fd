"""What an option for a part would do: protected places and ground in view, limits, and the shares of all parts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.coverage.columns import UNSEEN, Column, columns_of
from lhasaplan.core.coverage.part_shares import count_views, seen, served, shares
from lhasaplan.core.coverage.part_verdicts import Coverage
from lhasaplan.core.exposure.protected_views import PlaceGrades, place_grades
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.gate.decide import judge_gate
from lhasaplan.core.model.camera import Camera, Placed
from lhasaplan.core.model.place import Part
from lhasaplan.core.remedies.part_option_changes import Attempt
from lhasaplan.core.remedies.tried_changes import TriedChanges
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import GRAVE, rank

# What a tried camera can see besides the part that it is for: protected places, and ground that nobody asks for.


@dataclass(frozen=True, eq=False, slots=True)
class Looked:
    """What a tried camera can see of protected places, each with its grade, and of ground at 25 px/m or better."""

    sightings: tuple[Sighting, ...]
    ground: BaseGeometry
    grades: PlaceGrades = field(default_factory=dict)


def look_through(cameras: Sequence[Camera], tried: TriedChanges, progress: Progress) -> list[Looked]:
    """Return what each tried camera can see, in two batches; walls hide, trees and hoardings do not."""
    city = tried.with_cameras(cameras, part_of(progress, 0.0, 0.1))
    seen = tried.protected(city, part_of(progress, 0.1, 0.5))
    limits, step = city.thresholds, part_of(progress, 0.5, 0.6)
    found = sightings_of(seen, city.view_table, placed=city.placed, thresholds=limits, progress=step)
    mine: list[list[Sighting]] = [[] for _ in cameras]
    for (camera, _, _), sighting in found.items():
        mine[camera].append(sighting)
    grounds = tried.grounds(city.placed, part_of(progress, 0.6, 1.0))
    return [Looked(*each) for each in zip(map(tuple, mine), grounds, place_grades(seen, city), strict=True)]


def grades_today(cameras: Sequence[Camera], tried: TriedChanges, progress: Progress = no_progress) -> list[PlaceGrades]:
    """Return what each camera can see of each protected place before any change, in the same way as a tried one."""
    city = tried.with_cameras(cameras)
    return place_grades(tried.protected(city, progress), city)


# What one changed camera does to the shares of all parts.

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class ShareChange:
    """Shares of every part with one camera changed, shapes (P,), and what this camera shows then."""

    share_served: FloatArray
    share_seen: FloatArray
    shown: Column


class Demanded:
    """What cameras serve today, or with all that are planned, and what becomes of it when one is changed or added."""

    def __init__(self, coverage: Coverage, with_planned: bool = False) -> None:
        self.coverage, needs = coverage, coverage.needs
        density_px_m = coverage.after if with_planned else coverage.before
        self.needs = needs
        self.is_served = served(density_px_m, needs)
        self.share_served = shares(self.is_served, needs)
        self.share_seen = shares(seen(density_px_m, needs), needs)
        self.serving = count_views(density_px_m, needs.needed_px_m)
        self.showing = count_views(density_px_m, needs.seen_px_m)
        self.columns = columns_of(density_px_m)

    def effects(self, attempts: Sequence[Attempt], tried: TriedChanges, progress: Progress) -> list[ShareChange]:
        """Return the effect of each attempt, all looked through in one batch."""
        city = tried.with_cameras([each.camera for each in attempts], progress)
        columns = tried.columns(city.placed, progress)
        return [self._effect(column, each.placed) for each, column in zip(attempts, columns, strict=True)]

    def _effect(self, after: Column, placed: int) -> ShareChange:
        needs, now = self.needs, self.columns[placed] if placed >= 0 else UNSEEN
        ones = np.ones_like(needs.min_views)
        return ShareChange(
            self.share_served + self._change(now.served(needs), after.served(needs), self.serving, needs.min_views),
            self.share_seen + self._change(now.seen(needs), after.seen(needs), self.showing, ones),
            after,
        )

    def _change(self, was: IntArray, after: IntArray, views: IntArray, least: IntArray) -> FloatArray:
        """Return what the share of each part gains or loses when points change hands."""
        gained, lost = np.setdiff1d(after, was), np.setdiff1d(was, after)
        gained, lost = gained[views[gained] == least[gained] - 1], lost[views[lost] == least[lost]]
        needs, points = self.needs, np.concatenate([gained, lost])
        weight = np.concatenate([needs.weight[gained], -needs.weight[lost]]) / needs.total[needs.part[points]]
        return np.bincount(needs.part[points], weight, minlength=len(needs.total)).astype(float)

    def keeps_all(self, effect: ShareChange) -> bool:
        """Tell whether no part is served or seen less than today."""
        served_less = effect.share_served < self.share_served - _ROUNDING
        return not bool((served_less | (effect.share_seen < self.share_seen - _ROUNDING)).any())


# Limits on options of parts: none shows more of protected places or leaves the ground that may be planned.

Missing = tuple[str, dict[str, Any]]


def raises_nothing(today: PlaceGrades, look: Looked) -> bool:
    """Tell whether no protected place is seen that is not seen today, nor any at a higher grade.

    Asked of each place: a view that moves from one home to the next would leave the counts of the class as they are.
    """
    return all(rank(grade) <= rank(today.get(key)) for key, grade in look.grades.items())


def stands_on_protected(placed: Placed, context: AuditContext, protected: BoolArray) -> bool:
    """Tell whether a camera stands on protected ground or hangs on such a building, use unknown included.

    ``protected`` says it of each building. Such a camera is never advised for anything: it is to go, not to be put to use.
    """
    view = placed.views[0]
    on_ground = bool(context.ground.covers_points([view.x_m], [view.y_m])[0])
    return on_ground or (view.own_building >= 0 and bool(protected[view.own_building]))


def spares_protected(look: Looked, due_px_m: float) -> bool:
    """Tell whether a new camera can see no protected place at a grade that must be cured, use unknown counted as protected."""
    return not any(must_be_cured(each, due_px_m) for each in look.sightings)


def must_be_cured(sighting: Sighting, due_px_m: float) -> bool:
    """Tell whether no new camera may have such a view, use unknown counted as protected."""
    unknown = not sighting.cls.is_known and sighting.density_px_m[1] > due_px_m
    return unknown or any(sighting.places_by_grade.get(grade, 0) for grade in GRAVE)


class InsideGate:
    """Asks the gate whether cameras may be planned: territory, plan area and building layer must hold them too."""

    def __init__(self, context: AuditContext, parts: Sequence[Part]) -> None:
        self.context, self.parts = context, parts

    @cached_property
    def lacking(self) -> list[Missing]:
        """Return what the gate lacks for the project as it is; a check runs with nothing lacking, a test may force it open."""
        return self._missing(self.context.project.cameras)

    def admits(self, cameras: Sequence[Camera]) -> bool:
        """Tell whether the gate lacks nothing more with all of these planned besides."""
        return not self.lacking_more((*self.context.project.cameras, *cameras))

    def lacking_more(self, cameras: Sequence[Camera]) -> list[Missing]:
        """Return what the gate lacks with these cameras in place of the project's, and does not lack as it is."""
        return [each for each in self._missing(cameras) if each not in self.lacking]

    def _missing(self, cameras: Sequence[Camera]) -> list[Missing]:
        context, reference_data = self.context, self.context.reference_data
        project = replace(context.project, cameras=tuple(cameras))
        packs, buildings, rules = reference_data.packs, context.buildings, reference_data.policy.mandate
        of_town = (project, packs, reference_data.territory, buildings, self.parts, context.crs)
        gate = judge_gate(*of_town, today=reference_data.today, rules=rules)
        return [(template, dict(params)) for template, params in gate.missing]
