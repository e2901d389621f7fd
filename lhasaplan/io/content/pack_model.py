"""What a rule pack's TOML may hold, key by key; anything else is refused with file and key."""

import math
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints, field_validator, model_validator
from pydantic_core import core_schema

from lhasaplan.core.base.translations import SPOKEN, in_each_language, marked
from lhasaplan.core.gate.planning_ground import lonlat_area
from lhasaplan.core.model.place import Required
from lhasaplan.core.rules.pack import CORE_THRESHOLDS, RECOGNITION_PX_M, Article, Category, How, Pack, Terms, Thresholds, loosened
from lhasaplan.io.parse.validation import BY_TYPE, refuse

#: The kinds of finding that an article may be cited by.
FINDING_KINDS = frozenset(
    {
        "view_home",
        "view_protected",
        "view_dwelling_likely",
        "view_unknown_use",
        "unasked_area",
        "no_purpose",
        "retention_over",
        "retention_reason",
        "retention_unknown",
        "optics_unknown",
        "direction_unknown",
        "sign_unknown",
        "sign_missing",
        "sign_not_before_entry",
        "indoor_forbidden",
        "pan_tilt",
        "gap",
        "weak",
        "partial",
        "overlap",
        "removable",
        "fields_missing",
        "changed_since_approval",
        "removed_since_approval",
        "not_approved",
        "purpose_differs",
        "purpose_not_listed",
        "assembly_hours",
        "assembly_ground",
        "beyond_named_ground",
        "entrance_in_view",
        "sharper_than_needed",
        "no_incidents",
        "incidents_unknown",
        "approval_expired",
        "approval_renewal",
        "review_overdue",
        "end_passed",
        "end_missing",
    }
)
NEVER_READ = "religion"  # this tag is read by nobody

