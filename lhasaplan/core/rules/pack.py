"""Rule packs as values: articles, thresholds, territory, categories. Code knows no city and no law."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lhasaplan.core.model.place import Required

Terms = Mapping[str, str]  # language -> text, complete in all languages of the program


class How(StrEnum):
    """Who answers an article: the program, a person, or neither (with the reason)."""

    COMPUTED = "computed"
    DECLARED = "declared"
    OUT_OF_REACH = "out_of_reach"


@dataclass(frozen=True, slots=True)
class Article:
    """One article or paragraph of a pack.

    ``findings`` are the finding kinds that cite it; ``mark`` is V, M, U or P (docs/rules.md) and a U is printed only as
    "to be confirmed"; ``reason`` says why it is out of reach.
    """

    number: str
    term: Terms
    how: How
    mark: str
    findings: tuple[str, ...] = ()
    reason: Terms = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Category:
    """One duty category: which features give a place, and which parts it has.

    ``match`` are tag conditions ``key=value|value`` (any one of the list of alternatives, each a list that must all hold).
    """

    name: str
    term: Terms
    match: tuple[tuple[str, ...], ...]
    part_kind: str
    shape: str
    required: Required
    responsible: Terms
    source: str
    params: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Grades of a view onto a protected place, px/m, and other policy figures; data may tighten, never loosen."""

    note_px_m: float = 25.0
    due_px_m: float = 62.5
    error_px_m: float = 125.0
    frontage_m: float = 1.0
    unasked_distance_m: float = 10.0
    sharper_times: float = 2.5  # so many times the density that is needed is a class too sharp
    named_ground_m: float = 1.0  # so far beyond the ground that a record names a camera may see (a court's figure)
    retention_days: float | None = None
    retention_reason_days: float | None = None
    retention_purpose_days: float | None = None  # kept longer without a named purpose is a question
    approval_days: float | None = None  # so long an approval lasts
    renewal_notice_days: float | None = None  # so long before its end renewal is asked for; longer is stricter
    review_days: float | None = None  # so far apart reviews of a camera are
    end_days: float | None = None  # so far ahead the end or review of a planned camera lies


@dataclass(frozen=True, slots=True)
class Pack:
    """A rule pack. ``planning`` is ``yes``, ``none`` (it lets nobody plan), ``never`` (nor does any other) or ``duties``.

    ``countries`` are ISO numeric codes.
    """

    name: str
    title: Terms
    version: str
    planning: str
    countries: tuple[str, ...]
    national_grid: str
    authorities: tuple[str, ...]
    articles: tuple[Article, ...]
    categories: tuple[Category, ...]
    thresholds: Thresholds
    cautions: Mapping[str, Terms] = field(default_factory=dict)
    public_precision_deg: float | None = None  # cn-limits: positions to 0.01 degree unless --private
    sha256: str = ""
    changed: bool = False  # differs from the shipped pack of this name
    shipped: bool = True
    sample_digests: tuple[str, ...] = ()  # a fictitious territory opens for these samples alone
    territory_wkt: str = ""  # longitude and latitude: narrows the countries; alone it is a fictitious territory
    excluded_wkt: str = ""  # longitude and latitude: parts of the countries where the pack is not law
    authority_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # country code -> its authorities
    purposes: Mapping[str, Terms] = field(default_factory=dict)  # closed list of purposes, where the law has one
    required_fields: tuple[str, ...] = ()  # camera fields that a file on a camera must have
    assembly_ground: tuple[str, ...] = ()  # tag conditions of areas on which people assemble
    sign_items: tuple[Terms, ...] = ()  # what a sign must say
    chapters: tuple[Terms, ...] = ()  # what a plan draft must contain
