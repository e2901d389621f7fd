"""Read the figures that no law sets: of the audit, disclosure, districts, identity, options of parts."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from lhasaplan.content import content_folder
from lhasaplan.core.audit.disclosure import LEVELS, Level, tightened
from lhasaplan.core.base.spelling import plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.blank_answers import bare_words
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
    SurveyRule,
)
from lhasaplan.core.rules.mandate_check import MandateRules
from lhasaplan.io.content.pack_model import Texts
from lhasaplan.io.parse.validation import Stated, read_stated, read_valid, refuse
from lhasaplan.io.tables.columns import unknown_words

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
