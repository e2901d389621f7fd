"""Replace the answers by those of a town without its undisclosed places, which is all that public outputs may tell.

Every figure of such a town is the same wherever in its block an undisclosed place lies, and whether there is one
(``core/protection/undisclosed.py``). A camera within reach of a block is disclosed with the sharpest class of density at which it
shows any ground there, and no more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, IntArray
from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.context.areas import NamedAreas
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.scenes import reach_m
from lhasaplan.core.exposure.grading import Key, in_order, read_walls
from lhasaplan.core.exposure.seen_surfaces import with_sharpest, with_surfaces
from lhasaplan.core.exposure.seen_walls import SeenWalls
from lhasaplan.core.exposure.sightings import padded, sightings_of
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.mitigation.trial_changes import MASK_PADS_DEG
from lhasaplan.core.mitigation.view_mitigations import question
from lhasaplan.core.model.camera import Placed, View
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.core.model.place import ProtectedClass, ProtectedPlace
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.undisclosed import of_unknown_use, secret_kinds, undisclosed_blocks
from lhasaplan.core.results.assessment import CameraResult, PartResult, ServiceOption, Sighting
from lhasaplan.core.results.finding import GRAVE, Mitigation, end_of_need, removal, sector_mask
from lhasaplan.core.site.camera_placing import place_in

DIRECTED = (
    ProtectedClass.PROTECTED,
    ProtectedClass.DWELLING_LIKELY,
    ProtectedClass.USE_UNKNOWN,
)  # classes that an undisclosed place may be of, or be taken for


@dataclass(frozen=True, eq=False, slots=True)
class DisclosedWorld:
    """The town without undisclosed places; ``silent`` says which placed cameras stand within reach of ``blocks``."""

    context: AuditContext
    blocks: BaseGeometry
    silent: BoolArray

    def sharpest_px_m(self, result: CameraResult) -> float:
        """Return the sharpest class at which a camera shows any ground of a block; the lowest where it shows none there."""
        found = (low for field in result.fields for low, band in field.bands if shapely.intersects(band, self.blocks))
        return max((low for low in found if low in DENSITY_BANDS_PX_M), default=DENSITY_BANDS_PX_M[0])


def disclosed_world(context: AuditContext) -> DisclosedWorld | None:
    """Return the town without undisclosed places; None where there are none and everything may be disclosed."""
    blocks = undisclosed_blocks(context.protected, context.crs)
    if blocks.is_empty:
        return None
    known = disclosed_places(context)
    ground = ProtectedGround(known)
    areas = NamedAreas(context.project.layers.get("areas"), context.reference_data.kinds, ground)
    bare = replace(context, protected=known, ground=ground, areas=areas)
    return DisclosedWorld(bare, blocks, _silent(context.placed, blocks, context.thresholds.note_px_m))


def disclosed_sightings(context: AuditContext, seen: SeenWalls, sightings: Mapping[Key, Sighting]) -> Mapping[Key, Sighting]:
    """Return what cameras can see in the town without undisclosed places.

    Parameters
    ----------
    sightings : of the town as it is; those of cameras that cannot see an undisclosed place are taken over.
    """
    changed = sees_undisclosed(seen, len(context.placed))
    if not changed.any():
        return sightings
    some = disclosed_walls(context, seen.of_cameras(changed))
    read = read_walls(some, context.thresholds)
    found = sightings_of(some, context.view_table, placed=context.placed, thresholds=context.thresholds, read=read)
    found = with_sharpest(with_surfaces(found, some, context, read=read), some, context, read)
    return {**{key: each for key, each in sightings.items() if not changed[key[0]]}, **found}


def sees_undisclosed(seen: SeenWalls, cameras: int) -> BoolArray:
    """Tell which cameras can see an undisclosed place, shape (C,)."""
    undisclosed, found = seen.walls.are_undisclosed, np.zeros(cameras, bool)
    found[seen.camera[undisclosed[seen.place]]] = True
    found[seen.ground.camera[undisclosed[seen.ground.place]]] = True
    return found


def disclosed_walls(context: AuditContext, seen: SeenWalls) -> SeenWalls:
    """Return what cameras of a context see in the town without undisclosed places."""
    walls = seen.walls
    places, _, place = _open_places(context, walls.places, walls.place, walls.building)
    undisclosed = walls.are_undisclosed[walls.ground_place]
    gone = undisclosed & np.array([places[p] is walls.places[p] for p in walls.ground_place.tolist()], bool)
    disclosed = replace(walls, places=places, place=np.where(place >= 0, place, 0))
    hidden = np.unique(walls.ground_place[gone])
    return replace(seen, walls=disclosed).of_rows((place >= 0)[seen.wall], ~np.isin(seen.ground.place, hidden))


def disclosed_places(context: AuditContext) -> tuple[ProtectedPlace, ...]:
    """Return what is protected in the town without undisclosed places, whatever of it is seen."""
    none = np.zeros(0, np.int64)
    return _open_places(context, context.protected, none, none)[1]


def _silent(placed: Sequence[Placed], blocks: BaseGeometry, least_px_m: float) -> BoolArray:
    """Return which cameras could show anything in a block at the lowest grade, whatever stands between; shape (C,)."""
    return np.array([any(_may_reach(view, blocks, least_px_m) for view in each.views) for each in placed], bool)


def _may_reach(view: View, blocks: BaseGeometry, least_px_m: float) -> bool:
    """Say whether anything of a block could be in view at a density, whatever the range on record."""
    reach = reach_m(replace(view, range_m=np.inf), least_px_m)
    return bool(shapely.dwithin(shapely.Point(view.x_m, view.y_m), blocks, reach * 1.01 + 1.0))


def _open_places(
    context: AuditContext, known: Sequence[ProtectedPlace], place_of_wall: IntArray, building_of_wall: IntArray
) -> tuple[tuple[ProtectedPlace, ...], tuple[ProtectedPlace, ...], IntArray]:
    """Return the places that walls count by, those that there are, and the place of each wall, -1 for none.

    An undisclosed place that is of another kind, too (a clinic in a church) is disclosed as that; a building that would be of
    unknown use without it is disclosed as one: a house left out among its like would be a hint.
    """
    kinds, undisclosed = context.reference_data.kinds, [number for number, place in enumerate(known) if place.is_undisclosed]
    secret, town = secret_kinds(kinds), (context.buildings, context.project.layers, kinds, context.project.declarations)
    places, place, gone = list(known), place_of_wall.copy(), set[int]()
    rows_of = _rows_by_place(place_of_wall, undisclosed)
    for number in undisclosed:
        its = places[number]
        shown = [kinds.by_name()[name] for name in its.kinds if name not in secret]
        if shown:
            cls = ProtectedClass.HOME if any(kind.cls is ProtectedClass.HOME for kind in shown) else ProtectedClass.PROTECTED
            places[number] = replace(its, cls=cls, hides_people=False, drawn=False)
            continue
        gone.add(number)
        rows = rows_of.get(number, np.zeros(0, np.int64))
        place[rows] = -1
        for building, cls in of_unknown_use(its, *town):
            place[rows[building_of_wall[rows] == building]] = len(places)
            shape = context.buildings.polygons[building]
            places.append(
                ProtectedPlace(str(context.buildings.ids[building]), cls, shape, None, building=building, buildings=(building,))
            )
    return tuple(places), tuple(each for number, each in enumerate(places) if number not in gone), place


def _rows_by_place(place: IntArray, places: Sequence[int]) -> dict[int, IntArray]:
    rows = np.flatnonzero(np.isin(place, places))
    rows = rows[np.argsort(place[rows], kind="stable")]
    numbers, starts = np.unique(place[rows], return_index=True)
    return dict(zip(numbers.tolist(), np.split(rows, starts[1:]), strict=False)) if len(rows) else {}


def with_mitigations(
    world: DisclosedWorld, disclosed: Mapping[Key, Sighting], mitigated: Mapping[Key, Sighting], idle: Collection[int]
) -> dict[Key, Sighting]:
    """Return the sightings of the disclosed world with mitigations: near a block those alone that tell a direction at most.

    Another lens, range, tilt or picture was tried in the town as it is: what it spares or shows would tell of what stands there.

    Parameters
    ----------
    disclosed : what is seen there, without mitigations.
    mitigated : what is seen in the town as it is, with mitigations.
    idle : cameras that serve none of the confirmed parts.
    """
    placed, found = world.context.placed, {}
    for key, sighting in disclosed.items():
        if world.silent[key[0]] and key[1] in DIRECTED:
            found[key] = replace_kept(sighting, mitigation=_directed(sighting, placed[key[0]], serves_nothing=key[0] in idle))
        else:
            found[key] = replace_kept(sighting, mitigation=mitigated[key].mitigation if key in mitigated else None)
    return found


def _directed(sighting: Sighting, placed: Placed, *, serves_nothing: bool) -> Mitigation | None:
    if not sighting.is_recorded:
        return question(sighting, placed) if sighting.cls is not ProtectedClass.USE_UNKNOWN else None
    if sighting.grade not in GRAVE:
        return None
    end = replace(end_of_need(placed.camera), rank=1, is_verified=False)
    if serves_nothing:
        return replace(removal(placed.camera), alternatives=(end,))
    mask = sector_mask(placed.camera, padded(sighting.sector_deg, MASK_PADS_DEG[0]))
    figures = replace(mask.figures, area_left_percent="–")
    return replace(mask, figures=figures, alternatives=(end, replace(removal(placed.camera), rank=2, is_verified=True)))


def disclosed_results(
    world: DisclosedWorld, results: Sequence[CameraResult], sightings: Mapping[Key, Sighting]
) -> tuple[CameraResult, ...]:
    """Return the results of the cameras as outputs may tell them, necessity left to be made anew."""
    mine: dict[int, list[Sighting]] = {}
    for key in sorted(sightings, key=in_order):
        mine.setdefault(key[0], []).append(sightings[key])
    return tuple(
        replace_kept(
            each, sightings=tuple(mine.get(c, ())), undisclosed_px_m=world.sharpest_px_m(each) if world.silent[c] else None
        )
        for c, each in enumerate(results)
    )


def disclosed_parts(world: DisclosedWorld, parts: tuple[PartResult, ...] | None) -> tuple[PartResult, ...] | None:
    """Return the parts with what would serve them; near a block no option tells how many places it shows but homes."""
    if parts is None:
        return None
    options = [option for part in parts for option in part.service]
    context = world.context
    placed = place_in(context.town, [option.as_changed for option in options], context.reference_data.classes)
    silent = _silent(placed, world.blocks, context.thresholds.note_px_m)
    disclosed = iter([_withheld_option(option) if near else option for option, near in zip(options, silent, strict=True)])
    return tuple(replace(part, service=tuple(next(disclosed) for _ in part.service)) for part in parts)


def _withheld_option(option: ServiceOption) -> ServiceOption:
    """Return an option without the counts of places that outputs never list, which would tell that one is near."""
    rows = {cls: {} if cls in DIRECTED else row for cls, row in option.protected_after.items()}
    return replace(option, protected_after={**rows, **{str(cls): {} for cls in DIRECTED}})


def note_on_blocks(world: DisclosedWorld) -> tuple[tuple[str, Mapping[str, object]], ...]:
    """Return what a reader must know of the cameras near blocks."""
    count = int(world.silent.sum())
    return ((NOTES["undisclosed"], {"count": count}),) if count else ()
