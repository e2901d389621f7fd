"""Find which cameras see which protected walls and ground, and how sharply.

An audit, the live answers, mitigations and options of parts ask here, each of the cameras that it needs.
"""

from collections.abc import Mapping

from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.screened_scenes import relevant_ground
from lhasaplan.core.exposure.grading import grade_of
from lhasaplan.core.exposure.readings import read_places
from lhasaplan.core.exposure.seen_walls import SeenWalls
from lhasaplan.core.model.protected_place import ProtectedWalls
from lhasaplan.core.protection.walls import NearPlaces, protected_walls
from lhasaplan.core.results.finding import Severity

PlaceGrades = Mapping[tuple[int, int], Severity]  # by place (index into the context's) and case


def walls_within_reach(context: AuditContext, progress: Progress = no_progress, near: NearPlaces | None = None) -> ProtectedWalls:
    """Return the walls and open ground of protected places, taken as far as any view of the context reaches.

    Parameters
    ----------
    near : an index of the context's places, for few cameras of a large city: those alone are taken that come near.
    """
    view_table = context.view_table
    ground = relevant_ground((*view_table.views, *view_table.level_views), context.thresholds.note_px_m)
    progress(0.0, "protected")
    places = context.protected if near is None else near.around(ground)
    return protected_walls(places, ground, context.terrain, context.buildings, progress)


def place_grades(seen: SeenWalls, context: AuditContext) -> list[PlaceGrades]:
    """Return the grade of each place that each camera shows: other figures are reported by class alone."""
    grades: list[dict[tuple[int, int], Severity]] = [{} for _ in context.placed]
    limits, places = context.thresholds, seen.walls.places
    read = read_places(seen, limits.frontage_m, limits.note_px_m)
    rows = zip(*(each.tolist() for each in (read.camera, read.place, read.case, read.density_px_m)), strict=True)
    for camera, place, case, density in rows:
        grade = grade_of(density, limits, places[place].cls)
        if grade is not None:
            grades[camera][place, case] = grade
    return list(grades)
