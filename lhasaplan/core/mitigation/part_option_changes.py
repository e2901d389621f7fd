"""Candidate changes that may make an operating camera serve a part: turns, tilts, heights and lenses.

No attempt lifts a mask: pixel masks and masked sectors stay as they are, so a turn that brings what they hid into view fails.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

import numpy as np
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes.camera_change import CameraChange, Changes, changed, raised, tilted, turned, with_lens
from lhasaplan.core.context.audit_context import AuditContext, set_in
from lhasaplan.core.demand.columns import UNSEEN, DemandColumn, columns_of, count_views, seen, served, shares
from lhasaplan.core.demand.part_verdicts import Coverage
from lhasaplan.core.exposure.grading import PlaceGrades, place_grades
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.gate.decide import judge_gate
from lhasaplan.core.mitigation.tried_changes import TriedChanges
from lhasaplan.core.model.camera import Camera, Mount, Placed, View
from lhasaplan.core.model.optics import LensClass, focal_length_px, vertical_angle_after_deg
from lhasaplan.core.model.place import Part
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import GRAVE, ChangeFigures, rank
from lhasaplan.core.rules.audit_policy import ServiceRules
from lhasaplan.core.site.mounting import BELOW_EAVES_M

ACTIONS = ("turn", "raise", "lens", "new")  # in the order in which options are ranked
NEW = -1
_FULL_CIRCLE_DEG = 300.0  # beyond it turning changes next to nothing
_MOST_TILT_DEG = 85.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One camera as a change would leave it, for one part; ``placed`` is its index, -1 for a new one. ``size`` orders."""

    action: str
    part: int
    placed: int
    camera: Camera
    figures: ChangeFigures
    size: float
    changes: tuple[CameraChange, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Wanted:
    """The points of a part that are not served, as one lens meets them; all arrays of shape (n,)."""

    bearing_deg: FloatArray  # from grid north
    distance_m: FloatArray


def wanted_from(view: View, xyz_m: FloatArray) -> Wanted:
    """Return where points (n, 3) lie as a view meets them."""
    dx, dy = xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m
    return Wanted(np.asarray(np.degrees(np.arctan2(dx, dy)) % 360.0), np.hypot(dx, dy))


def attempts_with(  # noqa: PLR0917 - one camera, one part, and what bounds the attempts
    index: int, placed: Placed, part: int, wanted: Wanted, roof_m: float, rules: ServiceRules
) -> Iterator[Attempt]:
    """Give every change of one recorded camera that may serve one part better.

    Parameters
    ----------
    roof_m : height of the own building's roof above its ground, infinite without one: a wall mount stays below it.
    """
    camera, view = placed.camera, placed.views[0]
    steps = chain(
        (("turn", step) for step in _turns(camera, view, wanted, rules)),
        (("turn", step) for step in _tilts(camera, view, rules)),
        (("raise", step) for step in _heights(placed, roof_m, rules)),
        (("lens", step) for step in _lenses(camera, view, rules)),
    )
    for action, (figures, size, changes) in steps:
        yield Attempt(action, part, index, changed(camera, changes), figures, size, changes)


Step = tuple[ChangeFigures, float, Changes]


def _turns(camera: Camera, view: View, wanted: Wanted, rules: ServiceRules) -> Iterator[Step]:
    """Give turns that bring more of the part into the picture than it has now."""
    if camera.azimuth_deg is None or view.hfov_deg > _FULL_CIRCLE_DEG or view.swing_deg:
        return
    steps = np.array([sign * step for step in rules.turns_deg for sign in (1.0, -1.0)])
    now = _in_picture(view, wanted, np.zeros(1))[0]
    for by, shown in zip(steps.tolist(), _in_picture(view, wanted, steps).tolist(), strict=True):
        if shown > now:
            azimuth = round((camera.azimuth_deg + by) % 360.0, 2)
            yield ChangeFigures(azimuth_deg=azimuth, turn_deg=by), abs(by), turned(camera, azimuth)


def _in_picture(view: View, wanted: Wanted, turns_deg: FloatArray) -> IntArray:
    """Return how many points lie in the width of the picture after each turn; walls are not asked."""
    off = wanted.bearing_deg[None, :] - view.azimuth_deg - turns_deg[:, None]
    inside = np.abs((off + 180.0) % 360.0 - 180.0) <= view.hfov_deg / 2.0
    return np.asarray((inside & (wanted.distance_m <= view.range_m)[None, :]).sum(1), np.int64)


def _tilts(camera: Camera, view: View, rules: ServiceRules) -> Iterator[Step]:
    """Give tilts either way; a fisheye that looks straight down has none."""
    if camera.tilt_deg is None or view.tilt_swing_deg or view.lens_class is not LensClass.RECTILINEAR:
        return
    for by in (sign * step for step in rules.tilts_deg for sign in (1.0, -1.0)):
        if 0.0 <= camera.tilt_deg + by <= _MOST_TILT_DEG:
            tilt = round(camera.tilt_deg + by, 2)
            yield ChangeFigures(tilt_deg=tilt, tilt_by_deg=by), abs(by), tilted(camera, tilt)


def _heights(placed: Placed, roof_m: float, rules: ServiceRules) -> Iterator[Step]:
    """Give greater heights up to the limit; a lens on a facade stays below the roof, one on a roof or indoors where it is."""
    height = placed.camera.mount_height_m
    if height is None or placed.mount not in (Mount.POLE, Mount.WALL):
        return
    most = min(rules.most_height_m, roof_m - BELOW_EAVES_M) if placed.mount is Mount.WALL else rules.most_height_m
    for step in range(1, max(0, math.floor((most - height) / rules.height_step_m + 1e-9)) + 1):
        by = round(step * rules.height_step_m, 2)
        figures = ChangeFigures(mount_height_m=round(height + by, 2), raise_by_m=by)
        yield figures, by, raised(placed.camera, by)


def _lenses(camera: Camera, view: View, rules: ServiceRules) -> Iterator[Step]:
    """Give narrower and wider lenses on the same picture."""
    if view.lens_class is not LensClass.RECTILINEAR:
        return
    for factor in rules.lens_factors:
        hfov = round(view.hfov_deg * factor, 1)
        if rules.least_hfov_deg <= hfov <= rules.most_hfov_deg:
            vfov = round(vertical_angle_after_deg(view.vfov_deg, view.hfov_deg, hfov), 2)
            figures = ChangeFigures(hfov_deg=hfov, vfov_deg=vfov, was_hfov_deg=view.hfov_deg)
            yield figures, abs(math.log(factor)), with_lens(camera, hfov, vfov)


def reaches(view: View, needed_px_m: float, wanted: Wanted, rules: ServiceRules) -> bool:
    """Tell whether the nearest point can get the needed density from where a view is, with the narrowest lens tried."""
    if not len(wanted.distance_m) or wanted.distance_m.min() > min(rules.reach_m, view.range_m):
        return False
    if view.lens_class is not LensClass.RECTILINEAR:
        return True
    narrowest = max(rules.least_hfov_deg, view.hfov_deg * min((1.0, *rules.lens_factors)))
    focal = focal_length_px(view.width_px, narrowest, view.lens_class)
    return bool(focal / needed_px_m * math.sqrt(2.0) >= wanted.distance_m.min())


# What an option for a part would do: protected places and ground in view, limits, and the shares of all parts.


# What a tried camera can see besides the part that it is for: protected places, and ground that nobody asks for.
@dataclass(frozen=True, eq=False, slots=True)
class Looked:
    """What a tried camera can see of protected places, each with its grade, and of ground at 25 px/m or better."""

    sightings: tuple[Sighting, ...]
    ground: BaseGeometry
    grades: PlaceGrades = field(default_factory=dict)


def look_through(cameras: Sequence[Camera], tried: TriedChanges, progress: Progress) -> list[Looked]:
    """Return what each tried camera can see, in two batches; walls hide, trees and hoardings do not."""
    city = set_in(tried.context, cameras, part_of(progress, 0.0, 0.1))
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
    city = set_in(tried.context, cameras)
    return place_grades(tried.protected(city, progress), city)


# What one changed camera does to the shares of all parts.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class ShareChange:
    """Shares of every part with one camera changed, shapes (P,), and what this camera shows then."""

    share_served: FloatArray
    share_seen: FloatArray
    shown: DemandColumn


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
        """Return the effect of each attempt, all evaluated in one batch."""
        city = set_in(tried.context, [each.camera for each in attempts], progress)
        columns = tried.columns(city.placed, progress)
        return [self._effect(column, each.placed) for each, column in zip(attempts, columns, strict=True)]

    def _effect(self, after: DemandColumn, placed: int) -> ShareChange:
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
Missing = tuple[str, dict[str, object]]


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
    """Tell whether a new camera can see no protected place at a grade that must end, use unknown counted as protected."""
    return not any(must_be_mitigated(each, due_px_m) for each in look.sightings)


def must_be_mitigated(sighting: Sighting, due_px_m: float) -> bool:
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
