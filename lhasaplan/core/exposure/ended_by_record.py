"""Find views of protected places that end only by an unverified statement of the record.

Cameras whose record declares a range short of where due begins, masks, a lens under ground or higher than any stands, a
picture of fewer pixels than any camera has, or a place indoors, are looked through once more without each of them. Ground that
is imported is such a word, too: a pit round a home hides it. Trees and hoardings end no such view anyway
(``core/city/trees_and_hoardings.py``), coarse ground neither (docs/adr/0011).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext, view_table_of
from lhasaplan.core.context.scenes import reach_m, relevant_ground
from lhasaplan.core.exposure.grading import CLASSES, Key, grade_of, read_places
from lhasaplan.core.exposure.seen_walls import RECORDED, SeenWalls, look_at_walls
from lhasaplan.core.model.camera import Camera, Mount, Placed
from lhasaplan.core.protection.ground import NearPlaces, protected_walls
from lhasaplan.core.results.assessment import CameraResult, EndedView, Sighting
from lhasaplan.core.results.finding import Declared, Severity, SightingBasis, rank
from lhasaplan.core.sight.obstacles.relief import ground_at
from lhasaplan.core.site.camera_placing import place_in

FEWEST_PX = 320  # across: no camera that anybody hangs has fewer
HIGHEST_M = 100.0  # above the ground beside it, of a lens that is on no roof
Causes = tuple[Declared, ...]
Ended = Mapping[int, tuple[EndedView, ...]]  # by the index of a placed camera


@dataclass(frozen=True, eq=False, slots=True)
class SecondLook:
    """What cameras would show without something that their records declare.

    ``tried`` has the camera and what was taken away, for each camera number of ``seen``.
    """

    tried: tuple[tuple[int, Causes], ...]
    seen: SeenWalls


def look_again(context: AuditContext, progress: Progress = no_progress, near: NearPlaces | None = None) -> SecondLook | None:
    """Return what is seen without declared ranges and masks; None where no record declares any that could end a view.

    ``near`` is as in :func:`lhasaplan.core.exposure.grading.walls_within_reach`.
    """
    tried = [(c, some) for c, each in enumerate(context.placed) for some in _ways(_declared(each, context))]
    if not tried or not context.protected:
        return None
    freed = [_without(context.placed[c].camera, causes) for c, causes in tried]
    placed = place_in(context.town, freed, context.reference_data.classes)
    view_table = view_table_of(placed, context.crs)
    ground = relevant_ground((*view_table.views, *view_table.level_views), context.thresholds.due_px_m)
    taken = partial(protected_walls, context.protected) if near is None else near.walls
    walls = taken(ground, context.terrain, context.buildings, part_of(progress, 0.0, 0.2))
    freer = replace(context, placed=placed, view_table=view_table)
    return SecondLook(tuple(tried), look_at_walls(freer, walls, part_of(progress, 0.2, 1.0)))


def without_ground(seen: SeenWalls | None, cameras: int) -> SecondLook | None:
    """Return as a second look what would be seen if no ground were in the way; None where none ends a view."""
    return None if seen is None else SecondLook(tuple((c, (Declared.GROUND,)) for c in range(cameras)), seen)


def ended_by_any(looks: Sequence[SecondLook | None], sightings: Mapping[Key, Sighting], context: AuditContext) -> Ended:
    """Return what :func:`ended_views` gives of several looks, together."""
    found = [ended_views(each, sightings, context) for each in looks]
    cameras = sorted({camera for each in found for camera in each})
    return {camera: _sorted([row for each in found for row in each.get(camera, ())]) for camera in cameras}


def _declared(placed: Placed, context: AuditContext) -> Causes:
    """Return what a record declares that may end a due view: a range beyond which nothing is due ends none."""
    camera, least = placed.camera, context.thresholds.due_px_m
    is_short = camera.range_m is not None and any(
        reach_m(replace(view, range_m=math.inf), least) > view.range_m for view in placed.views
    )
    claims = {
        Declared.RANGE: is_short,
        Declared.MASK: bool(camera.mask_px or camera.mask_sector_deg),
        Declared.HEIGHT: _is_odd_height(camera, context),
        Declared.PICTURE: camera.image_width_px is not None and camera.image_width_px < FEWEST_PX,
        Declared.INDOOR: camera.mount is Mount.INDOOR,
    }
    return tuple(cause for cause, is_claimed in claims.items() if is_claimed)


def _is_odd_height(camera: Camera, context: AuditContext) -> bool:
    """Say whether a lens is recorded under ground, or higher than any stands that is on no roof."""
    above_m = camera.mount_height_m
    if camera.lens_z_m is not None:
        relief = context.town.relief
        above_m = camera.lens_z_m - float(ground_at(relief, np.array([camera.x_m]), np.array([camera.y_m]))[0])
    return above_m is not None and (above_m < 0.0 or (above_m > HIGHEST_M and camera.mount is not Mount.ROOF))


def _ways(causes: Causes) -> Sequence[Causes]:
    """Return each cause alone and, of several, all together."""
    return [*((cause,) for cause in causes), *((causes,) if len(causes) > 1 else ())]


def _without(camera: Camera, causes: Causes) -> Camera:
    """Return a camera without what its record declares; what it lacks then is what its class has, a range that of its lens.

    One that is indoors no more hangs on the nearest wall of its building.
    """
    free = replace(camera, range_m=None) if Declared.RANGE in causes else camera
    free = replace(free, mask_px=(), mask_sector_deg=()) if Declared.MASK in causes else free
    free = replace(free, mount_height_m=None, lens_z_m=None) if Declared.HEIGHT in causes else free
    free = replace(free, image_width_px=None, image_height_px=None) if Declared.PICTURE in causes else free
    return replace(free, mount=None) if Declared.INDOOR in causes else free


def ended_views(again: SecondLook | None, sightings: Mapping[Key, Sighting], context: AuditContext) -> Ended:
    """Return the views, by camera, that are due or severe without what is declared, and less with it.

    All causes are reported of what none lets through alone.
    """
    found: dict[int, dict[tuple[Key, Declared], Severity]] = {}
    for (camera, causes, key), grade in sorted(_graver(again, sightings, context).items(), key=lambda one: len(one[0][1])):
        mine = found.setdefault(camera, {})
        if len(causes) > 1 and any(rank(mine.get((key, cause))) >= rank(grade) for cause in causes):
            continue
        mine.update({(key, cause): grade for cause in causes})
    return {
        camera: _sorted([EndedView(key[1], key[2], by, grade) for (key, by), grade in mine.items()])
        for camera, mine in found.items()
    }


def _sorted(rows: Sequence[EndedView]) -> tuple[EndedView, ...]:
    return tuple(
        sorted(rows, key=lambda row: (CLASSES.index(row.cls), row.basis != SightingBasis.RECORDED, list(Declared).index(row.by)))
    )


def _graver(
    again: SecondLook | None, sightings: Mapping[Key, Sighting], context: AuditContext
) -> dict[tuple[int, Causes, Key], Severity]:
    """Return the grade of each view that is due or severe, and graver than it is now, by camera, what was taken away and view."""
    found: dict[tuple[int, Causes, Key], Severity] = {}
    limits = context.thresholds
    if again is None or again.seen.is_nothing():
        return found
    read = read_places(again.seen, limits.frontage_m, limits.note_px_m)
    cls = again.seen.walls.class_numbers[read.place]
    rows = np.flatnonzero(read.density_px_m > limits.due_px_m)
    for number, c, case, density in zip(
        *(each[rows].tolist() for each in (read.camera, cls, read.case, read.density_px_m)), strict=True
    ):
        camera, causes = again.tried[number]
        key = (camera, CLASSES[c], SightingBasis.RECORDED if case == RECORDED else SightingBasis.ASSUMED)
        grade = grade_of(density, limits, key[1])
        least = max(rank(Severity.NOTE), _now(sightings.get(key)), rank(found.get((camera, causes, key))))
        if grade is not None and rank(grade) > least:
            found[camera, causes, key] = grade
    return found


def _now(sighting: Sighting | None) -> int:
    """Return how grave a view is, an assumed one at its graver end."""
    if sighting is None:
        return rank(None)
    grades = (sighting.grade,) if sighting.is_recorded else (sighting.grade_high, sighting.grade_low)
    return max(rank(grade) for grade in grades)


def with_ended(results: Sequence[CameraResult], ended: Ended) -> tuple[CameraResult, ...]:
    """Return the results of the cameras with the views that their records alone end."""
    return tuple(
        replace_kept(each, ended_by_record=ended.get(c, ())) if c in ended or each.ended_by_record else each
        for c, each in enumerate(results)
    )


def ended_counts(results: Sequence[CameraResult]) -> dict[str, dict[str, int]]:
    """Return how many views (of a camera, onto a class) a word of the record, or imported ground, ends, by class."""
    views = {(n, row.by, row.cls) for n, each in enumerate(results) for row in each.ended_by_record}
    return {by: {str(cls): sum(view[1:] == (by, cls) for view in views) for cls in CLASSES} for by in Declared}


Disclose = Callable[[SeenWalls], SeenWalls]


def disclosed_again(again: SecondLook | None, disclose: Disclose) -> SecondLook | None:
    """Return a second look without undisclosed places."""
    return None if again is None else replace(again, seen=disclose(again.seen))