UNKNOWN_FINDINGS = marked("No finding is called {kinds}.")
REASON_NEEDED = marked("An article out of reach needs a reason.")
RELIGION = marked("The tag religion is never read; a rule must not ask for it.")
NOT_FINITE = BY_TYPE["finite_number"]
NO_POLYGON = marked("This is not a valid WKT polygon in longitude and latitude.")
NOBODY_OVERSEES = marked("A planning pack needs countries and supervisory authorities.")
NO_DUTIES = marked("Only a duties pack may have categories.")
TWICE = marked("Given twice: {names}.")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Code = Annotated[str, StringConstraints(pattern=r"^(\d{3}|name:.+|fictitious)$")]
Condition = Annotated[str, StringConstraints(pattern=r"^[^=|!*\s]+=[^=|\s][^=|]*(\|[^=|]+)*$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _TextInEachLanguage:
    """Has pydantic take a table from language to text, by the languages of the program: a key that lacks is told by name."""

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        text = core_schema.str_schema(strip_whitespace=True, min_length=1, strict=True)
        keys = {code: core_schema.typed_dict_field(text, required=each.is_in_every_pack) for code, each in SPOKEN.items()}
        table = core_schema.typed_dict_schema(keys, extra_behavior="forbid")
        return core_schema.no_info_after_validator_function(in_each_language, table)


Texts = Annotated[Terms, _TextInEachLanguage()]


class ArticleModel(_Model):
    """One article: who answers it, on what evidence it stands in the pack, which findings cite it."""

    number: Text
    term: Texts
    how: Literal["computed", "declared", "out_of_reach"]
    mark: Literal["V", "M", "U", "P"]
    findings: list[str] = []
    reason: Texts | None = None

    @field_validator("findings")
    @classmethod
    def _known(cls, findings: list[str]) -> list[str]:
        if unknown := sorted(set(findings) - FINDING_KINDS):
            raise refuse(UNKNOWN_FINDINGS, kinds=", ".join(unknown))
        return findings

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.how == "out_of_reach" and self.reason is None:
            raise refuse(REASON_NEEDED)
        return self

    def value(self) -> Article:
        """Return the core's article."""
        reason = self.reason or {}
        return Article(self.number, self.term, How(self.how), self.mark, tuple(self.findings), reason)


class RequiredModel(_Model):
    """The lowest density class that serves a part; the recognition class is never a default."""

    density_px_m: float = Field(gt=0, lt=RECOGNITION_PX_M, allow_inf_nan=False)
    min_views: int = Field(default=1, ge=1)
    min_share: float = Field(default=0.9, gt=0, le=1, allow_inf_nan=False)


class CategoryModel(_Model):
    """One duty category; ``match`` lists alternatives, each a list of conditions that must all hold."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    term: Texts
    match: Annotated[list[Annotated[list[Condition], Field(min_length=1)]], Field(min_length=1)]
    part_kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    shape: Literal["point", "line", "area"]
    required: RequiredModel
    responsible: Texts
    source: Text
    params: dict[str, float | str] = {}

    @field_validator("match")
    @classmethod
    def _no_religion(cls, match: list[list[str]]) -> list[list[str]]:
        if any(condition.split("=")[0].strip().casefold() == NEVER_READ for rule in match for condition in rule):
            raise refuse(RELIGION)
        return match

    def value(self) -> Category:
        """Return the core's category."""
        return Category(
            name=self.name,
            term=self.term,
            match=tuple(tuple(rule) for rule in self.match),
            part_kind=self.part_kind,
            shape=self.shape,
            required=Required(self.required.density_px_m, self.required.min_views, self.required.min_share),
            responsible=self.responsible,
            source=self.source,
            params=self.params,
        )


class ThresholdsModel(_Model):
    """Policy figures; each may be stricter than the core's, never looser."""

    note_px_m: float = Field(default=CORE_THRESHOLDS.note_px_m, gt=0)
    due_px_m: float = Field(default=CORE_THRESHOLDS.due_px_m, gt=0)
    error_px_m: float = Field(default=CORE_THRESHOLDS.error_px_m, gt=0)
    frontage_m: float = Field(default=CORE_THRESHOLDS.frontage_m, ge=0)
    unasked_distance_m: float = Field(default=CORE_THRESHOLDS.unasked_distance_m, ge=0)
    sharper_times: float = Field(default=CORE_THRESHOLDS.sharper_times, gt=1)
    named_ground_m: float = Field(default=CORE_THRESHOLDS.named_ground_m, ge=0)
    retention_days: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    retention_reason_days: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    retention_purpose_days: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    approval_days: float | None = Field(default=None, ge=0, le=36525, allow_inf_nan=False)
    renewal_notice_days: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    review_days: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    end_days: float | None = Field(default=None, ge=0, allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _finite(cls, value: float | None) -> float | None:
        if value is not None and not math.isfinite(value):
            raise refuse(NOT_FINITE, value=value)
        return value

    def value(self) -> Thresholds:
        """Return the core's thresholds."""
        return Thresholds(**self.model_dump())

    def looser_keys(self) -> tuple[str, ...]:
        """Return the keys that are looser than the core allows."""
        return loosened(self.value())


class PackModel(_Model):
    """A whole pack file. ``authorities`` is a list, or a table from country code to its list."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    title: Texts
    version: Text
    planning: Literal["yes", "none", "never", "duties"]
    countries: list[Code] = []
    national_grid: str = ""
    authorities: list[Text] | dict[Code, list[Text]] = []
    articles: list[ArticleModel] = []
    categories: list[CategoryModel] = []
    thresholds: ThresholdsModel = ThresholdsModel()
    cautions: dict[str, Texts] = {}
    public_precision_deg: float | None = Field(default=None, gt=0, le=1)
    sample_digests: list[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]] = []
    territory_wkt: str = ""
    excluded_wkt: str = ""
    purposes: dict[str, Texts] = {}
    required_fields: list[Text] = []
    assembly_ground: list[Condition] = []
    sign_items: list[Texts] = []
    chapters: list[Texts] = []

    @field_validator("assembly_ground")
    @classmethod
    def _no_religion(cls, conditions: list[str]) -> list[str]:
        if any(condition.split("=")[0].strip().casefold() == NEVER_READ for condition in conditions):
            raise refuse(RELIGION)
        return conditions

    @field_validator("territory_wkt", "excluded_wkt")
    @classmethod
    def _polygon(cls, wkt: str) -> str:
        if wkt and lonlat_area(wkt) is None:
            raise refuse(NO_POLYGON)
        return wkt

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.planning == "yes" and not (self.countries and self.authorities):
            raise refuse(NOBODY_OVERSEES)
        if self.planning != "duties" and self.categories:
            raise refuse(NO_DUTIES)
        names = [article.number for article in self.articles] + [category.name for category in self.categories]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise refuse(TWICE, names=", ".join(twice))
        return self

    def value(self, sha256: str, changed: bool, shipped: bool) -> Pack:
        """Return the core's pack with the digest of its file."""
        by_country = self.authorities if isinstance(self.authorities, dict) else {}
        listed = [a for names in by_country.values() for a in names] if by_country else list(self.authorities)
        return Pack(
            name=self.name,
            title=self.title,
            version=self.version,
            planning=self.planning,
            countries=tuple(self.countries),
            national_grid=self.national_grid,
            authorities=tuple(dict.fromkeys(listed)),
            articles=tuple(article.value() for article in self.articles),
            categories=tuple(category.value() for category in self.categories),
            thresholds=self.thresholds.value(),
            cautions=self.cautions,
            public_precision_deg=self.public_precision_deg,
            sha256=sha256,
            changed=changed,
            shipped=shipped,
            sample_digests=tuple(self.sample_digests),
            territory_wkt=self.territory_wkt,
            excluded_wkt=self.excluded_wkt,
            authority_of={code: tuple(names) for code, names in by_country.items()},
            purposes=self.purposes,
            required_fields=tuple(self.required_fields),
            assembly_ground=tuple(self.assembly_ground),
            sign_items=tuple(self.sign_items),
            chapters=tuple(self.chapters),
        )
