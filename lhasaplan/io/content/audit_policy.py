"""Read ``data/audit.toml``: figures of the audit that no law sets. They may be stricter than the core's, never looser."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from lhasaplan.content import content_folder
from lhasaplan.core.base.spelling import plain
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.blank_answers import bare_words
from lhasaplan.core.rules.audit_policy import SHIPPED, ApprovalSlack, AuditPolicy, HeightBand, RecordWords, SignRule
from lhasaplan.core.rules.mandate_check import MandateRules
from lhasaplan.io.content.pack_model import TermsModel
from lhasaplan.io.parse.valid_file import read_valid
from lhasaplan.io.parse.validation import refuse
from lhasaplan.io.tables.columns import unknown_words

BANDS_IN_ORDER = marked("Height bands have different names, go upwards, and only the last one has no end.")

_SLACK, _SIGNS, _MANDATE = SHIPPED.approval, SHIPPED.signs, SHIPPED.mandate


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class BandModel(_Model):
    """One band of heights."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    to_m: float | None = Field(default=None, gt=0, le=1000)
    term: TermsModel


class EntrancesModel(_Model):
    """Which door belongs to a building; a wider reach finds more doors and is stricter."""

    reach_m: float = Field(ge=SHIPPED.entrance_reach_m, le=10)


class ApprovalModel(_Model):
    """What may differ from an approval."""

    angle_deg: float = Field(ge=0, le=_SLACK.angle_deg)
    lens_deg: float = Field(ge=0, le=_SLACK.lens_deg)
    lens_share: float = Field(ge=0, le=_SLACK.lens_share)
    place_m: float = Field(ge=0, le=_SLACK.place_m)


class SignsModel(_Model):
    """Where a sign must stand."""

    before_m: float = Field(gt=0, le=_SIGNS.before_m)
    beside_m: float = Field(gt=0, le=_SIGNS.beside_m)
    gap_m: float = Field(ge=0, le=_SIGNS.gap_m)


class RecordsModel(_Model):
    """What people write where nothing is there, or nothing is known."""

    no: list[str] = Field(min_length=1)
    unknown: list[str] = Field(min_length=1)


class MandateModel(_Model):
    """What a mandate may not say."""

    most_retention_days: float = Field(gt=0, le=_MANDATE.most_retention_days)
    assessment_years: int = Field(ge=1, le=_MANDATE.assessment_years)
    mandate_years: int = Field(ge=1, le=_MANDATE.mandate_years)
    no_answer: list[str] = []


class AuditFile(_Model):
    """The whole file."""

    height_bands: list[BandModel] = Field(min_length=1)
    entrances: EntrancesModel
    approval: ApprovalModel
    signs: SignsModel
    records: RecordsModel
    mandate: MandateModel

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
        bands=tuple(HeightBand(band.name, band.to_m, band.term.value()) for band in found.height_bands),
        entrance_reach_m=found.entrances.reach_m,
        approval=ApprovalSlack(**found.approval.model_dump()),
        signs=SignRule(**found.signs.model_dump()),
        words=RecordWords(frozenset(map(plain, found.records.no)), frozenset(map(plain, found.records.unknown))),
        mandate=_mandate_rules(found.mandate, found.records.unknown),
    )


def _mandate_rules(found: MandateModel, unknown: list[str]) -> MandateRules:
    """Return the limits of a mandate; words that tell in a table or a record that nobody knows tell the same in it."""
    words = bare_words(frozenset((*found.no_answer, *unknown, *unknown_words())))
    return MandateRules(found.most_retention_days, found.assessment_years, found.mandate_years, words)
