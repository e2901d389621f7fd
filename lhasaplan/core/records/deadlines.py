"""Dates that run out: the authorisation of a camera and its renewal, its review, the end that was named for it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import shapely

from lhasaplan.core.base.spelling import iso_date, plain
from lhasaplan.core.changes.camera_change import MoveCamera, TiltCamera, TurnCamera, off_during_assemblies, values_changed
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.records.approvals import changed_since
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import (
    Certainty,
    ChangeFigures,
    Draft,
    Mitigation,
    MitigationAction,
    Severity,
    end_of_need,
    removal,
)
from lhasaplan.core.rules.audit_policy import Articles
from lhasaplan.core.rules.pack import Thresholds

# Findings due after an approval: moved, turned, another lens, other purposes, no incident, assemblies.

_AIMS = {name for kind in (MoveCamera, TurnCamera, TiltCamera) for name in values_changed(kind)}
MOVES = frozenset(_AIMS | {"hfov_deg", "sensor_width_mm", "focal_length_mm"})
INCIDENTS = ("incidents_served", "incidents_per_year")  # columns of the camera table; the first is the register's too
YEAR_DAYS = 365


def review(
    result: CameraResult, context: AuditContext, articles: Articles, in_baseline: frozenset[str] = frozenset()
) -> Iterator[Draft]:
    """Give what an earlier approval, a yearly review or a list of purposes says of one camera.

    The last three are asked only by packs whose articles cite them. ``in_baseline`` are the cameras that were compared with
    a table of approvals: of these the columns of the camera table say nothing more.
    """
    camera = result.placed.camera
    if camera.camera_id not in in_baseline:
        yield from _changes(camera, context)
    yield from _other_purpose(result, context)
    found = (_unlisted(camera, context), _assemblies(camera, context), _incidents(camera, context.reference_data.today))
    yield from (draft for draft in found if draft is not None and draft.kind in articles)


def _draft(camera: Camera, kind: str, severity: Severity, mitigation: Mitigation, **params: object) -> Draft:
    at = shapely.Point(camera.x_m, camera.y_m)
    return Draft(kind, severity, camera.camera_id, mitigation=mitigation, geometry=at, params=tuple(params.items()))


@cache  # thousands of cameras lack the same few fields
def _ask(*fields: str) -> Mitigation:
    return Mitigation(MitigationAction.ASK, figures=ChangeFigures(questions=fields))


def _changes(camera: Camera, context: AuditContext) -> Iterator[Draft]:
    """Give the fields that differ from what was approved; without an approval, those that a hand corrected are asked about."""
    changed = changed_fields(camera, context)
    if changed:
        yield _draft(camera, "changed_since_approval", Severity.DUE, _ask("impact_assessment"), fields=changed)
        return
    corrected = tuple(dict.fromkeys(each.field for each in camera.corrections if each.field in MOVES))
    if corrected and not _approved(camera):
        draft = _draft(camera, "changed_since_approval", Severity.NOTE, _ask("impact_assessment"), fields=corrected)
        yield replace(draft, certainty=Certainty.POSSIBLE)


def changed_fields(camera: Camera, context: AuditContext) -> tuple[str, ...]:
    """Return the fields that differ from the columns ``approved_azimuth_deg``, ``approved_lon`` and so on."""
    approved = _approved(camera)
    return (
        changed_since(_as_approved(camera, approved, context), camera, context.reference_data.policy.approval) if approved else ()
    )


def _as_approved(camera: Camera, approved: Mapping[str, float], context: AuditContext) -> Camera:
    """Return the camera as its ``approved_`` columns record it; what they lack is not known."""
    x_m, y_m = camera.x_m, camera.y_m
    if {"lon", "lat"} <= approved.keys():
        x_m, y_m = map(float, context.crs.to_xy(approved["lon"], approved["lat"]))
    return Camera(
        camera.camera_id,
        x_m,
        y_m,
        azimuth_deg=approved.get("azimuth_deg"),
        tilt_deg=approved.get("tilt_deg"),
        hfov_deg=approved.get("hfov_deg"),
    )


def _approved(camera: Camera) -> Mapping[str, float]:
    found = {name.removeprefix("approved_"): _number(text) for name, text in camera.extra.items() if name.startswith("approved_")}
    return {name: value for name, value in found.items() if value is not None}


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _other_purpose(result: CameraResult, context: AuditContext) -> Iterator[Draft]:
    """Give a purpose on record that none of the confirmed parts in view was confirmed for."""
    camera, purpose = result.placed.camera, result.placed.camera.purpose.strip()
    stated = {each.part_id: each.purpose.strip() for each in context.project.confirmations}
    asked = {stated[part] for part in result.parts_served if part in stated}
    if purpose and asked and not any(_is_one_purpose(purpose.casefold(), each.casefold()) for each in asked):
        yield _draft(camera, "purpose_differs", Severity.NOTE, _ask("purpose"), purpose=purpose, others="; ".join(sorted(asked)))


def _is_one_purpose(a: str, b: str) -> bool:
    """Tell whether one says the other: a record shortens what a mandate spells out, "traffic" for "safety of traffic"."""
    return a in b or b in a


def _unlisted(camera: Camera, context: AuditContext) -> Draft | None:
    """Return the finding on a purpose that is not on a pack's closed list, by its number or in any language."""
    lists = [pack.purposes for pack in context.reference_data.packs if pack.purposes]
    purpose = camera.purpose.strip().casefold()
    known = {text.casefold() for each in lists for key, terms in each.items() for text in (key, *terms.values())}
    if not lists or not purpose or purpose in known:
        return None
    severity = Severity.DUE if camera.status is Status.PLANNED else Severity.NOTE
    return _draft(camera, "purpose_not_listed", severity, _ask("purpose"), purpose=camera.purpose.strip())


