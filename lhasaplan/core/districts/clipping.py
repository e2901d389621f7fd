"""Make the project of a district from a city's: its cameras and parts, and round it all that these cameras can reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.city.human_names import names_alike
from lhasaplan.core.context.scenes import relevant_ground
from lhasaplan.core.gate.planning_ground import cells_at, lonlat_of, metric_area
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.layer import Layer, feature_digests, take
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.project.numbering import handed_numbers
from lhasaplan.core.project.plan import replacing
from lhasaplan.core.project.plan_step import NumberBlock
from lhasaplan.core.project.project import District, Project
from lhasaplan.core.protection.lost_protection import all_losses
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.rules.audit_policy import DistrictRules

CELL, BORDER = "cell:", "border:"  # what is declared of a cell without buildings is about ground, not about a feature
WHOLE = ("areas",)  # areas name what they are part of, and lie across each other: they are not clipped
TOUCHING_M = 30.0  # what lies so close to a kept feature may say what it is: a name in a building, the square of a chapel
_ANY_PX_M = 1e-3  # below every density: the ground within the range of a view
_EDGE_M = 2.0


@dataclass(frozen=True, slots=True)
class Clip:
    """What is kept of a city: cameras and confirmed parts by id, and the ground whose features are kept."""

    cameras: frozenset[str]
    parts: frozenset[str]
    plan_area: BaseGeometry
    ground: BaseGeometry


def district_project(  # noqa: PLR0917 - the city with its answers, the district, and how it is cut
    live: Live,
    project: Project,
    area: tuple[str, BaseGeometry],
    parts: Sequence[Part],
    rules: DistrictRules,
    today: str = "",
    blocks: tuple[NumberBlock, ...] = (),
) -> Project:
    """Return the project of one area, without the city's journal but with all that is known to have left protection in it.

    Features are kept whole or left out, never cut, and all areas, terrain and places that are closed stay as they are.

    Parameters
    ----------
    live : the answers for the whole project; planned cameras that it does not know count where they stand.
    area : name and ground, in metres.
    parts : the confirmed parts of the city.
    blocks : the numbers that it gives what is new in it.
    """
    clip = clip_of(live, project, area[1], parts, rules)
    shapely.prepare(clip.ground)
    layers = {
        name: layer if name in WHOLE else take(layer, shapely.intersects(layer.geometry, clip.ground))
        for name, layer in project.layers.items()
    }
    layers = {name: layer for name, layer in _with_neighbours(project.layers, layers).items() if len(layer)}
    confirmations = tuple(each for each in project.confirmations if each.part_id in clip.parts)
    excuses = tuple(each for each in project.excuses if each.part_id in clip.parts)
    hand_made = tuple(
        each
        for each in project.hand_made_parts
        if each.part_id in clip.parts or shapely.intersects(shapely.from_wkt(each.wkt, on_invalid="ignore"), area[1])
    )
    cameras = tuple(camera for camera in project.cameras if camera.camera_id in clip.cameras)
    known = clip.parts.union(*(layer.ids.tolist() for layer in layers.values()))
    declarations = tuple(
        each for each in project.declarations if each.subject in known or each.subject.startswith((CELL, BORDER))
    )
    plan = tuple(each for each in project.plan if each.camera_id in clip.cameras)
    left_out: tuple[str, ...] = ()
    if any(pack.sample_digests for pack in live.city.reference_data.packs):
        still = set(feature_digests(layers).values())
        left_out = tuple(digest for digest in feature_digests(project.layers).values() if digest not in still)
    district = District(
        city=project.name,
        area=area[0],
        area_wkt=area[1].wkt,
        made_on=today,
        cameras=cameras,
        confirmations=confirmations,
        excuses=excuses,
        declarations=declarations,
        hand_made_parts=hand_made,
        left_out=left_out,
        plan=plan,
        suspended=project.suspended,
        alike=names_alike(project.cameras),
        blocks=blocks,
    )
    return replace(
        project,
        name=f"{project.name}, {area[0]}" if project.name else area[0],
        layers=layers,
        cameras=cameras,
        mandate=_mandate(project.mandate, clip, live),
        confirmations=confirmations,
        excuses=excuses,
        declarations=declarations,
        hand_made_parts=hand_made,
        baseline=tuple(camera for camera in project.baseline if camera.camera_id in clip.cameras),
        bookmarks=tuple(each for each in project.bookmarks if shapely.intersects_xy(clip.ground, each.x_m, each.y_m)),
        journal=(),
        losses=all_losses(project),
        versions=(),
        plan=plan,
        numbers=handed_numbers(project.numbers, clip.cameras | clip.parts),
        district=district,
        number_blocks=(),
    )


def clip_of(live: Live, project: Project, area: BaseGeometry, parts: Sequence[Part], rules: DistrictRules) -> Clip:
    """Return the part of a city that a district needs so that it is answered about as the city is.

    Its own are the parts that touch the area, and the cameras that stand in it or show any of it. With them go the parts that
    these cameras serve elsewhere, and the cameras that show those: what a camera is needed for, and by how many a part is
    served, is then what it is in the city.
    """
    seen = {camera.camera_id: _seen(live.results.get(camera.camera_id), camera.x_m, camera.y_m) for camera in project.cameras}
    own = [part.geometry for part in parts if part.geometry.intersects(area)]
    first = _touching(seen, shapely.union_all([area, *own]))
    served = {part_id for camera_id in first & live.results.keys() for part_id in live.results[camera_id].parts_served}
    kept = [part for part in parts if part.part_id in served or part.geometry.intersects(area)]
    cameras = first | _touching(seen, shapely.union_all([each.geometry for each in kept]))
    for row, camera_id in replacing(project).items():  # a camera and how it is to be go together
        cameras |= {row, camera_id} if cameras & {row, camera_id} else set()
    planned = [
        shapely.Point(camera.x_m, camera.y_m)
        for camera in project.cameras
        if camera.camera_id in cameras and camera.status is Status.PLANNED
    ]
    plan_area = shapely.union_all([area, *(shapely.buffer([part.geometry for part in kept] + planned, _EDGE_M))])
    views = [view for camera_id in cameras if camera_id in live.results for view in live.results[camera_id].placed.views]
    ground = shapely.union_all([plan_area.buffer(rules.around_m), relevant_ground(views, _ANY_PX_M), cells_at(plan_area)])
    return Clip(frozenset(cameras), frozenset(part.part_id for part in kept), plan_area, ground)


def _seen(result: CameraResult | None, x_m: float, y_m: float) -> BaseGeometry:
    """Return where a camera stands and all that it may show."""
    point = shapely.Point(x_m, y_m)
    if result is None:
        return point
    return shapely.union_all([point, *(field.geometry for field in result.fields)])


def _touching(seen: Mapping[str, BaseGeometry], ground: BaseGeometry) -> set[str]:
    shapely.prepare(ground)
    return {camera_id for camera_id, each in seen.items() if ground.intersects(each)}


def _with_neighbours(whole: Mapping[str, Layer], kept: Mapping[str, Layer]) -> dict[str, Layer]:
    """Return kept features with those that touch what has an area among them: together they say what a place is."""
    shapes = [layer.geometry[shapely.get_dimensions(layer.geometry) == 2] for name, layer in kept.items() if name not in WHOLE]
    outlines = np.concatenate([*shapes, np.empty(0, object)])
    tree = shapely.STRtree(outlines)
    found = {}
    for name, layer in whole.items():
        if name in WHOLE or not len(layer):
            found[name] = layer
            continue
        near = np.zeros(len(layer), bool)
        near[tree.query(layer.geometry, predicate="dwithin", distance=TOUCHING_M)[0]] = True
        ids = set(kept[name].ids.tolist())
        found[name] = take(layer, near | np.array([each in ids for each in layer.ids.tolist()], bool))
    return found


def _mandate(mandate: Mandate | None, clip: Clip, live: Live) -> Mandate | None:
    """Return the mandate of the city for the ground of the district; what it did not state of ground it does not state here."""
    if mandate is None:
        return None
    crs = live.city.crs

    def cut(wkt: str, ground: BaseGeometry) -> str:
        stated = metric_area(wkt, crs)
        return (
            wkt if stated is None else shapely.to_wkt(lonlat_of(shapely.intersection(stated, ground), crs), rounding_precision=9)
        )

    return replace(
        mandate,
        plan_area_wkt=cut(mandate.plan_area_wkt, clip.plan_area),
        building_extent_wkt=cut(mandate.building_extent_wkt, clip.ground),
    )
