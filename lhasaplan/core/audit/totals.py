"""The numbers that every output prints."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.audit.camera_results import SeenGround
from lhasaplan.core.base.arrays import IntArray, ObjectArray, slices
from lhasaplan.core.base.kept_shapes import Shape, as_kept, read_shapes
from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.city.streets import open_ways
from lhasaplan.core.city.surveys import site_estimates, survey_figures
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.ended_by_record import ended_counts
from lhasaplan.core.gate.planning_ground import pack_that_never_plans
from lhasaplan.core.model.camera import Mount, Status
from lhasaplan.core.model.place import ProtectedClass, ProtectedPlace
from lhasaplan.core.project.plan import leaving, replacing
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.lost_protection import losses, unread
from lhasaplan.core.results.assessment import CameraResult, PartResult
from lhasaplan.core.results.finding import Certainty, Finding, Severity

# How large the surveillance is: streets in view and where cameras look, for who judges "large scale" (GDPR 35(3)(c)).

PLACES = ("indoors", "public_way", "elsewhere", "unknown")
_BATCH = 256


def scale_of(context: AuditContext, grounds: Sequence[SeenGround], progress: Progress = no_progress) -> dict[str, object]:
    """Return ``streets_seen_certain_m`` and ``cameras_by_place`` of operating cameras.

    Streets are lines of public ways that some camera shows for certain at 25 px/m or better, each metre once. A camera is
    counted indoors, else by whether it shows a public way, else elsewhere; unknown where its direction or lens is.
    """
    today = [each.camera.status is Status.OPERATING for each in context.placed]
    outdoors = [
        c
        for c, each in enumerate(context.placed)
        if today[c] and each.mount is not Mount.INDOOR and grounds[c].certain is not None
    ]
    ways = _lines(context)
    seen: ObjectArray = np.array([*(as_kept(grounds[c], "seen") for c in outdoors), None], object)[:-1]
    camera, way = _in_view(ways, seen)
    shows = {outdoors[c] for c in np.unique(camera).tolist()}
    places = Counter(_place(context, grounds, c, shows) for c, operates in enumerate(today) if operates)
    return {
        "streets_seen_certain_m": _length_m(ways, seen, camera, way, progress),
        "cameras_by_place": {place: places[place] for place in PLACES},
    }


def surveys_of(context: AuditContext, grounds: Sequence[SeenGround]) -> dict[str, object] | None:
    """Return where cameras were looked for, as figures; None where nothing is recorded of that.

    ``streets_in_view`` has the metres of public ways that operating cameras outdoors show for certain, possibly, or not at all,
    where somebody looked and where nobody did; ``not_mapped`` is what they show if nothing that nobody mapped hides it. It is
    None under a pack that never plans: a survey drawn round a street would give what streets do not get there.
    """
    ground = context.surveyed
    if ground is None:
        return None
    ways = _lines(context)
    figures = survey_figures(ground, ways, site_estimates(context.project, context.reference_data.today))
    if _never_plans(context):
        return {**figures, "streets_in_view": None}
    looked_at = shapely.intersection(ways, ground.ground)
    today = [
        grounds[c]
        for c, each in enumerate(context.placed)
        if each.camera.status is Status.OPERATING and each.mount is not Mount.INDOOR
    ]
    sure = [as_kept(each, "seen") for each in today if each.certain is not None]
    maybe = [as_kept(each, "seen") for each in today if each.certain is None] + [swept for each in today for swept in each.swept]
    bare = [shape for each in today if (shape := as_kept(each, "not_mapped")) is not None]
    growing = {"certain": sure, "possible": sure + maybe, "not_mapped": sure + maybe + bare}
    surveyed, everywhere = (_by_view_m(lines, growing) for lines in (looked_at, ways))
    beyond = {name: everywhere[name] - surveyed[name] for name in everywhere}
    return {**figures, "streets_in_view": {"surveyed": surveyed, "not_surveyed": beyond}}


def _by_view_m(lines: ObjectArray, growing: Mapping[str, Sequence[Shape]]) -> dict[str, float]:
    """Return the metres of lines that are on the ground of each class and of none before it, and those on no ground."""
    found, before_m = dict[str, float](), 0.0
    for name, shapes in growing.items():
        ground: ObjectArray = np.array([*shapes, None], object)[:-1]
        camera, way = _in_view(lines, ground)
        on_m = _length_m(lines, ground, camera, way)
        found[name], before_m = on_m - before_m, on_m
    return {**found, "none": float(shapely.length(lines).sum()) - before_m}


def surveyed_on_maps(context: AuditContext) -> BaseGeometry | None:
    """Return the ground to be drawn as surveyed: nothing is drawn beside it, and nothing at all under a pack that never plans."""
    return None if context.surveyed is None or _never_plans(context) else context.surveyed.ground


def _never_plans(context: AuditContext) -> bool:
    data, project = context.reference_data, context.project
    return pack_that_never_plans(data.packs, data.territory, project.cameras, project.crs) is not None


def _in_view(ways: ObjectArray, seen: ObjectArray) -> IntArray:
    """Return which camera shows something of which way, shape (2, n), cameras ascending."""
    tree, found = shapely.STRtree(ways), [np.zeros((2, 0), np.int64)]
    for some in slices(len(seen) if len(ways) else 0, _BATCH):
        pairs = tree.query(read_shapes(seen[some]), predicate="intersects")
        found.append(pairs + np.array([[some.start], [0]]))
    return np.concatenate(found, axis=1)


def _lines(context: AuditContext) -> ObjectArray:
    ways, _ = open_ways(context.project.layers, context.reference_data.widths, public_only=True)
    return ways[shapely.get_dimensions(ways) == 1] if len(ways) else ways


def _place(context: AuditContext, grounds: Sequence[SeenGround], camera: int, shows: set[int]) -> str:
    if context.placed[camera].mount is Mount.INDOOR:
        return "indoors"
    if grounds[camera].certain is None:
        return "unknown"
    return "public_way" if camera in shows else "elsewhere"


def _length_m(ways: ObjectArray, seen: ObjectArray, camera: IntArray, way: IntArray, progress: Progress = no_progress) -> float:
    """Return the length of ways in view: what several cameras show of one way is joined first."""
    order = np.argsort(way, kind="stable")
    camera, way = camera[order], way[order]
    pieces = [
        shapely.intersection(ways[way[some]], read_shapes(seen[camera[some]]))
        for some in watched(slices(len(way), _BATCH), progress, "findings", every=1)
    ]
    if not pieces:
        return 0.0
    parts = np.concatenate(pieces)
    starts = np.unique(way, return_index=True)[1]
    return float(sum(shapely.length(shapely.union_all(group)) for group in np.split(parts, starts[1:])))


def totals_of(
    project: Project,
    results: Sequence[CameraResult],
    parts: Sequence[PartResult] | None,
    findings: Sequence[Finding],
    *,
    refused: int,
    areas: Mapping[str, object],
    missing: Mapping[str, int],
) -> JsonObject:
    """Return all totals; areas in square metres, ``None`` for what is not computed outside the gate.

    What is seen is counted over operating cameras; ``areas`` are those of :func:`lhasaplan.core.audit.camera_results.city_areas`,
    ``missing`` those of :func:`missing_of`.
    """
    today = [result for result in results if result.placed.camera.status is Status.OPERATING]
    return {
        "cameras": by_status(project),
        "with_plan": None if parts is None else figures_with_plan(results),
        "certain": sum(result.placed.certain for result in today),
        "possible": sum(not result.placed.certain for result in today),
        "night_unknown": sum(result.night_m2 is None for result in today),
        "moved_to_facade": sum(result.placed.moved_m > 0 for result in today),
        "sightings": sightings_table(today),
        "would_reach": would_reach(today),
        **areas,
        "ended_by_record": ended_counts(today),
        "assumed_by_model": sum(result.placed.model is not None for result in today),
        "cameras_with_unasked": sum(result.unasked_m2 >= 1.0 for result in today),
        "findings": {str(grade): sum(each.severity is grade for each in findings) for grade in Severity},
        "findings_by_kind": dict(sorted(Counter(each.kind for each in findings).items())),
        "findings_by_certainty": {str(sure): sum(each.certainty is sure for each in findings) for sure in Certainty},
        "parts": None if parts is None else by_verdict(parts),
        "parts_by": None if parts is None else sums_of(parts),
        "parts_refused": refused if parts is not None else None,
        "removable": None if parts is None else sum(result.removable is True for result in results),
        "questions": dict(sorted(Counter(field for result in results for field in result.questions).items())),
        **missing,
    }


def by_status(project: Project) -> dict[str, int]:
    """Return how many cameras operate, are to come and are gone; how one that stands is to be is no camera more."""
    states = replacing(project)
    counts = Counter(camera.status for camera in project.cameras if camera.camera_id not in states)
    return {str(status): counts[status] for status in Status}


def figures_with_plan(results: Sequence[CameraResult]) -> dict[str, object] | None:
    """Return what the plan does to how many cameras, and what is in view once it is carried out; None where it does nothing."""
    then = stand_with_plan(results)
    if len(then) == len(results) and all(each.placed.camera.status is Status.OPERATING for each in then):
        return None
    come = sum(each.placed.camera.status is Status.PLANNED and not each.replaces for each in results)
    return {
        "cameras": len(then),
        "come": come,
        "go": sum(each.leaves and not each.as_planned for each in results),
        "changed": sum(bool(each.replaces) for each in results),
        "certain": sum(result.placed.certain for result in then),
        "possible": sum(not result.placed.certain for result in then),
        "sightings": sightings_table(then),
        "would_reach": would_reach(then),
    }


def stand_with_plan(results: Sequence[CameraResult]) -> list[CameraResult]:
    """Return the cameras that stand once the plan is carried out."""
    return [result for result in results if not result.leaves]


def as_in_plan(results: tuple[CameraResult, ...], project: Project) -> tuple[CameraResult, ...]:
    """Return the answers with what the plan does to each camera."""
    gone = leaving(project)
    if not gone:
        return results
    states = replacing(project)
    to_be = {mine: row for row, mine in states.items()}
    return tuple(
        replace(each, leaves=key in gone, as_planned=to_be.get(key, ""), replaces=states.get(key, ""))
        if (key := each.placed.camera.camera_id) in gone or key in states
        else each
        for each in results
    )


def missing_of(project: Project) -> Mapping[str, int]:
    """Return what is known to be missing: places that left protection, outlines that could not be read, decisions in suspense."""
    gone = list(losses(project))
    return {
        "protected_gone": sum(loss.known for loss in gone),
        "use_unknown_gone": sum(loss.unknown for loss in gone),
        "protected_unread": unread(project.inputs),
        "decisions_suspended": len(project.suspended),
    }


def sightings_table(results: Sequence[CameraResult]) -> dict[str, dict[str, dict[str, int]]]:
    """Return the number of cameras by class of place, certain or possible, and grade."""
    table = {str(cls): {str(sure): dict.fromkeys(map(str, Severity), 0) for sure in Certainty} for cls in ProtectedClass}
    for sighting in (each for result in results for each in result.sightings):
        if sighting.grade is not None:
            sure = Certainty.CERTAIN if sighting.is_recorded else Certainty.POSSIBLE
            table[str(sighting.cls)][str(sure)][str(sighting.grade)] += 1
    return table


def would_reach(results: Sequence[CameraResult]) -> dict[str, dict[str, dict[str, int]]]:
    """Return how many possible views would be graded note, due or severe at most and at least."""
    table = {str(cls): {end: dict.fromkeys(map(str, Severity), 0) for end in ("most", "least")} for cls in ProtectedClass}
    for sighting in (each for result in results for each in result.sightings if not each.is_recorded):
        for end, grade in (("most", sighting.grade_high), ("least", sighting.grade_low)):
            if grade is not None:
                table[str(sighting.cls)][end][str(grade)] += 1
    return table


def by_verdict(parts: Sequence[PartResult]) -> dict[str, dict[str, int]]:
    """Return the number of parts by verdict, before and after planned cameras."""
    return {
        "before": dict(sorted(Counter(part.verdict for part in parts).items())),
        "after": dict(sorted(Counter(part.verdict_after for part in parts).items())),
    }


def sums_of(parts: Sequence[PartResult]) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
    """Return the number of parts by verdict, before and after, for each category, area and responsible body.

    A part in two areas counts in both; what is not known stands under an empty name.
    """
    groups: dict[str, dict[str, list[PartResult]]] = {"category": {}, "area": {}, "responsible": {}}
    for each in parts:
        groups["category"].setdefault(each.part.category, []).append(each)
        groups["responsible"].setdefault(each.part.responsible, []).append(each)
        for area in each.area_names or ("",):
            groups["area"].setdefault(area, []).append(each)
    return {kind: {name: by_verdict(members) for name, members in sorted(named.items())} for kind, named in groups.items()}


def protected_counts(places: Sequence[ProtectedPlace]) -> dict[str, int]:
    """Return how many protected places the map knows, by class; never a list."""
    return {str(cls): sum(place.cls is cls for place in places) for cls in ProtectedClass}


def assumed_counts(results: Sequence[CameraResult]) -> dict[str, int]:
    """Return for how many cameras each field was assumed."""
    return dict(sorted(Counter(field for result in results for field in result.placed.assumed).items()))
