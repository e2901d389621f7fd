"""Read the figures that no law sets: of the audit, disclosure, districts, identity, siting, options of parts."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from annotated_types import Interval, MinLen
from pydantic import AfterValidator, BeforeValidator

from lhasaplan.content import content_folder
from lhasaplan.core.audit.disclosure import LEVELS, PEOPLE, SOURCES, Level, tightened
from lhasaplan.core.base.spelling import bare_words, plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.work import UnitPrices, Work
from lhasaplan.core.rules.audit_policy import (
    SHIPPED,
    ApprovalSlack,
    AuditPolicy,
    DistrictRules,
    HeightBand,
    IdentityRules,
    RecordWords,
    ServiceRules,
    SignRule,
    SitingRules,
    SurveyRule,
    least_frontage,
)
from lhasaplan.core.rules.pack import MandateRules
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.validation import BY_TYPE, WHOLE, TomlSchema, read_stated, refuse
from lhasaplan.io.tables.columns import unknown_words

# Read ``data/siting.toml``: where cameras may be proposed, what they may be, and what weighs how much.

# Read ``data/prices.toml``: what each kind of work on cameras costs once, as far as the office has filled it in.
NOT_A_PRICE = marked("{value} is no price: state a number above 0, or leave it empty until it is known.")
NO_CURRENCY = marked("{value} is no currency: write its three letters, such as EUR")
LONGEST, MOST = 60, sys.float_info.max
_LETTERS = re.compile(r"[A-Z]{3}")  # of ISO 4217


def _price(value: object) -> float | None:
    """Return a price; None for one that is to be filled, which is never nothing."""
    if value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= MOST:
        return float(value)
    raise refuse(NOT_A_PRICE, value=str(value)[:LONGEST] or "?")


def _currency(value: object) -> str:
    """Return a currency by its three letters; empty where it is not stated."""
    text = value.strip().upper() if isinstance(value, str) else "?"
    if text and not _LETTERS.fullmatch(text):
        raise refuse(NO_CURRENCY, value=str(value)[:LONGEST] or "?")
    return text


Currency = Annotated[str, BeforeValidator(_currency)]
Price = Annotated[float | None, BeforeValidator(_price)]


@dataclass(frozen=True, slots=True)
class PricesFile:
    """The whole file for :class:`UnitPrices`; a kind of work that is left out is to be filled, too."""

    unit_prices: Mapping[Work, Price]
    currency: Currency = ""


def load_unit_prices(path: Path | None = None) -> UnitPrices:
    """Return the prices that the shipped file states, or another; InputError names every key that is wrong."""
    stated = read_stated(path or content_folder("data") / "prices.toml", PricesFile)
    prices = {work: price for work in Work if (price := stated.unit_prices.get(work)) is not None}
    return UnitPrices(prices, stated.currency)


TOO_LIGHT = marked(
    "protected frontage in view weighs {value}; beside the other weights it has to weigh {least}: data may tighten, never loosen"
)
SITING = TomlSchema(keys={"classes": "class", "weights": "weight"}, is_whole=True)


def load_siting_rules(path: Path | None = None) -> SitingRules:
    """Return the shipped rules, or those of another file; InputError names every key that is wrong."""
    path = path or content_folder("data") / "siting.toml"
    rules = read_stated(path, SitingRules, SITING)
    least = least_frontage(rules.weights)
    if rules.weights.frontage_m < least:
        params = {"value": f"{rules.weights.frontage_m:g}", "least": f"{least:g}"}
        raise InputError(Fault(TOO_LIGHT, Where(path.name, item="weight.frontage_m"), params))
    return rules


# Read the figures that no law sets: of the audit, disclosure, districts, identity, options of parts.


# Read ``data/disclosure.toml``: what drafts tell at each level of disclosure, tightened by what the program drops anyway.
def _known_drops(drops: frozenset[str]) -> frozenset[str]:
    if unknown := sorted(drops - {SOURCES, PEOPLE}):
        raise refuse(BY_TYPE["literal_error"], value=", ".join(unknown), expected=f"'{SOURCES}' or '{PEOPLE}'")
    return drops


DISCLOSURE = TomlSchema(checks={"Level.drops": AfterValidator(_known_drops)})


@dataclass(frozen=True, slots=True)
class DisclosureFile:
    """The whole file."""

    levels: Mapping[Literal["internal", "authority", "council", "public"], Level]


def load_disclosure(path: Path | None = None) -> Mapping[str, Level]:
    """Return every level by name; one that the file leaves out drops what the program drops. InputError names what is wrong."""
    stated = read_stated(path or content_folder("data") / "disclosure.toml", DisclosureFile, DISCLOSURE).levels
    known = {str(name): level for name, level in stated.items()}
    return {name: tightened(name, known.get(name, Level())) for name in LEVELS}


def load_district_rules(path: Path | None = None) -> DistrictRules:
    """Return when a district's plan differs from the city's; InputError names every key that is wrong."""
    return read_stated(path or content_folder("data") / "districts.toml", DistrictRules, WHOLE)


def load_identity_rules(path: Path | None = None) -> IdentityRules:
    """Return when two states of a thing are the same thing; InputError names every key that is wrong or too loose."""
    return read_stated(path or content_folder("data") / "identity.toml", IdentityRules, WHOLE)


def load_service_rules(path: Path | None = None) -> ServiceRules:
    """Return what is tried out for a confirmed part that is not met; InputError names every key that is wrong."""
    return read_stated(path or content_folder("data") / "service.toml", ServiceRules, WHOLE)


# Read ``data/audit.toml``: figures of the audit that no law sets. They may be stricter than the core's, never looser.
BANDS_IN_ORDER = marked("Height bands have different names, go upwards, and only the last one has no end.")


@dataclass(frozen=True, slots=True)
class Entrances:
    """Which door belongs to a building; a wider reach finds more doors and is stricter."""

    reach_m: Annotated[float, Interval(ge=SHIPPED.entrance_reach_m, le=10)]


@dataclass(frozen=True, slots=True)
class AuditFile:
    """The whole file: the sections of :class:`AuditPolicy` as planners know them, its words as people write them."""

    height_bands: Annotated[tuple[HeightBand, ...], MinLen(1)]
    entrances: Entrances
    approval: ApprovalSlack
    signs: SignRule
    survey: SurveyRule
    records: RecordWords
    mandate: MandateRules


def _in_order(found: AuditFile) -> AuditFile:
    ends = [band.to_m for band in found.height_bands]
    known = [end for end in ends[:-1] if end is not None]
    is_rising = len(known) == len(ends) - 1 and all(low < high for low, high in pairwise(known))
    if ends[-1] is not None or not is_rising or len({band.name for band in found.height_bands}) < len(ends):
        raise refuse(BANDS_IN_ORDER)
    return found


AUDIT = TomlSchema(checks={"AuditFile": AfterValidator(_in_order)}, is_whole=True)


def load_audit_policy(path: Path | None = None) -> AuditPolicy:
    """Return the shipped figures, or those of another file; InputError names every key that is wrong or too loose."""
    found = read_stated(path or content_folder("data") / "audit.toml", AuditFile, AUDIT)
    words = found.records
    # What means unknown in tables and records is no answer of a mandate either.
    no_answer = bare_words(found.mandate.no_answer | words.unknown | frozenset(unknown_words()))
    return AuditPolicy(
        bands=found.height_bands,
        entrance_reach_m=found.entrances.reach_m,
        approval=found.approval,
        signs=found.signs,
        survey=found.survey,
        words=RecordWords(frozenset(map(plain, words.no)), frozenset(map(plain, words.unknown))),
        mandate=replace(found.mandate, no_answer=no_answer),
    )
