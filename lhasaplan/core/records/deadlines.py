"""Dates that run out: the authorisation of a camera and its renewal, its review, the end that was named for it."""

from collections.abc import Iterator
from datetime import date, timedelta

import shapely

from lhasaplan.core.base.plain_values import iso_date
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.results.finding import Cure, CureAction, CureFigures, Draft, Severity, removal
from lhasaplan.core.rules.pack import Thresholds
from lhasaplan.core.rules.pack_terms import Articles

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


def _draft(camera: Camera, kind: str, severity: Severity, days: int, cure: Cure, **params: object) -> Draft:
    limit = params.get("limit_days", 0.0)
    return Draft(
        kind,
        severity,
        camera.camera_id,
        measured=float(days),
        required=float(limit) if isinstance(limit, (int, float)) else None,
        unit="days",
        cure=cure,
        geometry=shapely.Point(camera.x_m, camera.y_m),
        params=(("days", days), *params.items()),
    )


def _ask(field: str) -> Cure:
    return Cure(CureAction.ASK, figures=CureFigures(questions=(field,)))


def _authorisation(camera: Camera, approved_on: str, now: date, limits: Thresholds) -> Draft | None:
    """Return an authorisation that has ended, or one whose renewal must be asked for."""
    ends = _date(camera, "authorisation_expires") or _later(iso_date(approved_on), limits.approval_days)
    if ends is None:
        return None
    left, ask = (ends - now).days, _ask("authorisation_expires")
    if left < 0:
        return _draft(camera, "approval_expired", Severity.ERROR, -left, ask, until=ends.isoformat())
    notice = limits.renewal_notice_days
    if notice is None or left > notice:
        return None
    return _draft(camera, "approval_renewal", Severity.DUE, left, ask, until=ends.isoformat(), limit_days=notice)


def _later(start: date | None, days: float | None) -> date | None:
    return None if start is None or days is None else start + timedelta(days=days)


def _review(camera: Camera, approved_on: str, now: date, limits: Thresholds) -> Draft | None:
    """Return a review that is overdue; a camera without any is asked about once it is in use for longer than they are apart."""
    due, ask = _date(camera, "review_date"), _ask("review_date")
    if due is not None:
        late = (now - due).days
        return _draft(camera, "review_overdue", Severity.DUE, late, ask, until=due.isoformat()) if late > 0 else None
    since = iso_date(approved_on) or iso_date(camera.installed_on)
    if since is None or limits.review_days is None or (now - since).days <= limits.review_days:
        return None
    said = {"variant": "none", "since": since.isoformat(), "limit_days": limits.review_days}
    return _draft(camera, "review_overdue", Severity.NOTE, (now - since).days, ask, **said)


def _end(camera: Camera, now: date) -> Draft | None:
    """Return the end that was named for a camera that still operates."""
    end = _date(camera, "end_date")
    if end is None or end >= now:
        return None
    return _draft(camera, "end_passed", Severity.DUE, (now - end).days, removal(camera), until=end.isoformat())


def _planned_end(camera: Camera, now: date, limits: Thresholds) -> Draft | None:
    """Return a planned camera without an end or review date, or with one too far ahead; an unreadable date is none."""
    if limits.end_days is None:
        return None
    named = [day for day in (_date(camera, "end_date"), _date(camera, "review_date")) if day is not None]
    if not named:
        at = shapely.Point(camera.x_m, camera.y_m)
        return Draft("end_missing", Severity.DUE, camera.camera_id, cure=_ask("end_date"), geometry=at)
    ahead = (min(named) - now).days
    if ahead <= limits.end_days:
        return None
    said = {"variant": "far", "until": min(named).isoformat(), "limit_days": limits.end_days}
    return _draft(camera, "end_missing", Severity.DUE, ahead, _ask("end_date"), **said)
