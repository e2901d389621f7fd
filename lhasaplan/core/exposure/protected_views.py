"""Find which cameras see which protected walls and ground, and how sharply.

An audit, the live answers, mitigations and options of parts ask here, each of the cameras that it needs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext, ViewTable
from lhasaplan.core.context.screened_scenes import relevant_ground
from lhasaplan.core.exposure.grading import grade_of, read_places
from lhasaplan.core.exposure.seen_walls import SeenWalls, look_in
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.protected_place import ProtectedClass, ProtectedPlace, ProtectedWalls
from lhasaplan.core.protection.ground import levels_without_pits_m, lifted
from lhasaplan.core.protection.undisclosed import is_undisclosed
from lhasaplan.core.protection.walls import NearPlaces, protected_walls
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.obstacles.relief import level_relief

# See protected places over uneven ground: coarse terrain ends no view, and what the ground alone hides is counted.

Counts = Mapping[ProtectedClass, int]


@dataclass(frozen=True, slots=True)
class BehindGround:
    """Pairs of a camera and a place, by class, that the ground alone hides, or would if coarse terrain hid protected places.

    Without undisclosed places: a count that changes as a camera moves would tell of them.
    """

    hidden: Counts
    graded_all_the_same: Counts


def protected_densities(
    context: AuditContext, view_table: ViewTable, xyz_m: FloatArray, progress: Progress = no_progress
) -> sparse.csr_array:
    """Return the density at which each view shows each point of protected places, shape (P, V)."""
    first = 0.5 if view_table.level_views else 1.0

    def see(views: Sequence[View], points: FloatArray, scene: Scene) -> sparse.csr_array:
        share = (0.0, first) if scene is context.guarded else (first, 1.0)
        return context.sight.densities(views, points, scene, progress=part_of(progress, *share))

    return context.guards.densities(view_table.views, view_table.level_views, xyz_m, see)


@dataclass(frozen=True, eq=False, slots=True)
class WithoutGround:
    """What counts beside what the ground alone hides, and ``seen``: all as it would be seen if no ground were in the way.

    ``counts`` is None without relief, ``seen`` where no ground ends a view of a protected place.
    """

    counts: BehindGround | None = None
    seen: SeenWalls | None = None


def behind_ground(context: AuditContext, seen: SeenWalls, progress: Progress = no_progress) -> WithoutGround:
    """Return what the ground alone hides of protected places, beside what counts."""
    terrain = context.terrain
    if terrain.is_level or not context.view_table.views or not len(seen.walls.places):
        return WithoutGround()
    places, graded = seen.walls.places, _places(seen, context)
    if context.level is None:
        free = _without_ground(context, seen, progress)
        return WithoutGround(BehindGround(_by_class(_places(free, context) - graded, places), {}), free)
    by_ground = _seen_in(
        replace(context.guarded, relief=context.scene.relief), context, seen, part_of(progress, 0.0, 0.5)
    )  # fmt: skip
    all_the_same = _by_class(graded - by_ground, places)
    if context.guarded.relief.is_level:
        return WithoutGround(BehindGround({}, all_the_same))
    free = _without_ground(context, seen, part_of(progress, 0.5, 1.0))
    return WithoutGround(BehindGround(_by_class(_places(free, context) - graded, places), all_the_same), free)


def added_up(found: Iterable[BehindGround | None]) -> BehindGround | None:
    """Return the counts of different cameras together; None where there are none of any."""
    known = [each for each in found if each is not None]
    hidden, graded = ([getattr(each, name) for each in known] for name in ("hidden", "graded_all_the_same"))
    return BehindGround(_sum(hidden), _sum(graded)) if known else None


def _sum(counts: Sequence[Counts]) -> Counts:
    return {cls: sum(each.get(cls, 0) for each in counts) for cls in ProtectedClass if any(cls in each for each in counts)}


def disclosed_behind(behind: BehindGround | None) -> dict[str, dict[str, int]] | None:
    """Return the counts by class as outputs have them: hidden by ground, and what coarse terrain would have hidden."""
    if behind is None:
        return None
    named = {"hidden": behind.hidden, "not_hidden_by_coarse": behind.graded_all_the_same}
    return {name: {str(cls): counts.get(cls, 0) for cls in ProtectedClass} for name, counts in named.items()}


def _bare(scene: Scene) -> Scene:
    """Return the town as it stands, without ground in the way of any line."""
    return replace(scene, relief=level_relief())


Pairs = frozenset[tuple[int, int]]  # camera and place


def _seen_in(scene: Scene, context: AuditContext, seen: SeenWalls, progress: Progress) -> Pairs:
    return _places(look_in(scene, None, context, seen.walls, progress), context)


def _without_ground(context: AuditContext, seen: SeenWalls, progress: Progress) -> SeenWalls:
    """Return what would be seen if no ground were in the way and no place lay in a pit."""
    relief = context.scene.relief
    walls, open_m = lifted(seen.walls, relief), levels_without_pits_m(seen.walls.ground, relief)
    return look_in(_bare(context.guarded), None, context, walls, progress, open_m=open_m)


def _places(seen: SeenWalls, context: AuditContext) -> Pairs:
    read = read_places(seen, context.thresholds.frontage_m, context.thresholds.note_px_m)
    return frozenset(zip(read.camera.tolist(), read.place.tolist(), strict=True))


def _by_class(pairs: Pairs, places: Sequence[ProtectedPlace]) -> Counts:
    found = [places[place].cls for _, place in pairs if not is_undisclosed(places[place])]
    return {cls: found.count(cls) for cls in ProtectedClass if cls in found}


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
