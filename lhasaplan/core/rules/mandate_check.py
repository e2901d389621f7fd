"""List what a mandate lacks before anything may be planned under it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Annotated

from annotated_types import Interval

from lhasaplan.core.base.spelling import NO_ANSWER, is_answer, iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.decisions import REQUIRED_FIELDS, Mandate, is_filled, missing_fields

Missing = tuple[str, Mapping[str, object]]

NO_MANDATE = marked("There is no mandate.")
FIELD_MISSING: Mapping[str, str] = {
    "controller": marked("The mandate names no controller."),
    "legal_basis": marked("The mandate names no legal basis."),
    "purposes": marked("The mandate states no purpose."),
    "supervisory_authority": marked("The mandate names no supervisory authority."),
    "complaint_route": marked("The mandate names no complaint route."),
    "impact_assessment_officer": marked("The mandate names nobody who is responsible for the impact assessment."),
    "impact_assessment_date": marked("The mandate gives no date of the impact assessment."),
    "retention_days": marked("The mandate states no retention period in days."),
    "public_register": marked("The mandate does not say where the public register is."),
}
NOTHING_SAID = marked("The mandate says “{value}” for {key}. That is not an answer.")
NO_DAYS = marked("The retention of {days} days in the mandate is not a number of days.")
TOO_LONG_KEPT = marked("retention_days of the mandate is {days}; the loaded limits allow {most} days at most.")
NO_DATE = marked("{key} of the mandate, {date}, is not of the form YYYY-MM-DD.")
TO_COME = marked("{key} of the mandate is {date}, a date in the future.")
STALE = marked("{key} of the mandate is {date}, more than {years} years ago. Renew it.")

TEXT_FIELDS = tuple(name for name in REQUIRED_FIELDS if name not in ("retention_days", "impact_assessment_date"))
_YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class MandateRules:
    """What a mandate may not say (``data/audit.toml``); these are the shipped figures, and the loosest that data may set.

    ``no_answer`` are the words for having no answer, as :func:`lhasaplan.core.base.spelling.bare_words` gives them.
    """

    most_retention_days: Annotated[float, Interval(gt=0, le=365.0)] = 365.0
    assessment_years: Annotated[int, Interval(ge=1, le=5)] = 5
    mandate_years: Annotated[int, Interval(ge=1, le=20)] = 20
    no_answer: frozenset[str] = NO_ANSWER


SHIPPED = MandateRules()


def mandate_gaps(
    mandate: Mandate | None, today: str = "", rules: MandateRules = SHIPPED, retention_days: float | None = None
) -> tuple[Missing, ...]:
    """Return every gap of the mandate as (template, params): what is missing, then what cannot be.

    A text without a letter or digit, such as a dash, counts as empty.

    Parameters
    ----------
    today : ISO date, empty when not known; dates are then not held against it.
    retention_days : the most that a loaded pack allows, None when none says.
    """
    if mandate is None:
        return ((NO_MANDATE, {}),)
    empty: tuple[Missing, ...] = tuple((FIELD_MISSING[name], {}) for name in missing_fields(mandate))
    return empty + mandate_faults(mandate, today, rules, retention_days)


def mandate_faults(
    mandate: Mandate, today: str = "", rules: MandateRules = SHIPPED, retention_days: float | None = None
) -> tuple[Missing, ...]:
    """Return values of a mandate that cannot be: words for having no answer, impossible retention and dates."""
    return (
        *_no_answers(mandate, rules.no_answer),
        *_retention(mandate, rules.most_retention_days, retention_days),
        *_date("impact_assessment_date", mandate.impact_assessment_date.strip(), today, rules.assessment_years),
        *_date("date", mandate.date.strip(), today, rules.mandate_years),
    )


def _no_answers(mandate: Mandate, words: frozenset[str]) -> Iterator[Missing]:
    for name in TEXT_FIELDS:
        value = getattr(mandate, name)
        if not is_filled(value):  # told as missing
            continue
        for text in value if isinstance(value, tuple) else (value,):
            if not is_answer(text, words):
                yield NOTHING_SAID, {"key": name, "value": text.strip()}


def _retention(mandate: Mandate, most_days: float, pack_days: float | None) -> Iterator[Missing]:
    days, limit = mandate.retention_days, most_days if pack_days is None else min(most_days, pack_days)
    if days is None:
        return
    if not (isfinite(days) and days >= 0):
        yield NO_DAYS, {"days": days}
    elif days > limit:
        yield TOO_LONG_KEPT, {"days": f"{days:.10g}", "most": f"{limit:.10g}"}


def _date(key: str, text: str, today: str, most_years: int) -> Iterator[Missing]:
    if not is_filled(text):
        return
    day, now = iso_date(text), iso_date(today)
    if day is None:
        yield NO_DATE, {"key": key, "date": text}
    elif now is not None and day > now:
        yield TO_COME, {"key": key, "date": text}
    elif now is not None and (now - day).days > most_years * _YEAR_DAYS:
        yield STALE, {"key": key, "date": text, "years": most_years}
