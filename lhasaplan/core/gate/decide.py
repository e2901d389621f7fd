"""Decide whether a project may plan, and say everything that is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.territory import Territory
from lhasaplan.core.gate.planning_ground import (
    BARE_AREA,
    BORDER,
    ELSEWHERE,
    EMPTY_CELLS,
    FICTITIOUS,
    IN_COUNTRY,
    NO_AREA,
    NO_EXTENT,
    NO_LAYER,
    OUTSIDE_AREA,
    UNUSABLE_AREA,
    UNUSABLE_EXTENT,
    PlanningGround,
    area_gaps,
    building_gaps,
    countries_of,
    is_never,
    lonlat_of,
    opens_for,
    plan_area,
    planning_grounds,
    region_of,
    things_planned,
    under_authority,
)
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.layer import Buildings, Layer, digest_layers, take
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.decisions import Declaration, is_filled, stands_for
from lhasaplan.core.project.plan import without_later
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Gate
from lhasaplan.core.rules.pack import (
    FIELD_MISSING,
    NO_DAYS,
    NO_MANDATE,
    TOO_LONG_KEPT,
    MandateRules,
    Missing,
    Pack,
    mandate_gaps,
)
from lhasaplan.core.rules.pack import SHIPPED as MANDATE_RULES
from lhasaplan.errors import Fault, GateError

NO_PLANNING_PACK = marked("No loaded rule pack allows planning.")
TABLE_EDITED = marked(
    "The table of shipped rule packs or the outlines of countries are missing or changed. Without them no pack allows planning."
)
NEVER = marked("The rule pack {pack} is loaded; it never allows planning.")
NOT_LISTED = marked("No loaded planning pack ({packs}) lists the supervisory authority {authority}.")
NOT_THE_SAMPLE = marked("The rule pack {pack} is only for the shipped sample, and these layers are not the sample.")
CLOSED = marked("{count} drawn protected places are closed. Without their passphrase demand could lie on one of them.")
PART_OUTSIDE = marked("The part {part} lies outside the territory of the named authority.")
CAMERA_OUTSIDE = marked("The planned camera {camera} stands outside the territory of the named authority.")
AREA_OUTSIDE = marked("The plan area extends beyond the territory of the named authority.")
AREA_OF_OTHERS = marked(
    "The plan area extends beyond the territory of the named authority. The authorities there are: {authorities}."
)
NEAR_BORDER = marked(
    "The plan comes within 300 m of {others}. A person must declare, by name and day, in which country it lies: "
    "{subjects}, as in_country."
)

_NAMED = 4  # authorities of a sentence: packs list one by several names
_ROUNDING_DEG = 1e-6  # a tenth of a metre: degrees went to metres and back


@dataclass(frozen=True, eq=False, slots=True)
class _Plan:
    area: BaseGeometry | None
    parts: Sequence[Part]
    planned: Sequence[Camera]


def judge_gate(  # noqa: PLR0917 - the order in which the chain hands them over
    project: Project,
    packs: Sequence[Pack],
    territory: Territory,
    buildings: Buildings,
    parts: Sequence[Part],
    crs: Crs,
    layer_digest: str = "",
    today: str = "",
    rules: MandateRules = MANDATE_RULES,
) -> Gate:
    """Return whether planning is open, and every missing thing as (template, params).

    Parameters
    ----------
    parts : the confirmed parts, hand-made ones and those about to be confirmed included; geometry in the project's CRS.
    layer_digest : :func:`lhasaplan.core.model.layer.digest_layers` of the layers; computed when a pack asks for it.
    today : ISO date; an impact assessment or a declaration dated later does not count. Core has no clock: empty means not known.
    rules : what a mandate may not say; of the packs the shortest retention counts besides.
    """
    project = without_later(project, today)
    planned = tuple(camera for camera in project.cameras if camera.status is Status.PLANNED)
    mandate, shapes = project.mandate, things_planned(parts, planned)
    area = plan_area(mandate, parts, planned, crs)
    grounds, missing = _grounds(project, packs, territory, layer_digest, crs)
    closed: tuple[Missing, ...] = ((CLOSED, {"count": project.closed_count}),) if project.is_closed else ()
    kept_days = min(
        (each.thresholds.retention_days for each in packs if each.thresholds.retention_days is not None), default=None
    )
    missing = closed + mandate_gaps(mandate, today, rules, kept_days) + missing + area_gaps(mandate, area, shapes)
    if grounds:
        plan = _Plan(area, parts, planned)
        missing += _outside(plan, grounds, territory, crs, packs) + _near_border(
            plan, grounds, territory, crs, project.declarations
        )
    if area is not None:
        missing += building_gaps(mandate, area, buildings, project.declarations, crs, roads=project.layers.get("roads"))
    return Gate(not missing, missing)


def refuse_unless_open(gate: Gate) -> None:
    """Raise GateError with everything that is missing, unless the gate is open; nothing is confirmed or planned then."""
    if not gate.open:
        raise GateError(*(Fault(template, params=dict(params)) for template, params in gate.missing))


def _grounds(
    project: Project, packs: Sequence[Pack], territory: Territory, layer_digest: str, crs: Crs
) -> tuple[tuple[PlanningGround, ...], tuple[Missing, ...]]:
    missing: tuple[Missing, ...] = tuple((NEVER, {"pack": pack.name}) for pack in packs if is_never(pack, territory))
    candidates = planning_grounds(packs, territory)
    if not candidates:
        return (), (*missing, (NO_PLANNING_PACK if territory.shipped else TABLE_EDITED, {}))
    overseen, unlisted = _overseen(project, candidates)
    opened = _opened(overseen or candidates, project, layer_digest, territory, crs)
    closed = () if opened else tuple((NOT_THE_SAMPLE, {"pack": ground.pack}) for ground in overseen or candidates)
    return opened, missing + unlisted + closed


def authority_gaps(project: Project, packs: Sequence[Pack], territory: Territory) -> tuple[Missing, ...]:
    """Return that the authority of the mandate is on no loaded planning pack's list, nothing where it is, or where none plans."""
    candidates = planning_grounds(packs, territory)
    return _overseen(project, candidates)[1] if candidates else ()