def _assemblies(camera: Camera, context: AuditContext) -> Draft | None:
    """Return the finding on a camera that its record says stays on during assemblies (column ``assembly_off``)."""
    if plain(camera.extra.get("assembly_off", "")) not in context.reference_data.policy.words.no:
        return None
    return _draft(
        camera, "assembly_hours", Severity.DUE, Mitigation(MitigationAction.HOURS, changes=off_during_assemblies(camera))
    )


def _incidents(camera: Camera, today: str) -> Draft | None:
    """Return a camera that served no incident in a year, or without a record of them in its second year or later."""
    reported = next((text for text in (camera.extra.get(name, "").strip() for name in INCIDENTS) if text), "")
    if reported:
        served = _number(reported) != 0.0
        return None if served else _draft(camera, "no_incidents", Severity.NOTE, end_of_need(camera))
    if camera.status is Status.PLANNED or _is_new(camera, today):
        return None
    return _draft(camera, "incidents_unknown", Severity.NOTE, _ask(INCIDENTS[0]))


def _is_new(camera: Camera, today: str) -> bool:
    """Tell whether a camera is in its first year of use: there is nothing to look back on yet."""
    since, now = iso_date(camera.installed_on), iso_date(today)
    return since is not None and now is not None and (now - since).days <= YEAR_DAYS


KINDS = frozenset({"approval_expired", "approval_renewal", "review_overdue", "end_passed", "end_missing"})


def deadlines(camera: Camera, approved_on: str, today: str, limits: Thresholds, articles: Articles) -> Iterator[Draft]:
    """Give what has run out or soon will; each kind is asked only by packs whose articles cite it.

    The columns ``authorisation_expires``, ``review_date`` and ``end_date`` of the camera table say when (YYYY-MM-DD).

    Parameters
    ----------
    approved_on : date of the approval that the baseline has of this camera, empty without one.
    today : ISO date; nothing is said where it is not known.
    """
    now = iso_date(today)
    if now is None or KINDS.isdisjoint(articles):
        return
    rules = (_planned_end(camera, now, limits),) if camera.status is Status.PLANNED else (
        _authorisation(camera, approved_on, now, limits),
        _review(camera, approved_on, now, limits),
        _end(camera, now),
    )  # fmt: skip
    yield from (draft for draft in rules if draft is not None and draft.kind in articles)


