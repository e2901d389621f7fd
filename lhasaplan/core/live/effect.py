"""Try changed cameras or a proposal in the town as it is: what that does to parts, protected places, ground and overlap."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import Proposal, Source, apply, by_id
from lhasaplan.core.changes.work import Cost, Work, cost_of
from lhasaplan.core.demand.columns import LEAST_AREA_M2, DemandColumn
from lhasaplan.core.demand.ground_in_view import ground_seen, without
from lhasaplan.core.demand.part_verdicts import judge
from lhasaplan.core.live.live_answers import Live, with_cameras, with_plan_of
from lhasaplan.core.live.state import ALL, OPERATING, SERVED, measured_of, of_parts, shares_of
from lhasaplan.core.mitigation.new_mounts import protected_buildings
from lhasaplan.core.mitigation.part_option_changes import InsideGate, stands_on_protected
from lhasaplan.core.model.camera import Basis, Camera, Status
from lhasaplan.core.model.optics import SEEN_PX_M
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.project.plan import planned_project
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import CameraResult, Overlap
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.site.camera_placing import place_in
from lhasaplan.errors import Fault, GateError, GuardError

# Ground and demand that one camera shares with others, as a check has it for all pairs.


def overlaps_of(live: Live, camera_id: str) -> tuple[Overlap, ...]:
    """Return the overlaps of one operating camera with others, the largest demand first.

    Where parts are served by both the area is taken at the lowest density that one of them needs, else at 25 px/m.
    """
    own = _operating_row(live, camera_id)
    if own is None:
        return ()
    found = [_overlap(live, own, other) for other in _neighbours(live, own)]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: (-each.demand, -each.area_m2, each.b)))


def _operating_row(live: Live, camera_id: str) -> int | None:
    """Return the row of the recorded view of an operating camera."""
    result = live.results.get(camera_id)
    if result is None or result.placed.camera.status is not Status.OPERATING:
        return None
    rows = live.state.rows.get(camera_id, ())
    views = live.state.views
    return next((row for row in rows if views[row] is not None and live.state.view(row).basis is Basis.RECORDED), None)


def _neighbours(live: Live, own: int) -> Iterator[int]:
    """Yield the rows of recorded views of other operating cameras whose range meets that of a view.

    Those alone whose ground it shares, where it serves no demand that another could serve.
    """
    near = _in_range(live, own) if _shares_demand(live, own) else sorted(live.state.overlaps[own])
    ids = (live.state.view(row).camera_id for row in near)
    mine = live.state.view(own).camera_id
    yield from (row for row, key in zip(near, ids, strict=True) if key != mine and _operating_row(live, key) == row)


def _shares_demand(live: Live, own: int) -> bool:
    """Tell whether any other operating camera serves a point that a view serves."""
    return bool((live.counts.of(_served(live, own))[OPERATING, SERVED] > 1).any())


def _in_range(live: Live, own: int) -> list[int]:
    """Return the rows of views whose range meets that of a view."""
    x, y, range_m = np.asarray(live.state.lenses.whole(), float).T
    reach_m = range_m + range_m[own]
    beside = np.flatnonzero(np.abs(x - x[own]) <= reach_m)  # NaN, a row without view, is near none; a distance costs more
    near: list[int] = beside[np.hypot(x[beside] - x[own], y[beside] - y[own]) <= reach_m[beside]].tolist()
    return near


def _overlap(live: Live, own: int, other: int) -> Overlap | None:
    both = np.intersect1d(_served(live, own), _served(live, other), assume_unique=True)
    least = float(live.needs.needed_px_m[both].min()) if len(both) else SEEN_PX_M
    if least == SEEN_PX_M and not len(both) and other not in live.state.overlaps[own]:
        return None
    ids = [live.state.view(row).camera_id for row in (own, other)]
    shared = shapely.intersection(*(_ground(live, row, key, least) for row, key in zip((own, other), ids, strict=True)))
    if shared.area < LEAST_AREA_M2 and not len(both):
        return None
    return Overlap(ids[0], ids[1], float(shared.area), float(live.needs.weight[both].sum()), shared)


def _ground(live: Live, row: int, camera_id: str, least_px_m: float) -> BaseGeometry:
    """Return the ground that a view shows at a density, where buildings are mapped."""
    result = live.results[camera_id]
    ground: BaseGeometry = live.state.sharp[row] if least_px_m == SEEN_PX_M else ground_seen(result.certain, least_px_m)
    return without(ground, result.not_mapped)


def _served(live: Live, row: int) -> IntArray:
    column: DemandColumn = live.state.columns[row]
    return column.served(live.needs)


MET = "met"
POSSIBLE = "possible"  # a view that rests on assumptions is graded by nobody yet
GRADES = (*map(str, Severity), POSSIBLE)
Pair = tuple[float, float]  # before and after
Counts = Mapping[str, Mapping[str, tuple[int, int]]]  # by class and grade, before and after
NO_COST = Cost()


@dataclass(frozen=True, slots=True)
class PartEffect:
    """What a change does to one part: verdict, share served and share seen at 25 px/m, each before and after."""

    part_id: str
    verdict: tuple[str, str]
    share_served: Pair
    share_seen: Pair

    @property
    def is_gained(self) -> bool:
        """Tell whether the part is met now and was not."""
        return self.verdict[1] == MET != self.verdict[0]

    @property
    def is_lost(self) -> bool:
        """Tell whether the part was met and is not."""
        return self.verdict[0] == MET != self.verdict[1]


@dataclass(frozen=True, slots=True)
class ChangeEffect:
    """What some cameras mean before and after a change; no place is named, listed or located.

    Counts are of every protected place that a camera shows, undisclosed ones too, for whoever may see these; where they
    were told they are those of :mod:`lhasaplan.core.audit.disclosed_answers`, as what is written for others has them.

    Parameters
    ----------
    parts, parts_operating : parts that are served or seen otherwise now, with planned cameras and by operating ones alone.
    places : protected places in view of the cameras by class and grade (``note``, ``due``, ``error``), those of assumed views
        as ``possible``; one place that two of the cameras show counts twice.
    unasked_m2, unasked_possible_m2 : ground in view at 25 px/m or better that no part asks for, summed over the cameras:
        that of recorded ones, and that of those whose direction or lens is assumed; where buildings are mapped.
    not_mapped_m2 : ground before all of these cameras that nobody mapped, summed over them.
    overlap_m2 : ground that a camera shares with any other operating one, each pair once; None where nobody asked for it.
    """

    camera_ids: tuple[str, ...]
    parts: tuple[PartEffect, ...]
    parts_operating: tuple[PartEffect, ...]
    places: Counts
    unasked_m2: Pair
    unasked_possible_m2: Pair
    overlap_m2: Pair | None = None
    not_mapped_m2: Pair = (0.0, 0.0)
    cost: Cost = field(default=NO_COST)

    @property
    def gained(self) -> tuple[str, ...]:
        """Return the parts that are met now, with planned cameras, and were not."""
        return tuple(each.part_id for each in self.parts if each.is_gained)

    @property
    def lost(self) -> tuple[str, ...]:
        """Return the parts that were met, with planned cameras, and are not."""
        return tuple(each.part_id for each in self.parts if each.is_lost)

    @property
    def places_by_grade(self) -> Mapping[str, tuple[int, int]]:
        """Return the protected places in view by grade alone, before and after."""
        rows = list(self.places.values())
        return {grade: (sum(row[grade][0] for row in rows), sum(row[grade][1] for row in rows)) for grade in GRADES}


def effect_on(camera_ids: Sequence[str], before: Live, after: Live, *, is_disclosed: bool = False) -> ChangeEffect:
    """Return what changed for some cameras, and for the parts, from one state of the city to another.

    Parameters
    ----------
    is_disclosed : count protected places as outputs do, for whoever may not see those of which outputs tell no figure.
    """
    had, has = ([each.results[key] for key in camera_ids if key in each.results] for each in (before, after))
    shown = (
        [[each.disclosed_result(key) for key in camera_ids if key in each.results] for each in (before, after)]
        if is_disclosed
        else [had, has]
    )
    old, new = map(places_by_class, shown)
    known = [_unasked(each) for each in (had, has)]
    return ChangeEffect(
        tuple(camera_ids),
        *_on_parts(before, after),
        {cls: {grade: (old[cls][grade], new[cls][grade]) for grade in GRADES} for cls in new},
        (known[0][0], known[1][0]),
        (known[0][1], known[1][1]),
        not_mapped_m2=(_not_mapped(had), _not_mapped(has)),
    )


def overlap_m2(live: Live, camera_ids: Sequence[str]) -> float:
    """Return the ground that cameras share with others, each pair once, as a check has it."""
    mine = set(camera_ids)
    pairs = (each for key in camera_ids for each in overlaps_of(live, key) if each.b not in mine or each.a < each.b)
    return float(sum(each.area_m2 for each in pairs))


def places_by_class(results: Sequence[CameraResult]) -> dict[str, dict[str, int]]:
    """Return how many protected places cameras show by class and grade; those of assumed views are possible, and no grade."""
    found = {str(cls): dict.fromkeys(GRADES, 0) for cls in ProtectedClass}
    for sighting in (each for result in results for each in result.sightings):
        row = found[str(sighting.cls)]
        if sighting.is_recorded:
            for grade, places in sighting.places_by_grade.items():
                row[grade] += places
        else:
            row[POSSIBLE] += sighting.places
    return found


def _unasked(results: Sequence[CameraResult]) -> Pair:
    """Return the unasked ground in view of recorded cameras, and of the others."""
    by_basis = ([each.unasked_m2 for each in results if (each.certain is not None) is wanted] for wanted in (True, False))
    certain, possible = map(sum, by_basis)
    return float(certain), float(possible)


def _not_mapped(results: Sequence[CameraResult]) -> float:
    return float(sum(each.not_mapped_m2 for each in results))


_PartEffects = tuple[PartEffect, ...]
_Standing = Sequence[tuple[str, float, float]]  # of each part verdict, share served, share seen


def _on_parts(before: Live, after: Live) -> tuple[_PartEffects, _PartEffects]:
    """Return what a change does to the parts, with planned cameras and by operating ones; only touched ones are judged."""
    if before.counts is after.counts or before.requested is not after.requested:
        return (), ()
    touched = np.unique(after.needs.part[after.counts.differing_from(before.counts)])
    if not len(touched):
        return (), ()
    names = [after.demand.parts[part].part_id for part in touched.tolist()]
    old, new = (_standing(each, touched) for each in (before, after))
    planned, operating = (
        tuple(
            PartEffect(name, (was[0], now[0]), (was[1], now[1]), (was[2], now[2]))
            for name, was, now in zip(names, old[which], new[which], strict=True)
            if was != now
        )
        for which in (ALL, OPERATING)
    )
    return planned, operating


def _standing(live: Live, parts: IntArray) -> Mapping[int, _Standing]:
    """Return how some parts stand, by the cameras that are counted; those that are asked for are neither excused nor indoors."""
    counts, needs = of_parts(live.counts, live.needs, parts)
    served, seen = shares_of(counts, needs)
    found: dict[int, list[tuple[str, float, float]]] = {OPERATING: [], ALL: []}
    for k, number in enumerate(parts.tolist()):
        for which, measured in zip((OPERATING, ALL), measured_of(served, seen, k), strict=True):
            verdict = judge(live.demand.parts[number], measured, excused=False, declared=False)
            found[which].append((verdict, measured.share_served, measured.share_seen))
    return found


# Refuse proposals that would plan outside the gate or put a camera on protected ground.
#
# A camera that stands on no inventory, or elsewhere than the inventory has it, is planned, whatever its status says.

NOT_OPEN = marked(
    "The camera {camera} would be planned, but the gate is not open. Existing cameras can be tried; nothing can be planned."
)
ON_PROTECTED = marked("The camera {camera} cannot be placed there: the ground or the building is protected.")
ADVISED = (Source.MITIGATION, Source.PART_OPTION, Source.SITING)  # what this program proposes, not what a person records
Cameras = Mapping[str, Camera]


def refuse(live: Live, project: Project, proposal: Proposal, before: Cameras, after: Cameras) -> None:
    """Raise GateError or GuardError with every reason where a proposal may not be; trying existing cameras is free.

    Parameters
    ----------
    before, after : the cameras that the proposal names, as they are and as it leaves them.
    """
    put = [camera for camera in after.values() if _is_put(camera, before.get(camera.camera_id))]
    new = {camera.camera_id for camera in put if _is_new(camera, before.get(camera.camera_id))}
    judged = {key: replace(camera, status=Status.PLANNED) if key in new else camera for key, camera in after.items()}
    planned = [camera for key, camera in judged.items() if camera.status is Status.PLANNED and before.get(key) != camera]
    is_put = {camera.camera_id for camera in put}
    _ask_gate(live, project, planned, [camera for camera in planned if camera.camera_id in is_put], judged)
    refused = list(
        on_protected(live, [c for c in put if judged[c.camera_id].status is Status.PLANNED or proposal.source in ADVISED])
    )
    if refused:
        raise GuardError(*refused)


def _is_put(camera: Camera, before: Camera | None) -> bool:
    """Tell whether a camera comes to stand where none stood before, or hangs otherwise."""
    if camera.status is Status.REMOVED:
        return False
    return before is None or before.status is Status.REMOVED or _where(camera) != _where(before)


def _is_new(camera: Camera, before: Camera | None) -> bool:
    """Tell whether a camera would stand where the inventory has none, whatever its status says."""
    return before is None or before.status is Status.REMOVED or (camera.x_m, camera.y_m) != (before.x_m, before.y_m)


def _where(camera: Camera) -> tuple[object, ...]:
    return camera.x_m, camera.y_m, camera.mount, camera.mount_height_m, camera.lens_z_m


def _ask_gate(live: Live, project: Project, planned: Sequence[Camera], put: Sequence[Camera], after: Cameras) -> None:
    """Refuse planned cameras outside the gate, and those for which it lacks more than it does without them."""
    if not planned:
        return
    gate = InsideGate(replace(live.city, project=project), live.requested.parts if live.requested is not None else ())
    if live.requested is None:
        faults = [Fault(NOT_OPEN, params={"camera": camera.camera_id}) for camera in planned]
        raise GateError(*faults, *(Fault(template, params=params) for template, params in gate.lacking))
    if put:
        others = [camera for camera in project.cameras if camera.camera_id not in after]
        lacking = gate.lacking_more((*others, *after.values()))
        if lacking:
            raise GateError(*(Fault(template, params=params) for template, params in lacking))


def on_protected(live: Live, cameras: Sequence[Camera]) -> Iterator[Fault]:
    """Give a fault for each camera that stands on protected ground or hangs on such a building."""
    if not cameras:
        return
    city, protected = live.city, protected_buildings(live.city)
    for placed in place_in(city.town, cameras, city.reference_data.classes):
        if stands_on_protected(placed, city, protected):
            yield Fault(ON_PROTECTED, params={"camera": placed.camera.camera_id})


def evaluate(
    live: Live,
    project: Project,
    proposal: Proposal,
    unit_prices: Mapping[Work, float] | None = None,
    progress: Progress = no_progress,
    *,
    is_disclosed: bool = False,
) -> ChangeEffect:
    """Return what a proposal does to a project, evaluated by the functions of an audit; nothing is changed.

    Raises InputError where it does not fit the project's cameras, GateError where it would plan outside the gate and
    GuardError where it would put a camera on protected ground, each with every reason.

    Parameters
    ----------
    live : the answers for the project; cameras that it knows otherwise, among those that the proposal names, are looked
        through first.
    unit_prices : what once costs of each kind of work; what is absent is not stated.
    is_disclosed : count protected places as outputs do, for whoever may not see those of which outputs tell no figure.
    """
    return tried_out(live, project, proposal, unit_prices, progress, is_disclosed=is_disclosed).effect


@dataclass(frozen=True, eq=False, slots=True)
class ProposalTrial:
    """A proposal that was tried: the answers before and after it, and what it does."""

    before: Live
    after: Live
    effect: ChangeEffect


def tried_out(
    live: Live,
    project: Project,
    proposal: Proposal,
    unit_prices: Mapping[Work, float] | None = None,
    progress: Progress = no_progress,
    *,
    is_disclosed: bool = False,
) -> ProposalTrial:
    """Return what :func:`evaluate` gives together with the answers before and after.

    The proposal is about the cameras with the plan, each under its own id.
    """
    live, project = with_plan_of(live, project), planned_project(project)
    ids = proposal.camera_ids
    after = by_id(apply(proposal, project.cameras))
    before = by_id(project.cameras)
    was, now = ({key: cameras[key] for key in ids if key in cameras} for cameras in (before, after))
    refuse(live, project, proposal, was, now)
    known = brought_to(live, ids, was, part_of(progress, 0.0, 0.3))
    tried = brought_to(known, ids, now, part_of(progress, 0.3, 0.9))
    effect = effect_on(ids, known, tried, is_disclosed=is_disclosed)
    progress(0.9, "findings")
    shared = overlap_m2(known, ids), overlap_m2(tried, ids)
    effect = replace(effect, overlap_m2=shared, cost=cost_of(list(was.values()), list(now.values()), unit_prices))
    return ProposalTrial(known, tried, effect)


def brought_to(live: Live, ids: Sequence[str], cameras: Mapping[str, Camera], progress: Progress) -> Live:
    """Return the answers with the named cameras as they are here; what is planned outside the gate is not evaluated."""
    looked = {
        key: camera
        for key, camera in cameras.items()
        if camera.status is Status.OPERATING or (camera.status is Status.PLANNED and live.requested is not None)
    }
    changed = [camera for key, camera in looked.items() if not _is_known(live, key, camera)]
    gone = [key for key in ids if key in live.results and key not in looked]
    return with_cameras(live, changed, gone, progress) if changed or gone else live


def _is_known(live: Live, camera_id: str, camera: Camera) -> bool:
    """Say whether the answers are those of a camera as it is."""
    result = live.results.get(camera_id)
    return result is not None and (result.placed.camera is camera or result.placed.camera == camera)