def _overseen(project: Project, candidates: tuple[PlanningGround, ...]) -> tuple[tuple[PlanningGround, ...], tuple[Missing, ...]]:
    """Return the grounds that the mandate's authority oversees, and that there is none."""
    authority = project.mandate.supervisory_authority if project.mandate else ""
    overseen = tuple(cut for cut in (under_authority(ground, authority) for ground in candidates) if cut is not None)
    if overseen or not is_filled(authority):  # an empty one is the mandate's gap already
        return overseen, ()
    return (), ((NOT_LISTED, {"authority": authority, "packs": ", ".join(ground.pack for ground in candidates)}),)


def _opened(
    grounds: tuple[PlanningGround, ...], project: Project, layer_digest: str, territory: Territory, crs: Crs
) -> tuple[PlanningGround, ...]:
    """Return the grounds that are open to these layers, all but those of samples."""

    def digest_in(ground: PlanningGround) -> str:
        left_out = project.district.left_out if project.district is not None else ()
        return layer_digest or digest_layers(_without_inner_areas(project, ground, territory, crs), left_out)

    return tuple(ground for ground in grounds if opens_for(ground, "") or opens_for(ground, digest_in(ground)))


def _without_inner_areas(project: Project, ground: PlanningGround, territory: Territory, crs: Crs) -> dict[str, Layer]:
    """Return the layers without the areas that lie in a ground: an area there is a part of it, and opens or closes nothing.

    Areas lend their names to what lies in them; none of them asks for anything.
    """
    layers = dict(project.layers)
    areas = layers.pop("areas", None)
    if areas is None or not len(areas):
        return layers
    beyond = np.array(_leaves(list(shapely.make_valid(areas.geometry)), [ground], territory, crs), bool)
    return {**layers, "areas": take(areas, beyond)} if beyond.any() else layers


def _outside(
    plan: _Plan, grounds: Sequence[PlanningGround], territory: Territory, crs: Crs, packs: Sequence[Pack]
) -> tuple[Missing, ...]:
    shapes = [*things_planned(plan.parts, plan.planned), *([] if plan.area is None else [plan.area])]
    sentences: list[Missing] = [(PART_OUTSIDE, {"part": part.name or part.part_id}) for part in plan.parts]
    sentences += [(CAMERA_OUTSIDE, {"camera": camera.camera_id}) for camera in plan.planned]
    there = () if plan.area is None else overseers_of(packs, territory, plan.area, crs)
    sentences += [(AREA_OF_OTHERS, {"authorities": ", ".join(there[:_NAMED])}) if there else (AREA_OUTSIDE, {})]
    outside = _leaves(shapes, grounds, territory, crs)
    return tuple(sentence for sentence, is_out in zip(sentences, outside, strict=False) if is_out)


def _near_border(
    plan: _Plan, grounds: Sequence[PlanningGround], territory: Territory, crs: Crs, declarations: Sequence[Declaration]
) -> tuple[Missing, ...]:
    """Return that the plan comes near another state, unless a person declared in which country it lies."""
    others, own = _at_border(plan, grounds, territory, crs)
    said = {each.subject for each in declarations if each.fact == IN_COUNTRY and stands_for(each.by, each.date)}
    if not others or not own or not said.isdisjoint(f"{BORDER}{code}" for code in own):
        return ()
    subjects = ", ".join(f"{BORDER}{code} ({territory.names.get(code, code)})" for code in own)
    return ((NEAR_BORDER, {"others": ", ".join(territory.names.get(code, code) for code in others), "subjects": subjects}),)


