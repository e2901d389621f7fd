"""Read the figures that no law sets: of the audit, disclosure, districts, identity, siting, options of parts."""

import re
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, create_model, model_validator

from lhasaplan.content import content_folder
from lhasaplan.core.audit.disclosure import LEVELS, Level, tightened
from lhasaplan.core.base.spelling import bare_words, plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.work import UnitPrices, Work
from lhasaplan.core.rules.audit_policy import (
    SHIPPED,
    ApprovalSlack,
    AuditPolicy,
    DistrictRules,
    GenericClass,
    HeightBand,
    IdentityRules,
    RecordWords,
    ServiceRules,
    SignRule,
    SitingRules,
    SurveyRule,
    TagValues,
    Weights,
    least_frontage,
)
from lhasaplan.core.rules.mandate_check import MandateRules
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.pack_model import Texts
from lhasaplan.io.parse.validation import Stated, read_stated, read_valid, refuse
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
_FIELDS: dict[str, Any] = {str(work): (Price, None) for work in Work}  # of a model that is made: pydantic names them itself
PricesTable = create_model("PricesTable", __config__=ConfigDict(extra="forbid"), **_FIELDS)


class PricesFile(BaseModel):
    """The whole file; a kind of work that is left out is to be filled, too."""

    model_config = ConfigDict(extra="forbid")
    currency: Currency = ""
    unit_prices: PricesTable  # type: ignore[valid-type]


def load_unit_prices(path: Path | None = None) -> UnitPrices:
    """Return the prices that the shipped file states, or another; InputError names every key that is wrong."""
    content = read_valid(path or content_folder("data") / "prices.toml", PricesFile).model_dump()
    prices = content["unit_prices"]
    return UnitPrices({work: prices[work] for work in Work if prices[work] is not None}, content["currency"])


