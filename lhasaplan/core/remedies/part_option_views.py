"""What a tried camera can see besides the part that it is for: protected places, and ground that nobody asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.exposure.protected_views import PlaceGrades, place_grades
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.remedies.tried_changes import TriedChanges
from lhasaplan.core.results.assessment import Sighting


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
