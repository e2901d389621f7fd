"""Cameras against the approved baseline: changed, removed, or never approved."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import shapely

from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.finding import Certainty, Draft, Mitigation, MitigationAction, MitigationFigures, Severity
from lhasaplan.core.rules.audit_policy import ApprovalSlack

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
    return None if a_deg is None or b_deg is None else abs((a_deg - b_deg + 180.0) % 360.0 - 180.0)


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
    return approved is not None and now is not None and approved != now


def against_baseline(project: Project, matches: Matches, slack: ApprovalSlack) -> Iterator[Draft]:
    """Give what differs from the baseline: changed, missing and unapproved cameras."""
    for approved, now in matches.pairs:
        fields = changed_since(approved, now, slack)
        if fields:
            draft = _draft("changed_since_approval", Severity.DUE, now, approved.approved_on)
            yield replace(draft, params=(("fields", fields), ("variant", "baseline"), *draft.params))
    removed = {camera.camera_id for camera in project.cameras if camera.status is Status.REMOVED}
    for approved in matches.gone:
        draft = _draft("removed_since_approval", Severity.NOTE, approved, approved.approved_on)
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
        draft = _draft("not_approved", Severity.DUE, camera, date)
        if owner in owners or (not owner and not owners):
            yield draft
        elif not owner or not owners:
            yield replace(
                draft, severity=Severity.NOTE, certainty=Certainty.POSSIBLE, mitigation=_ask("owner", "impact_assessment")
            )


def _draft(kind: str, severity: Severity, camera: Camera, approved_on: str) -> Draft:
    at = shapely.Point(camera.x_m, camera.y_m)
    params = (("approved_on", approved_on),)
    return Draft(kind, severity, camera.camera_id, mitigation=_ask("impact_assessment"), geometry=at, params=params)


def _ask(*fields: str) -> Mitigation:
    return Mitigation(MitigationAction.ASK, figures=MitigationFigures(questions=fields))
