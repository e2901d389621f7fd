"""What a tried camera can see besides the part that it is for: protected places, and ground that nobody asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.base.progress import Progress, part_of
from lhasaplan.core.context.audit_context import AuditContext, set_in
from lhasaplan.core.coverage.part_verdicts import Coverage
from lhasaplan.core.coverage.shown_by_cameras import recorded_ground
from lhasaplan.core.coverage.unasked_area import unasked_ground
from lhasaplan.core.exposure.protected_views import PlaceGrades, place_grades, sample_hits, samples_within_reach
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.results.assessment import Sighting


@dataclass(frozen=True, eq=False, slots=True)
class Looked:
    """What a tried camera can see of protected places, each with its grade, and of ground at 25 px/m or better."""

    sightings: tuple[Sighting, ...]
    ground: BaseGeometry
    grades: PlaceGrades = field(default_factory=dict)

    def unasked_m2(self, parts: IntArray, coverage: Coverage, context: AuditContext) -> float:
        """Return the ground that none of the parts it serves asks for."""
        asked = [coverage.demand.parts[p].geometry for p in parts.tolist()]
        return float(unasked_ground(self.ground, asked, context.thresholds.unasked_distance_m).area)


def look_through(cameras: Sequence[Camera], city: AuditContext, progress: Progress) -> list[Looked]:
    """Return what each tried camera can see, in two batches; walls hide, trees and hoardings do not."""
    tried = set_in(city, cameras, part_of(progress, 0.0, 0.1))
    samples = samples_within_reach(tried)
    hits = sample_hits(tried, samples, part_of(progress, 0.1, 0.5))
    limits, told = tried.thresholds, part_of(progress, 0.5, 0.6)
    found = sightings_of(
        hits, samples, samples.direction, tried.view_table, placed=tried.placed, thresholds=limits, progress=told
    )
    mine: list[list[Sighting]] = [[] for _ in cameras]
    for (camera, _, _), sighting in found.items():
        mine[camera].append(sighting)
    ground = recorded_ground(city, tried.placed, part_of(progress, 0.6, 1.0)) if cameras else ()
    return [Looked(*each) for each in zip(map(tuple, mine), ground, place_grades(hits, samples, tried), strict=True)]


def grades_today(cameras: Sequence[Camera], city: AuditContext, progress: Progress) -> list[PlaceGrades]:
    """Return what each camera can see of each protected place before any change, in the same way as a tried one."""
    there = set_in(city, cameras)
    samples = samples_within_reach(there)
    return place_grades(sample_hits(there, samples, progress), samples, there)
