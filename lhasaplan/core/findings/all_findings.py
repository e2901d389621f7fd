"""All findings of an audit, each under its article: views, ground, records, spots, signs, approvals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.kept_shapes import as_kept
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.findings.entry_signs import sign_answers, with_signs
from lhasaplan.core.model.camera import WATCHES, Mount, Placed, Status
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.place import NOT_MET, ProtectedClass, ProtectedPlace
from lhasaplan.core.records.approvals import against_baseline, assembly_answers, beyond_answers, match_baseline
from lhasaplan.core.records.deadlines import deadlines, review
from lhasaplan.core.records.record_findings import by_controller, by_planned_camera, record, stated_by_plan
from lhasaplan.core.results.assessment import CameraResult, Overlap, PartResult, Sighting
from lhasaplan.core.results.finding import (
    Certainty,
    ChangeFigures,
    Draft,
    Finding,
    Mitigation,
    MitigationAction,
    Severity,
    SharpestSurface,
    rank,
    removal,
)
from lhasaplan.core.rules.audit_policy import Articles, articles_by_kind, cited
from lhasaplan.core.rules.pack import Pack, Thresholds

# Find doors of homes in view: due where they are shown as sharply as a view that must be remedied, else a note.


# Cameras inside a protected place: which recorded positions lie in one, and the finding on it.
def indoors(placed: Placed, stands_inside: bool) -> Iterator[Draft]:
    """Give the finding on a camera inside a protected place: an error when it is recorded as indoor, else a question.

    Of one at a nest box or a weather mast it stays a question: it may look at the box, or out of it.
    """
    if not stands_inside:
        return
    camera, point = placed.camera, shapely.Point(placed.camera.x_m, placed.camera.y_m)
    if camera.extra.get(WATCHES) == "nature" and (placed.mount is Mount.INDOOR or camera.mount is None):
        yield Draft(
            "indoor_forbidden",
            Severity.NOTE,
            camera.camera_id,
            Certainty.POSSIBLE,
            mitigation=Mitigation(MitigationAction.ASK, figures=ChangeFigures(questions=("mount", "purpose"))),
            geometry=point,
            params=(("variant", "nature"),),
        )
    elif placed.mount is Mount.INDOOR:
        yield Draft("indoor_forbidden", Severity.ERROR, camera.camera_id, mitigation=removal(camera), geometry=point)
    elif camera.mount is None:
        yield Draft(
            "indoor_forbidden",
            Severity.NOTE,
            camera.camera_id,
            Certainty.POSSIBLE,
            mitigation=Mitigation(MitigationAction.ASK, figures=ChangeFigures(questions=("mount",))),
            geometry=point,
        )


INSIDE_M = 2.0  # a point nearer to a wall than this is a wall mount drawn a little inside


def inside_protected(
    placed: Sequence[Placed], places: Sequence[ProtectedPlace], buildings: Buildings
) -> "np.typing.NDArray[np.bool_]":
    """Tell which recorded positions lie inside a protected building, or at a protected spot inside any building.

    An unrecorded mount must lie well inside the building. A spot is a toilet or a changing room in a station or a shop.
    """
    known = [place for place in places if place.cls.is_known]
    index = sorted({building for place in known for building in (place.buildings or (place.building,)) if building >= 0})
    inside = np.zeros(len(placed), bool)
    if not known or not len(placed):
        return inside
    deep = np.array([0.0 if each.mount is Mount.INDOOR else INSIDE_M for each in placed])
    points = shapely.points([(each.camera.x_m, each.camera.y_m) for each in placed])
    inside[_at_spots(points, deep, known, buildings)] = True
    footprints = buildings.polygons[index]
    camera, footprint = shapely.STRtree(footprints).query(points, predicate="intersects")
    to_wall = shapely.distance(points[camera], shapely.boundary(footprints[footprint]))
    inside[camera[to_wall >= deep[camera]]] = True
    return inside


def _at_spots(
    points: "np.typing.NDArray[np.object_]",
    deep: "np.typing.NDArray[np.float64]",
    known: Sequence[ProtectedPlace],
    buildings: Buildings,
) -> "np.typing.NDArray[np.int64]":
    """Return the points on the ground of a place that has no building of its own, where some building stands."""
    grounds = np.array([*(place.ground for place in known if place.building < 0 and not place.buildings), None], object)[:-1]
    at_spot = shapely.STRtree(grounds).query(points, predicate="intersects")[0]
    roofed, roof = shapely.STRtree(buildings.polygons).query(points, predicate="intersects")
    to_wall = shapely.distance(points[roofed], shapely.boundary(buildings.polygons[roof]))
    return np.intersect1d(at_spot, roofed[to_wall >= deep[roofed]])


KIND = "entrance_in_view"


def doors(result: CameraResult, thresholds: Thresholds, articles: Articles) -> Iterator[Draft]:
    """Give the doors that recorded optics show, counted; none unless an article cites the kind.

    What *specifically* means in px/m no law says: it is the policy of this program, the lower limit of a view that is due.
    """
    if KIND not in articles:
        return
    for sighting in result.sightings:
        if sighting.cls is ProtectedClass.HOME and sighting.is_recorded and sighting.grade is not None:
            yield from _in_view(sighting, result, thresholds)


def _in_view(sighting: Sighting, result: CameraResult, thresholds: Thresholds) -> Iterator[Draft]:
    for each in sighting.surfaces:
        if each.surface == "entrance" and each.count:
            density_px_m = each.density_px_m[1]
            specific = density_px_m > thresholds.due_px_m
            camera = result.placed.camera
            masked = (("variant", "masked"),) if camera.mask_px or camera.mask_sector_deg else ()
            yield Draft(
                KIND,
                Severity.DUE if specific else Severity.NOTE,
                camera.camera_id,
                measured=density_px_m,
                required=thresholds.due_px_m,
                unit="px/m",
                mitigation=sighting.mitigation if specific else None,
                geometry=shapely.Point(camera.x_m, camera.y_m),
                params=(("count", each.count), ("density", f"{density_px_m:.0f}"), *masked),
            )


# Findings on parts, overlaps and removable cameras; of the same rank as ground that nobody asked for.
def on_parts(parts: Sequence[PartResult]) -> Iterator[Draft]:
    """Give one finding per part that is not served, with the cameras concerned."""
    for result in parts:
        if result.verdict in NOT_MET:
            yield Draft(
                kind=result.verdict,
                severity=Severity.NOTE,
                camera_id="",
                measured=result.measured.share_served,
                required=result.part.required.min_share,
                unit="share",
                geometry=result.gap,
                subject=result.part.part_id,
                params=(
                    ("part", result.part.name or result.part.part_id),
                    ("category", result.part.category),
                    ("share_percent", round(100 * result.measured.share_served)),
                    ("cameras", result.cameras),
                ),
            )


def on_overlaps(overlaps: Sequence[Overlap]) -> Iterator[Draft]:
    """Give one finding per pair of cameras that serve the same demand."""
    for pair in overlaps:
        if pair.demand > 0:
            yield Draft(
                kind="overlap",
                severity=Severity.NOTE,
                camera_id=pair.a,
                measured=pair.area_m2,
                unit="m2",
                geometry=pair.geometry,
                subject=pair.b,
                params=(("other", pair.b), ("area_m2", round(pair.area_m2)), ("demand", round(pair.demand, 1))),
            )


def on_removable(results: Sequence[CameraResult]) -> Iterator[Draft]:
    """Give one finding per camera without which no part loses anything."""
    for result in results:
        if result.removable:
            camera = result.placed.camera
            yield Draft(
                "removable",
                Severity.NOTE,
                camera.camera_id,
                mitigation=removal(camera),
                geometry=shapely.Point(camera.x_m, camera.y_m),
            )


SIGHTING_KINDS = {
    ProtectedClass.HOME: "view_home",
    ProtectedClass.PROTECTED: "view_protected",
    ProtectedClass.DWELLING_LIKELY: "view_dwelling_likely",
    ProtectedClass.USE_UNKNOWN: "view_unknown_use",
}


def cite(draft: Draft, packs: Sequence[Pack], articles: Articles) -> Finding:
    """Return the finding under the most specific article that cites its kind; the others stand in its params."""
    found = cited(draft.kind, draft.required, packs, articles)
    also = {"also": tuple(f"{pack} {number}" for pack, number in found[1:])} if len(found) > 1 else {}
    return Finding(
        finding_id=":".join(each for each in (draft.kind, draft.camera_id, draft.subject) if each),
        kind=draft.kind,
        severity=draft.severity,
        certainty=draft.certainty,
        pack=found[0][0],
        article=found[0][1],
        camera_id=draft.camera_id,
        measured=draft.measured,
        required=draft.required,
        unit=draft.unit,
        mitigation=_with_caution(draft.mitigation, packs),
        geometry=as_kept(draft, "geometry"),
        params={**dict(draft.params), **also},
    )


def _with_caution(mitigation: Mitigation | None, packs: Sequence[Pack]) -> Mitigation | None:
    """Return a removal with what a pack warns of beside it, in every language; any other mitigation as it is."""
    if mitigation is None or mitigation.action is not MitigationAction.REMOVE:
        return mitigation
    cautions = tuple(dict(pack.cautions["removal"]) for pack in packs if "removal" in pack.cautions)
    return replace(mitigation, cautions=cautions) if cautions else mitigation


def findings_of(
    context: AuditContext,
    results: Sequence[CameraResult],
    knows_parts: bool,
    others: Iterable[Draft] = (),
    progress: Progress = no_progress,
) -> tuple[Finding, ...]:
    """Return all findings of all cameras and the drafts of others, the gravest first, then by id."""
    packs = context.reference_data.packs
    articles = articles_by_kind(packs)
    inside = inside_protected(context.placed, context.protected, context.buildings)
    slack = context.reference_data.policy.approval
    matches = match_baseline(context.project, slack)
    found = [cite(draft, packs, articles) for draft in (*others, *against_baseline(context.project, matches, slack))]
    approved = {now.camera_id: before.approved_on for before, now in matches.pairs}
    by_ground = (assembly_answers(context, results, articles), beyond_answers(context, results, articles))
    answers = sign_answers(context, watched(results, progress, "findings", every=4))
    for result, stands_inside in watched(list(zip(results, inside, strict=True)), progress, "findings", every=4):
        drafts = [*in_view(result, context.thresholds, knows_parts), *record(result.placed, context)]
        drafts += [*indoors(result.placed, bool(stands_inside)), *review(result, context, articles, matches.matched_ids)]
        camera = result.placed.camera
        drafts += deadlines(
            camera, approved.get(camera.camera_id, ""), context.reference_data.today, context.thresholds, articles
        )
        drafts += doors(result, context.thresholds, articles)
        drafts += [answer[camera.camera_id] for answer in by_ground if camera.camera_id in answer]
        drafts = with_signs(drafts, answers.get(camera.camera_id))
        found += [cite(draft, packs, articles) for draft in drafts]
    planned = {each.placed.camera.camera_id for each in results if each.placed.camera.status is Status.PLANNED}
    found = by_planned_camera(found, planned)
    found = by_controller(found, {each.placed.camera.camera_id: each.placed.camera.owner for each in results})
    found = stated_by_plan(found, planned)
    return tuple(sorted(found, key=lambda each: (-rank(each.severity), each.finding_id)))


def in_view(result: CameraResult, thresholds: Thresholds, knows_parts: bool) -> Iterator[Draft]:
    """Give what is found of a camera by what it can see alone: protected places, and unasked ground."""
    yield from views(result, thresholds)
    yield from ground(result, knows_parts)


def views(result: CameraResult, thresholds: Thresholds) -> Iterator[Draft]:
    """Give one finding per class of protected place that the camera can see at a grade."""
    for sighting in result.sightings:
        if sighting.grade is not None:
            yield _view(sighting, result.placed, thresholds)


def _view(sighting: Sighting, placed: Placed, thresholds: Thresholds) -> Draft:
    low, high = sighting.density_px_m
    sweeps = placed.certain and not sighting.is_recorded
    masked = (("variant", "masked"),) if placed.camera.mask_px or placed.camera.mask_sector_deg else ()
    return Draft(
        kind=SIGHTING_KINDS[sighting.cls],
        severity=sighting.grade or Severity.NOTE,
        camera_id=sighting.camera_id,
        certainty=Certainty.CERTAIN if sighting.is_recorded else Certainty.POSSIBLE,
        measured=high if sighting.is_recorded else (low, high),
        required=thresholds.note_px_m,
        unit="px/m",
        mitigation=sighting.mitigation,
        geometry=as_kept(sighting, "geometry"),
        subject=str(sighting.cls) + (":sweep" if sweeps else ""),
        params=(("places", sighting.places), ("sharpest", tuple(map(reported_surface, sighting.sharpest))), *masked),
    )


def reported_surface(surface: SharpestSurface) -> dict[str, object]:
    """Return where a view is sharpest, as a finding carries it into its sentence and into JSON."""
    low, high = surface.density_px_m
    return {
        "surface": surface.surface,
        "density_px_m": (round(low, 1), round(high, 1)),
        "length_m": round(surface.length_m, 1),
        "over_px_m": surface.over_px_m,
        "distance_m": surface.distance_m,
        "side": surface.side,
    }


def ground(result: CameraResult, knows_parts: bool) -> Iterator[Draft]:
    """Give the finding on unasked ground, with the same rank as coverage."""
    if result.unasked_m2 >= 1.0:
        yield Draft(
            kind="unasked_area",
            severity=Severity.NOTE,
            camera_id=result.placed.camera.camera_id,
            certainty=Certainty.CERTAIN if result.certain is not None else Certainty.POSSIBLE,
            measured=result.unasked_m2,
            required=0.0,
            unit="m2",
            geometry=as_kept(result, "unasked"),
            params=(("area_m2", round(result.unasked_m2)), *(() if knows_parts else (("variant", "no_purpose"),))),
        )