def _at_border(
    plan: _Plan, grounds: Sequence[PlanningGround], territory: Territory, crs: Crs
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes of other states within 300 m of the plan, and those of the packs' countries that lie there."""
    codes = frozenset(code for ground in grounds for code in countries_of(ground))
    shapes = [*things_planned(plan.parts, plan.planned), *([] if plan.area is None else [plan.area])]
    areas = [lonlat_of(shape, crs) for shape in shapes]
    usable = [area for area in areas if not area.is_empty and np.isfinite(shapely.get_coordinates(area)).all()]
    return territory.neighbours(codes, usable) if codes and usable else ((), ())


def borders_near(
    project: Project, packs: Sequence[Pack], territory: Territory, parts: Sequence[Part], crs: Crs
) -> tuple[tuple[str, str], ...]:
    """Return of which countries it may be declared that the plan lies in them, as subject and name; none far from borders.

    Parameters
    ----------
    parts : as of :func:`judge_gate`.
    """
    planned = tuple(camera for camera in project.cameras if camera.status is Status.PLANNED)
    plan = _Plan(plan_area(project.mandate, parts, planned, crs), parts, planned)
    others, own = _at_border(plan, planning_grounds(packs, territory), territory, crs)
    return tuple((f"{BORDER}{code}", territory.names.get(code, code)) for code in own) if others else ()


def overseers_of(packs: Sequence[Pack], territory: Territory, area: BaseGeometry, crs: Crs) -> tuple[str, ...]:
    """Return the authorities of which one has to be named for a plan in an area, by every name that a loaded pack lists.

    They are those of the country in which the middle of the area lies.
    """
    middle = shapely.point_on_surface(area)
    lon, lat = (float(each) for each in crs.to_lonlat(middle.x, middle.y))
    codes = {*territory.at(lon, lat), *FICTITIOUS}
    found: dict[str, None] = {}
    for ground in planning_grounds(packs, territory):
        is_there = region_of([ground], territory, (lon, lat, lon, lat)).covers(shapely.Point(lon, lat))
        for code in codes.intersection(ground.own.countries) if is_there else ():
            named = ground.own.authority_of.get(code, ground.own.authorities)
            found |= dict.fromkeys(name for name in named if under_authority(ground, name) is not None)
    return tuple(found)


def _leaves(shapes: Sequence[BaseGeometry], grounds: Sequence[PlanningGround], territory: Territory, crs: Crs) -> list[bool]:
    if not shapes:
        return []
    areas = [lonlat_of(shape, crs) for shape in shapes]
    usable = [bool(np.isfinite(shapely.get_coordinates(area)).all()) and not area.is_empty for area in areas]
    known = np.array([area for area, is_usable in zip(areas, usable, strict=True) if is_usable], object)
    if not len(known):
        return [True] * len(areas)
    region = region_of(grounds, territory, tuple(shapely.total_bounds(known))).buffer(_ROUNDING_DEG)
    shapely.prepare(region)
    return [not is_usable or not region.covers(area) for is_usable, area in zip(usable, areas, strict=True)]


# What a person does about each thing that is missing, so that a shell can lead there.


class GateTask(StrEnum):
    """What would do what is missing; nothing where only other rule packs or another project would."""

    MANDATE = "mandate"  # a field of it, or all of it
    AREA = "plan_area_wkt"
    EXTENT = "building_extent_wkt"
    CELLS = "cells"
    COUNTRY = "country"
    PASSPHRASE = "passphrase"
    IMPORT = "import"
    PART = "part"
    CAMERA = "camera"
    NONE = ""


_TASKS = {
    CLOSED: GateTask.PASSPHRASE,
    AREA_OUTSIDE: GateTask.AREA,
    NEAR_BORDER: GateTask.COUNTRY,
    PART_OUTSIDE: GateTask.PART,
    CAMERA_OUTSIDE: GateTask.CAMERA,
    NO_LAYER: GateTask.IMPORT,
    EMPTY_CELLS: GateTask.CELLS,
    **dict.fromkeys((NO_AREA, UNUSABLE_AREA, ELSEWHERE, OUTSIDE_AREA), GateTask.AREA),
    **dict.fromkeys((NO_EXTENT, UNUSABLE_EXTENT, BARE_AREA), GateTask.EXTENT),
}
_FIELDS = {
    **{template: name for name, template in FIELD_MISSING.items()},
    **dict.fromkeys((NOT_LISTED, AREA_OF_OTHERS), "supervisory_authority"),
    **dict.fromkeys((NO_DAYS, TOO_LONG_KEPT), "retention_days"),
    NO_MANDATE: "controller",
}


def task_of(missing: Missing) -> tuple[GateTask, str]:
    """Return what would do a missing thing, and what it is about: a field of the mandate, a part or a camera.

    >>> task_of((FIELD_MISSING["purposes"], {}))
    (<GateTask.MANDATE: 'mandate'>, 'purposes')
    """
    template, params = missing
    if template in _TASKS:
        return _TASKS[template], str(params.get("part", params.get("camera", "")))
    field = _FIELDS.get(template, str(params.get("key", "")))
    return (GateTask.MANDATE, field) if field else (GateTask.NONE, "")
