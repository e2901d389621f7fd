"""What one changed camera does to all parts, and what it can see besides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.context.audit_context import Eyes, Setting, eyes_of
from lhasaplan.core.context.reference_data import Progress, no_progress, part_of
from lhasaplan.core.context.relevant_range import reach_of
from lhasaplan.core.coverage.part_shares import by_camera, count_views, seen, served, shares
from lhasaplan.core.coverage.part_verdicts import Coverage
from lhasaplan.core.coverage.unasked_area import ground_seen, unasked_ground
from lhasaplan.core.exposure.grading import grade_of, look_at
from lhasaplan.core.exposure.protected_densities import protected_densities
from lhasaplan.core.exposure.sample_hits import Looks, read_places
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.model.camera import Basis, Camera, Placed
from lhasaplan.core.model.protected_place import ProtectedSamples
from lhasaplan.core.protection.places import sample_protected
from lhasaplan.core.remedies.part_option_changes import Attempt
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.site.camera_placing import place_in

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class Effect:
    """Shares of every part with one camera changed, shapes (P,), and the parts that this camera serves then."""

    share_served: FloatArray
    share_seen: FloatArray
    parts: IntArray


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
        self.columns = density_px_m.tocsc()

    def effects(self, attempts: Sequence[Attempt], setting: Setting, progress: Progress) -> list[Effect]:
        """Return the effect of each attempt, all looked through in one batch."""
        eyes = eyes_of(placed_as([each.camera for each in attempts], setting, progress), setting.crs)
        scene = setting.in_leaf_for(eyes.views)
        density = setting.sight.densities(eyes.views, self.coverage.demand.xyz_m, scene, progress=progress)
        changed = by_camera(density, eyes.camera, eyes.is_basis(Basis.RECORDED), len(attempts)).tocsc()
        return [self._effect(changed, number, each.placed) for number, each in enumerate(attempts)]

    def _effect(self, changed: sparse.csc_array, column: int, placed: int) -> Effect:
        needs = self.needs
        after, now = _rows(changed, column), _rows(self.columns, placed) if placed >= 0 else _NOTHING
        sharp = _at_least(after, needs.needed_px_m)
        was = _at_least(now, needs.needed_px_m)
        ones = np.ones_like(needs.min_views)
        return Effect(
            self.share_served + self._change(was, sharp, self.serving, needs.min_views),
            self.share_seen
            + self._change(_at_least(now, needs.seen_px_m), _at_least(after, needs.seen_px_m), self.showing, ones),
            np.unique(needs.part[sharp]),
        )

    def _change(self, was: IntArray, after: IntArray, views: IntArray, least: IntArray) -> FloatArray:
        """Return what the share of each part gains or loses when points change hands."""
        gained, lost = np.setdiff1d(after, was), np.setdiff1d(was, after)
        gained, lost = gained[views[gained] == least[gained] - 1], lost[views[lost] == least[lost]]
        needs, points = self.needs, np.concatenate([gained, lost])
        weight = np.concatenate([needs.weight[gained], -needs.weight[lost]]) / needs.total[needs.part[points]]
        return np.bincount(needs.part[points], weight, minlength=len(needs.total)).astype(float)

    def keeps_all(self, effect: Effect) -> bool:
        """Tell whether no part is served or seen less than today."""
        served_less = effect.share_served < self.share_served - _ROUNDING
        return not bool((served_less | (effect.share_seen < self.share_seen - _ROUNDING)).any())


Rows = tuple[IntArray, FloatArray]
_NOTHING: Rows = (np.zeros(0, np.int64), np.zeros(0))


def _rows(matrix: sparse.csc_array, column: int) -> Rows:
    """Return the points of one column and their densities."""
    inside = slice(int(matrix.indptr[column]), int(matrix.indptr[column + 1]))
    return np.asarray(matrix.indices[inside], np.int64), np.asarray(matrix.data[inside], float)


def _at_least(rows: Rows, least_px_m: FloatArray) -> IntArray:
    return rows[0][rows[1] >= least_px_m[rows[0]]]


def placed_as(cameras: Sequence[Camera], setting: Setting, progress: Progress = no_progress) -> tuple[Placed, ...]:
    """Return cameras set into the town."""
    return place_in(setting.town, cameras, setting.knowledge.classes, progress)


PlaceGrades = Mapping[tuple[int, int], Severity]  # by place (index into the setting's) and case


@dataclass(frozen=True, eq=False, slots=True)
class Looked:
    """What a tried camera can see of protected places, each with its grade, and of ground at 25 px/m or better."""

    sightings: tuple[Sighting, ...]
    ground: shapely.Geometry
    grades: PlaceGrades = field(default_factory=dict)

    def unasked_m2(self, parts: IntArray, coverage: Coverage, setting: Setting) -> float:
        """Return the ground that none of the parts it serves asks for."""
        asked = [coverage.demand.parts[p].geometry for p in parts.tolist()]
        return float(unasked_ground(self.ground, asked, setting.thresholds.unasked_distance_m).area)


def look_through(cameras: Sequence[Camera], setting: Setting, progress: Progress) -> list[Looked]:
    """Return what each tried camera can see, in two batches; walls hide, trees and hoardings do not."""
    placed = placed_as(cameras, setting, part_of(progress, 0.0, 0.1))
    eyes = eyes_of(placed, setting.crs)
    looks, samples = _looks(eyes, setting, part_of(progress, 0.1, 0.5))
    sightings = _sightings(looks, samples, placed, eyes, setting, part_of(progress, 0.5, 0.6))
    grades = _place_grades(looks, samples, len(placed), setting)
    recorded = [next(view for view in each.views if view.basis is Basis.RECORDED) for each in placed]
    fields = setting.sight.visibility_fields(recorded, setting.rooms, progress=part_of(progress, 0.6, 1.0)) if recorded else ()
    return [Looked(tuple(sightings[c]), ground_seen(field), grades[c]) for c, field in enumerate(fields)]


def grades_today(cameras: Sequence[Camera], setting: Setting, progress: Progress) -> list[PlaceGrades]:
    """Return what each camera can see of each protected place before any change, in the same way as a tried one."""
    placed = placed_as(cameras, setting)
    looks, samples = _looks(eyes_of(placed, setting.crs), setting, progress)
    return _place_grades(looks, samples, len(placed), setting)


def _looks(eyes: Eyes, setting: Setting, progress: Progress) -> tuple[Looks, ProtectedSamples]:
    """Return what cameras can see of protected places, sampled as far as they reach."""
    near = reach_of((*eyes.views, *eyes.level_views), setting.thresholds.note_px_m)
    samples = sample_protected(setting.protected, near, setting.terrain, setting.buildings)
    density = protected_densities(setting, eyes, samples.xyz_m, progress)
    found = look_at(density, samples, samples.direction, eyes, buildings=setting.buildings, thresholds=setting.thresholds)
    return found, samples


def _place_grades(looks: Looks, samples: ProtectedSamples, cameras: int, setting: Setting) -> list[PlaceGrades]:
    """Return the grade of each place that each camera shows: the figures beside it are told by class alone."""
    grades: list[dict[tuple[int, int], Severity]] = [{} for _ in range(cameras)]
    read = read_places(looks, samples, setting.thresholds.frontage_m)
    rows = zip(*(each.tolist() for each in (read.camera, read.place, read.case, read.density_px_m)), strict=True)
    for camera, place, case, density in rows:
        grade = grade_of(density, setting.thresholds, samples.places[place].cls)
        if grade is not None:
            grades[camera][place, case] = grade
    return list(grades)


def _sightings(  # noqa: PLR0917 - looks, whose they are, and who watches
    looks: Looks, samples: ProtectedSamples, placed: tuple[Placed, ...], eyes: Eyes, setting: Setting, progress: Progress
) -> list[list[Sighting]]:
    """Return the graded views of each tried camera onto protected places."""
    directions, thresholds = samples.direction, setting.thresholds
    found = sightings_of(looks, samples, directions, eyes, placed=placed, thresholds=thresholds, progress=progress)
    mine: list[list[Sighting]] = [[] for _ in placed]
    for (camera, _, _), sighting in found.items():
        mine[camera].append(sighting)
    return mine
