"""Say in words what a mandate lacks before anything may be planned under it."""

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Any

from lhasaplan.core.mandate import REQUIRED_FIELDS, Mandate
from lhasaplan.core.wording import marked

Missing = tuple[str, Mapping[str, Any]]

FIELD_MISSING: Mapping[str, str] = {
    "controller": marked("The mandate names no controller."),
    "legal_basis": marked("The mandate names no legal basis."),
    "purposes": marked("The mandate states no purpose."),
    "supervisory_authority": marked("The mandate names no supervisory authority."),
    "complaint_route": marked("The mandate names no complaint route."),
    "impact_assessment_officer": marked("The mandate names no officer who answers for the impact assessment."),
    "impact_assessment_date": marked("The mandate gives no date of the impact assessment."),
    "retention_days": marked("The mandate states no retention in days."),
    "public_register": marked("The mandate does not say where the public register is."),
}


def mandate_gaps(mandate: Mandate | None, today: str = "") -> tuple[Missing, ...]:
    """Return every gap of the mandate as (template, params); ``today`` is an ISO date, empty when not known.

    A text without a letter or digit, such as a dash, counts as empty.
    """
    if mandate is None:
        return ((marked("There is no mandate."), {}),)
    empty: tuple[Missing, ...] = tuple(
        (FIELD_MISSING[name], {}) for name in REQUIRED_FIELDS if not is_filled(getattr(mandate, name))
    )
    return empty + _retention_gap(mandate) + _date_gap(mandate, today)


def iso_date(text: str) -> date | None:
    """Return the date of a text YYYY-MM-DD, None for anything else.

    >>> iso_date("2026-02-30") is None
    True
    """
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-31") else None
    except ValueError:
        return None


def is_filled(value: object) -> bool:
    """Return whether a field says anything: a letter or a digit, in one of its texts, or a number."""
    if isinstance(value, str):
        return any(letter.isalnum() for letter in value)
    if isinstance(value, tuple):
        return any(is_filled(one) for one in value)
    return value is not None


def _retention_gap(mandate: Mandate) -> tuple[Missing, ...]:
    days = mandate.retention_days
    if days is None or (isfinite(days) and days >= 0):
        return ()
    return ((marked("The retention of {days} days in the mandate is not a number of days."), {"days": days}),)


def _date_gap(mandate: Mandate, today: str) -> tuple[Missing, ...]:
    text = mandate.impact_assessment_date.strip()
    if not is_filled(text):
        return ()
    day, now = iso_date(text), iso_date(today)
    if day is None:
        return ((marked("The date of the impact assessment, {date}, is not of the form YYYY-MM-DD."), {"date": text}),)
    if now is not None and day > now:
        return ((marked("The impact assessment is dated {date}, which is still to come."), {"date": text}),)
    return ()