TOO_LIGHT = marked(
    "protected frontage in view weighs {value}; beside the other weights it has to weigh {least}: data may tighten, never loosen"
)
Metres = Annotated[float, Field(gt=0, le=500)]
Height = Annotated[float, Field(ge=2.0, le=30.0)]
Effort = Annotated[float, Field(gt=0, le=1e6)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class EffortFile(BaseModel):
    """What it takes to find a value out; it takes something."""

    model_config = ConfigDict(extra="forbid")
    mount_height_m: Effort
    tilt_deg: Effort
    range_m: Effort
    hfov_deg: Effort


class SitingFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    reach_m: Metres
    spacing_m: Annotated[float, Field(ge=1, le=100)]
    positions: Count
    corners: bool
    heights_m: Annotated[tuple[tuple[Height, Height], ...], Field(min_length=1, max_length=5)]
    azimuth_step_deg: Annotated[float, Field(ge=5, le=360)]
    headroom_deg: Annotated[float, Field(ge=0, le=45)]
    most_new: Count
    most_masked: Count
    most_changes: Count
    options: Annotated[int, Field(ge=0, le=200)]
    poles: TagValues = {}
    forbidden: TagValues = {}
    classes: tuple[Annotated[GenericClass, Stated()], ...] = Field(alias="class")
    weight: Annotated[Weights, Stated()]
    effort: EffortFile


def load_siting_rules(path: Path | None = None) -> SitingRules:
    """Return the shipped rules, or those of another file; InputError names every key that is wrong."""
    path = path or content_folder("data") / "siting.toml"
    found = read_valid(path, SitingFile)
    least = least_frontage(found.weight)
    if found.weight.frontage_m < least:
        params = {"value": f"{found.weight.frontage_m:g}", "least": f"{least:g}"}
        raise InputError(Fault(TOO_LIGHT, Where(path.name, item="weight.frontage_m"), params))
    values = found.model_dump(exclude={"classes", "weight"})
    return SitingRules(**values, classes=found.classes, weights=found.weight)


# Read the figures that no law sets: of the audit, disclosure, districts, identity, options of parts.


# Read ``data/disclosure.toml``: what drafts tell at each level of disclosure, tightened by what the program drops anyway.
class _Level(BaseModel):
    model_config = ConfigDict(extra="forbid")
    drops: frozenset[Literal["sources", "people"]] = frozenset()
    precision_deg: float | None = Field(default=None, gt=0.0, le=1.0)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    levels: dict[Literal["internal", "authority", "council", "public"], _Level]


def load_disclosure(path: Path | None = None) -> Mapping[str, Level]:
    """Return every level by name; one that the file leaves out drops what the program drops. InputError names what is wrong."""
    stated = read_valid(path or content_folder("data") / "disclosure.toml", _File).levels
    known = {str(name): Level(frozenset(map(str, each.drops)), each.precision_deg) for name, each in stated.items()}
    return {name: tightened(name, known.get(name, Level())) for name in LEVELS}


def load_district_rules(path: Path | None = None) -> DistrictRules:
    """Return when a district's plan differs from the city's; InputError names every key that is wrong."""
    return read_stated(path or content_folder("data") / "districts.toml", DistrictRules)


def load_identity_rules(path: Path | None = None) -> IdentityRules:
    """Return when two states of a thing are the same thing; InputError names every key that is wrong or too loose."""
    return read_stated(path or content_folder("data") / "identity.toml", IdentityRules)


def load_service_rules(path: Path | None = None) -> ServiceRules:
    """Return what is tried out for a confirmed part that is not met; InputError names every key that is wrong."""
    return read_stated(path or content_folder("data") / "service.toml", ServiceRules)


# Read ``data/audit.toml``: figures of the audit that no law sets. They may be stricter than the core's, never looser.
BANDS_IN_ORDER = marked("Height bands have different names, go upwards, and only the last one has no end.")

_MANDATE = SHIPPED.mandate


class _PolicyModel(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class BandModel(_PolicyModel):
    """One band of heights."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    to_m: float | None = Field(default=None, gt=0, le=1000)
    term: Texts


class EntrancesModel(_PolicyModel):
    """Which door belongs to a building; a wider reach finds more doors and is stricter."""

    reach_m: float = Field(ge=SHIPPED.entrance_reach_m, le=10)


class RecordsModel(_PolicyModel):
    """What people write where nothing is there, or nothing is known."""

    no: list[str] = Field(min_length=1)
    unknown: list[str] = Field(min_length=1)


class AuditMandateModel(_PolicyModel):
    """What a mandate may not say."""

    most_retention_days: float = Field(gt=0, le=_MANDATE.most_retention_days)
    assessment_years: int = Field(ge=1, le=_MANDATE.assessment_years)
    mandate_years: int = Field(ge=1, le=_MANDATE.mandate_years)
    no_answer: list[str] = []


class AuditFile(_PolicyModel):
    """The whole file."""

    height_bands: list[BandModel] = Field(min_length=1)
    entrances: EntrancesModel
    approval: Annotated[ApprovalSlack, Stated()]
    signs: Annotated[SignRule, Stated()]
    survey: Annotated[SurveyRule, Stated()] = SurveyRule()
    records: RecordsModel
    mandate: AuditMandateModel

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        ends = [band.to_m for band in self.height_bands]
        known = [end for end in ends[:-1] if end is not None]
        is_rising = len(known) == len(ends) - 1 and all(low < high for low, high in pairwise(known))
        if ends[-1] is not None or not is_rising or len({band.name for band in self.height_bands}) < len(ends):
            raise refuse(BANDS_IN_ORDER)
        return self


def load_audit_policy(path: Path | None = None) -> AuditPolicy:
    """Return the shipped figures, or those of another file; InputError names every key that is wrong or too loose."""
    found = read_valid(path or content_folder("data") / "audit.toml", AuditFile)
    return AuditPolicy(
        bands=tuple(HeightBand(band.name, band.to_m, band.term) for band in found.height_bands),
        entrance_reach_m=found.entrances.reach_m,
        approval=found.approval,
        signs=found.signs,
        survey=found.survey,
        words=RecordWords(frozenset(map(plain, found.records.no)), frozenset(map(plain, found.records.unknown))),
        mandate=_mandate_rules(found.mandate, found.records.unknown),
    )


def _mandate_rules(found: AuditMandateModel, unknown: list[str]) -> MandateRules:
    """Return the limits of a mandate, with the words that mean unknown in tables and records."""
    words = bare_words(frozenset((*found.no_answer, *unknown, *unknown_words())))
    return MandateRules(found.most_retention_days, found.assessment_years, found.mandate_years, words)