def _date(camera: Camera, column: str) -> date | None:
    return iso_date(camera.extra.get(column, "").strip())


def _date_draft(camera: Camera, kind: str, severity: Severity, days: int, mitigation: Mitigation, **params: object) -> Draft:
    limit = params.get("limit_days", 0.0)
    return Draft(
        kind,
        severity,
        camera.camera_id,
        measured=float(days),
        required=float(limit) if isinstance(limit, (int, float)) else None,
        unit="days",
        mitigation=mitigation,
        geometry=shapely.Point(camera.x_m, camera.y_m),
        params=(("days", days), *params.items()),
    )


def _ask_for_date(field: str) -> Mitigation:
    return Mitigation(MitigationAction.ASK, figures=ChangeFigures(questions=(field,)))


def _authorisation(camera: Camera, approved_on: str, now: date, limits: Thresholds) -> Draft | None:
    """Return an authorisation that has ended, or one whose renewal must be asked for."""
    ends, approved = _date(camera, "authorisation_expires"), iso_date(approved_on)
    if ends is None and approved is not None and limits.approval_days is not None:
        ends = approved + timedelta(days=limits.approval_days)
    if ends is None:
        return None
    left, ask = (ends - now).days, _ask_for_date("authorisation_expires")
    if left < 0:
        return _date_draft(camera, "approval_expired", Severity.ERROR, -left, ask, until=ends.isoformat())
    notice = limits.renewal_notice_days
    if notice is None or left > notice:
        return None
    return _date_draft(camera, "approval_renewal", Severity.DUE, left, ask, until=ends.isoformat(), limit_days=notice)


def _review(camera: Camera, approved_on: str, now: date, limits: Thresholds) -> Draft | None:
    """Return a review that is overdue; a camera without any is asked about once it is in use for longer than they are apart."""
    due, ask = _date(camera, "review_date"), _ask_for_date("review_date")
    if due is not None:
        late = (now - due).days
        return _date_draft(camera, "review_overdue", Severity.DUE, late, ask, until=due.isoformat()) if late > 0 else None
    since = iso_date(approved_on) or iso_date(camera.installed_on)
    if since is None or limits.review_days is None or (now - since).days <= limits.review_days:
        return None
    said = {"variant": "none", "since": since.isoformat(), "limit_days": limits.review_days}
    return _date_draft(camera, "review_overdue", Severity.NOTE, (now - since).days, ask, **said)


def _end(camera: Camera, now: date) -> Draft | None:
    """Return the end that was named for a camera that still operates."""
    end = _date(camera, "end_date")
    if end is None or end >= now:
        return None
    return _date_draft(camera, "end_passed", Severity.DUE, (now - end).days, removal(camera), until=end.isoformat())


def _planned_end(camera: Camera, now: date, limits: Thresholds) -> Draft | None:
    """Return a planned camera without an end or review date, or with one too far ahead; an unreadable date is none."""
    if limits.end_days is None:
        return None
    named = [day for day in (_date(camera, "end_date"), _date(camera, "review_date")) if day is not None]
    if not named:
        at = shapely.Point(camera.x_m, camera.y_m)
        return Draft("end_missing", Severity.DUE, camera.camera_id, mitigation=_ask_for_date("end_date"), geometry=at)
    ahead = (min(named) - now).days
    if ahead <= limits.end_days:
        return None
    said = {"variant": "far", "until": min(named).isoformat(), "limit_days": limits.end_days}
    return _date_draft(camera, "end_missing", Severity.DUE, ahead, _ask_for_date("end_date"), **said)
