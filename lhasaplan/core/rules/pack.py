"""Rule packs as values: articles, thresholds, categories, and the least that data may set. Code knows no city and no law.

What a mandate lacks under them is listed before anything may be planned.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from math import isfinite
from typing import Annotated, Literal

from annotated_types import Gt, Interval, MinLen

from lhasaplan.core.base.spelling import NO_ANSWER, is_answer, iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import CameraClass, Kind
from lhasaplan.core.model.place import Required
from lhasaplan.core.project.decisions import REQUIRED_FIELDS, Mandate, is_filled, missing_fields
from lhasaplan.errors import Fault, Where

# Rule packs as values: articles, thresholds, territory, categories. Code knows no city and no law.

Terms = Annotated[Mapping[str, str], "language -> text, complete in all languages of the program"]
Name = Annotated[str, re.compile(r"^[a-z][a-z0-9-]*$")]
Word = Annotated[str, MinLen(1)]
Mark = Literal["V", "M", "U", "P"]  # on what evidence a statement stands (docs/rules.md); a U is printed as "to be confirmed"
NOT_IN_FILES = {"in_files": False}  # of a field that the program sets itself
Key = Annotated[str, re.compile(r"^[a-z][a-z0-9_]*$")]
_Country = Annotated[str, re.compile(r"^(\d{3}|name:.+|fictitious)$")]
_Condition = Annotated[str, re.compile(r"^[^=|!*\s]+=[^=|\s][^=|]*(\|[^=|]+)*$")]
_Digest = Annotated[str, re.compile(r"^[0-9a-f]{64}$")]
_Density = Annotated[float, Gt(0)]
_NotBelowZero = Annotated[float, Interval(ge=0)]


class How(StrEnum):
    """Who answers an article: the program, a person, or neither (with the reason)."""

    COMPUTED = "computed"
    DECLARED = "declared"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True, slots=True)
class Article:
    """One article or paragraph of a pack.

    ``findings`` are the finding kinds that cite it; ``reason`` says why it is out of reach.
    """

    number: Word
    term: Terms
    how: How
    mark: Mark
    findings: tuple[str, ...] = ()
    reason: Terms = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Category:
    """One duty category: which features give a place, and which parts it has.

    ``match`` are tag conditions ``key=value|value`` (any one of the list of alternatives, each a list that must all hold).
    """

    name: Key
    term: Terms
    match: Annotated[tuple[Annotated[tuple[_Condition, ...], MinLen(1)], ...], MinLen(1)]
    part_kind: Key
    shape: Literal["point", "line", "area"]
    required: Required
    responsible: Terms
    source: Word
    params: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Grades of a view onto a protected place, px/m, and other policy figures; data may tighten, never loosen."""

    note_px_m: _Density = 25.0
    due_px_m: _Density = 62.5
    error_px_m: _Density = 125.0
    frontage_m: _NotBelowZero = 1.0
    unasked_distance_m: _NotBelowZero = 10.0
    sharper_times: Annotated[float, Gt(1)] = 2.5  # so many times the density that is needed is a class too sharp
    named_ground_m: _NotBelowZero = 1.0  # so far beyond the ground that a record names a camera may see (a court's figure)
    retention_days: _NotBelowZero | None = None
    retention_reason_days: _NotBelowZero | None = None
    retention_purpose_days: _NotBelowZero | None = None  # kept longer without a named purpose is a question
    approval_days: Annotated[float, Interval(ge=0, le=36525)] | None = None  # so long an approval lasts
    renewal_notice_days: _NotBelowZero | None = None  # so long before its end renewal is asked for; longer is stricter
    review_days: _NotBelowZero | None = None  # so far apart reviews of a camera are
    end_days: _NotBelowZero | None = None  # so far ahead the end or review of a planned camera lies


