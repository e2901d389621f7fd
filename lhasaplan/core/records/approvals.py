"""Cameras against what was approved and named: changed, removed, never approved, or showing ground beyond what they are for."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.demand.ground_in_view import ground_seen
from lhasaplan.core.model.camera import Camera, Status, apart_deg
from lhasaplan.core.model.layer import holds
from lhasaplan.core.project.decisions import is_filled
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Certainty, ChangeFigures, Draft, Mitigation, MitigationAction, Severity
from lhasaplan.core.rules.audit_policy import ApprovalSlack, Articles

# Ground in view beyond what the record names, and where people assemble.

# Ground in view where people assemble, of which the record does not say that the camera is off then.
ASSEMBLY_KIND = "assembly_ground"
ASSEMBLY_COLUMN = "assembly_off"
LEAST_M2 = 1.0


def assembly_answers(context: AuditContext, results: Iterable[CameraResult], articles: Articles) -> Mapping[str, Draft]:
    """Return the finding of each camera with a certain view of such ground; none unless an article cites the kind.

    Which ground that is, a pack says by tags (``assembly_ground``): mapped areas alone, and never protected ground, of which
    nothing is reported but how it is seen.
    """
    squares = squares_of(context) if ASSEMBLY_KIND in articles else np.empty(0, object)
    if not len(squares):
        return {}
    tree, found = shapely.STRtree(squares), {}
    for result in results:
        camera = result.placed.camera
        if result.placed.certain and not is_filled(camera.extra.get(ASSEMBLY_COLUMN, "")):
            area_m2 = _in_view_m2(ground_seen(result.certain), tree, context)
            if area_m2 >= LEAST_M2:
                found[camera.camera_id] = _draft(camera, area_m2)
    return found


def squares_of(context: AuditContext) -> ObjectArray:
    """Return the mapped areas on which people assemble, by the tags that the loaded packs name."""
    asked = tuple(dict.fromkeys(each for pack in context.reference_data.packs for each in pack.assembly_ground))
    areas = [
        geometry
        for name, layer in context.project.layers.items()
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True)
        if name != "buildings" and any(holds(tags, each) for each in asked) and shapely.get_dimensions(geometry) == 2
    ]
    return np.array([*areas, None], object)[:-1]


def _in_view_m2(seen: shapely.Geometry, tree: shapely.STRtree, context: AuditContext) -> float:
    near = tree.geometries[tree.query(seen, predicate="intersects")]
    in_view = shapely.intersection(shapely.union_all(near), seen)
    area_m2 = float(shapely.area(in_view))
    return area_m2 * (1.0 - context.ground.share_of(in_view)) if area_m2 >= LEAST_M2 else 0.0


def _draft(camera: Camera, area_m2: float) -> Draft:
    return Draft(
        ASSEMBLY_KIND,
        Severity.NOTE,
        camera.camera_id,
        measured=area_m2,
        required=0.0,
        unit="m2",
        mitigation=Mitigation(MitigationAction.ASK, figures=ChangeFigures(questions=(ASSEMBLY_COLUMN,))),
        geometry=shapely.Point(camera.x_m, camera.y_m),
        params=(("area_m2", round(area_m2)),),
    )


# Ground in view beyond the ground that the record names: a shop's own, the stretch of an order, the place of a designation.
KIND = "beyond_named_ground"
COLUMN = "named_ground"


def beyond_answers(context: AuditContext, results: Iterable[CameraResult], articles: Articles) -> Mapping[str, Draft]:
    """Return the finding of each camera whose column ``named_ground`` names an area that its certain view goes beyond.

    An area is one of the layer of areas, known by its name; several of one name are one ground. A name that no area has is
    asked about. None unless an article cites the kind.
    """
    named = [each for each in results if is_filled(each.placed.camera.extra.get(COLUMN, ""))] if KIND in articles else []
    if not named:
        return {}
    areas = _by_name(context)
    found = ((each.placed.camera.camera_id, _answer(each, areas, context)) for each in named)
    return {camera_id: draft for camera_id, draft in found if draft is not None}


def _by_name(context: AuditContext) -> dict[str, list[shapely.Geometry]]:
    layer = context.project.layers.get("areas")
    areas: dict[str, list[shapely.Geometry]] = {}
    for geometry, tags in zip(layer.geometry, layer.tags, strict=True) if layer is not None else ():
        areas.setdefault(tags.get("name", "").strip().casefold(), []).append(geometry)
    return areas


def _answer(result: CameraResult, areas: Mapping[str, list[shapely.Geometry]], context: AuditContext) -> Draft | None:
    """Return what lies beyond the named ground and the tolerated strip around it."""
    camera = result.placed.camera
    name = camera.extra[COLUMN].strip()
    ground = areas.get(name.casefold())
    if ground is None:
        return _ground_draft(camera, Severity.NOTE, COLUMN, ground=name, variant="unknown")
    if not result.placed.certain:
        return None
    margin_m = context.thresholds.named_ground_m
    beyond = shapely.difference(ground_seen(result.certain), shapely.buffer(shapely.union_all(ground), margin_m))
    area_m2 = float(shapely.area(beyond))
    if area_m2 < LEAST_M2:
        return None
    return _ground_draft(camera, Severity.DUE, "mask", area_m2, ground=name, area_m2=round(area_m2), margin_m=margin_m)


def _ground_draft(camera: Camera, severity: Severity, question: str, measured_m2: float | None = None, **params: object) -> Draft:
    return Draft(
        KIND,
        severity,
        camera.camera_id,
        measured=measured_m2,
        required=None if measured_m2 is None else 0.0,
        unit="" if measured_m2 is None else "m2",
        mitigation=Mitigation(MitigationAction.ASK, figures=ChangeFigures(questions=(question,))),
        geometry=shapely.Point(camera.x_m, camera.y_m),
        params=tuple(params.items()),
    )


# Cameras against the approved baseline: changed, removed, or never approved.

_EDGE = 1e-9  # a change of just the slack is measurement, whatever the last bit says


@dataclass(frozen=True, eq=False, slots=True)
class Matches:
    """Which operating camera is which approval: the latest version of each; the rest of either side."""

    pairs: tuple[tuple[Camera, Camera], ...] = ()  # (approved, operating)
    gone: tuple[Camera, ...] = ()
    unapproved: tuple[Camera, ...] = ()

    @property
    def matched_ids(self) -> frozenset[str]:
        """Return the ids of operating cameras that an approval is known of."""
        return frozenset(now.camera_id for _, now in self.pairs)


def match_baseline(project: Project, slack: ApprovalSlack) -> Matches:
    """Return approvals and operating cameras side by side: by id, else by place, the nearest first.

    Without a baseline nothing is gone and nothing unapproved. A withdrawn approval (status removed) is none.
    """
    if not project.baseline:
        return Matches()
    approved = {camera.camera_id: camera for camera in latest(project.baseline) if camera.status is not Status.REMOVED}
    operating = {camera.camera_id: camera for camera in project.cameras if camera.status is Status.OPERATING}
    by_id = [(approved.pop(key), operating.pop(key)) for key in tuple(approved) if key in operating]
    by_place = _by_place(tuple(approved.values()), tuple(operating.values()), slack.place_m)
    taken = {id(each) for pair in by_place for each in pair}
    gone = tuple(each for each in approved.values() if id(each) not in taken and each.status is Status.OPERATING)
    return Matches((*by_id, *by_place), gone, tuple(each for each in operating.values() if id(each) not in taken))


def latest(baseline: Iterable[Camera]) -> tuple[Camera, ...]:
    """Return the version of each approval with the latest date; of one date the one that was taken in last."""
    newest: dict[str, Camera] = {}
    for camera in baseline:
        before = newest.get(camera.camera_id)
        if before is None or camera.approved_on >= before.approved_on:
            newest[camera.camera_id] = camera
    return tuple(newest.values())


def _by_place(approved: Sequence[Camera], operating: Sequence[Camera], place_m: float) -> list[tuple[Camera, Camera]]:
    """Return pairs no farther apart than ``place_m``, each camera once: the nearest first, of those the least turned."""
    if not approved or not operating:
        return []
    tree = shapely.STRtree([shapely.Point(each.x_m, each.y_m) for each in approved])
    points = [shapely.Point(each.x_m, each.y_m) for each in operating]
    now, before = tree.query(points, predicate="dwithin", distance=place_m)
    near = [(approved[b], operating[n]) for n, b in zip(now.tolist(), before.tolist(), strict=True)]
    near.sort(key=lambda pair: (round(moved_m(*pair), 3), _turned_deg(*pair), pair[0].camera_id, pair[1].camera_id))
    pairs: list[tuple[Camera, Camera]] = []
    used: set[int] = set()
    for pair in near:
        if used.isdisjoint(map(id, pair)):
            pairs.append(pair)
            used.update(map(id, pair))
    return pairs


def _turned_deg(approved: Camera, now: Camera) -> float:
    return _apart_deg(approved.azimuth_deg, now.azimuth_deg) or 0.0


def _apart_deg(a_deg: float | None, b_deg: float | None) -> float | None:
    return None if a_deg is None or b_deg is None else apart_deg(a_deg, b_deg)


def moved_m(approved: Camera, now: Camera) -> float:
    """Return how far a camera stands from where it was approved."""
    return math.hypot(approved.x_m - now.x_m, approved.y_m - now.y_m)


def changed_since(approved: Camera, now: Camera, slack: ApprovalSlack) -> tuple[str, ...]:
    """Return the fields that differ from the approval by more than the slack; what either side lacks is not compared."""
    turned = {name: _apart_deg(getattr(approved, name), getattr(now, name)) for name in ("azimuth_deg", "tilt_deg")}
    lens = _apart_deg(approved.recorded_hfov_deg, now.recorded_hfov_deg)
    lens_slack = min(slack.lens_deg, slack.lens_share * (approved.recorded_hfov_deg or 0.0))
    shares = {name: _share_apart(getattr(approved, name), getattr(now, name)) for name in ("image_width_px", "range_m")}
    return (
        *(name for name, apart in turned.items() if apart is not None and apart > slack.angle_deg + _EDGE),
        *(("hfov_deg",) if lens is not None and lens > lens_slack + _EDGE else ()),
        *(name for name, apart in shares.items() if apart is not None and apart > slack.lens_share + _EDGE),
        *(("place",) if moved_m(approved, now) > slack.place_m + _EDGE else ()),
        *(name for name in ("lens_class", "kind") if _is_other(getattr(approved, name), getattr(now, name))),
    )


def _share_apart(approved: float | None, now: float | None) -> float | None:
    return None if not approved or now is None else abs(now - approved) / approved


def _is_other(approved: object, now: object) -> bool:
    """Say whether both sides state something, and not the same."""
    return approved is not None and now is not None and approved != now


def against_baseline(project: Project, matches: Matches, slack: ApprovalSlack) -> Iterator[Draft]:
    """Give what differs from the baseline: changed, missing and unapproved cameras."""
    for approved, now in matches.pairs:
        fields = changed_since(approved, now, slack)
        if fields:
            draft = _approvals_draft("changed_since_approval", Severity.DUE, now, approved.approved_on)
            yield replace(draft, params=(("fields", fields), ("variant", "baseline"), *draft.params))
    removed = {camera.camera_id for camera in project.cameras if camera.status is Status.REMOVED}
    for approved in matches.gone:
        draft = _approvals_draft("removed_since_approval", Severity.NOTE, approved, approved.approved_on)
        yield draft if approved.camera_id in removed else replace(draft, certainty=Certainty.POSSIBLE)
    yield from _unapproved(project, matches)


def _unapproved(project: Project, matches: Matches) -> Iterator[Draft]:
    """Give the operating cameras that the baseline does not have.

    A baseline speaks for its owners alone: another owner's camera is none of its business, and one whose owner is not
    recorded is asked about.
    """
    versions = latest(project.baseline)
    owners = {each.owner.strip().casefold() for each in versions} - {""}
    date = max((each.approved_on for each in versions), default="")
    for camera in matches.unapproved:
        owner = camera.owner.strip().casefold()
        draft = _approvals_draft("not_approved", Severity.DUE, camera, date)
        if owner in owners or (not owner and not owners):
            yield draft
        elif not owner or not owners:
            yield replace(
                draft, severity=Severity.NOTE, certainty=Certainty.POSSIBLE, mitigation=_ask("owner", "impact_assessment")
            )


def _approvals_draft(kind: str, severity: Severity, camera: Camera, approved_on: str) -> Draft:
    at = shapely.Point(camera.x_m, camera.y_m)
    params = (("approved_on", approved_on),)
    return Draft(kind, severity, camera.camera_id, mitigation=_ask("impact_assessment"), geometry=at, params=params)


def _ask(*fields: str) -> Mitigation:
    return Mitigation(MitigationAction.ASK, figures=ChangeFigures(questions=fields))