@dataclass(frozen=True, slots=True)
class Pack:
    """A rule pack. ``planning`` is ``yes``, ``none`` (it lets nobody plan), ``never`` (nor does any other) or ``duties``.

    ``countries`` are ISO numeric codes.
    """

    name: Name
    title: Terms
    version: Word
    planning: Literal["yes", "none", "never", "duties"]
    countries: tuple[_Country, ...] = ()
    national_grid: str = ""
    authorities: tuple[Word, ...] = ()
    articles: tuple[Article, ...] = ()
    categories: tuple[Category, ...] = ()
    thresholds: Thresholds = Thresholds()
    cautions: Mapping[str, Terms] = field(default_factory=dict)
    public_precision_deg: Annotated[float, Interval(gt=0, le=1)] | None = None  # cn-limits: 0.01 degree unless --private
    sha256: str = field(default="", metadata=NOT_IN_FILES)
    changed: bool = field(default=False, metadata=NOT_IN_FILES)  # differs from the shipped pack of this name
    shipped: bool = field(default=True, metadata=NOT_IN_FILES)
    sample_digests: tuple[_Digest, ...] = ()  # a fictitious territory opens for these samples alone
    territory_wkt: str = ""  # longitude and latitude: narrows the countries; alone it is a fictitious territory
    excluded_wkt: str = ""  # longitude and latitude: parts of the countries where the pack is not law
    authority_of: Mapping[_Country, tuple[Word, ...]] = field(default_factory=dict)  # country code -> its authorities
    purposes: Mapping[str, Terms] = field(default_factory=dict)  # closed list of purposes, where the law has one
    required_fields: tuple[Word, ...] = ()  # camera fields that a file on a camera must have
    assembly_ground: tuple[_Condition, ...] = ()  # tag conditions of areas on which people assemble
    sign_items: tuple[Terms, ...] = ()  # what a sign must say
    chapters: tuple[Terms, ...] = ()  # what a plan draft must contain


# The least that data may set: thresholds of packs, and optics of unrecorded cameras.

# The least optics that data must assume of unrecorded cameras, so that no finding vanishes with an assumption.
MILDER = marked("{value} assumes less than the program's {least}; assumptions can be wider, never narrower")


# (narrow, wide) of hfov_deg; most and fewest pixels across; tilt_deg; mount_height_m; the limit of a range nobody recorded.
_Ends = tuple[float, float]
LEAST: Mapping[Kind, tuple[_Ends, _Ends, _Ends, _Ends, float]] = {
    Kind.FIXED: ((12.0, 110.0), (640.0, 3840.0), (0.0, 45.0), (2.5, 8.0), 2500.0),
    Kind.DOME: ((4.7, 115.0), (640.0, 3840.0), (0.0, 75.0), (2.2, 8.0), 750.0),
    Kind.FISHEYE: ((180.0, 180.0), (1000.0, 3000.0), (90.0, 90.0), (2.2, 6.0), 2500.0),
    Kind.PANORAMA: ((360.0, 360.0), (4096.0, 8192.0), (0.0, 45.0), (2.5, 8.0), 2500.0),
    Kind.PAN_TILT: ((4.0, 68.0), (640.0, 3840.0), (0.0, 45.0), (2.5, 12.0), 750.0),
    Kind.PLATE_READER: ((5.5, 95.0), (640.0, 3840.0), (0.0, 45.0), (1.0, 8.0), 750.0),
}


def milder(found: CameraClass, file: str) -> Iterator[Fault]:
    """Yield a fault for everything in which a class assumes less than the core's: narrower limits, a shorter range."""
    hfov_deg, width_px, tilt_deg, height_m, limit_m = LEAST[found.kind]
    spans = (("hfov_deg", hfov_deg), ("image_width_px", width_px), ("tilt_deg", tilt_deg), ("mount_height_m", height_m))
    for name, ends in spans:
        span = getattr(found, name)
        low, high = min(span.narrow, span.wide), max(span.narrow, span.wide)
        if low > ends[0] or high < ends[1]:
            yield Fault(
                MILDER,
                Where(file, item=f"{found.kind.value}.{name}"),
                {"value": f"{low:g}–{high:g}", "least": f"{ends[0]:g}–{ends[1]:g}"},
            )
    if found.range_limit_m < limit_m:
        where = Where(file, item=f"{found.kind.value}.range_limit_m")
        yield Fault(MILDER, where, {"value": f"{found.range_limit_m:g}", "least": f"{limit_m:g}"})


# Keep the core's thresholds the loosest that any pack may set: data may tighten, never loosen.
CORE_THRESHOLDS = Thresholds()
#: A default density class at which known people are recognised; never a pack's default (IEC 62676-4:2014).
RECOGNITION_PX_M = 125.0


def loosened(thresholds: Thresholds, core: Thresholds = CORE_THRESHOLDS) -> tuple[str, ...]:
    """Return the keys that are looser than the core's.

    Every figure is an upper limit of what stays without a finding: a higher grade limit, a longer frontage, a longer
    distance from a served part or a longer retention is looser. A limit that the core does not set is free.
    """
    return tuple(f.name for f in fields(Thresholds) if _is_above(getattr(thresholds, f.name), getattr(core, f.name)))


def _is_above(value: float | None, limit: float | None) -> bool:
    """Say whether a pack's figure is looser than the core's."""
    if limit is None:
        return False
    return value is None or not value <= limit  # NaN is refused as well


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
