"""Read the forms of papers as data: files that offices hand in, and registers as cities publish them."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.mandate import Mandate
from lhasaplan.core.rules.forms import (
    COUNT,
    LEAST,
    VALUES,
    Asked,
    AskedField,
    Chapter,
    Dossier,
    Event,
    FormField,
    FormFigure,
    FormSheet,
    ImpactField,
    ImpactForm,
    Paper,
    RegisterForm,
    Risk,
    RiskLevel,
    Shown,
)
from lhasaplan.errors import Fault, InputError, UserError
from lhasaplan.io.content.pack_model import Texts
from lhasaplan.io.parse.validation import read_valid, refuse

# Read ``data/registers/*.toml``: the forms in which cities and states publish cameras.

BOTH = marked("the field {heading} has a text and values of the register; give one of them")
NO_VALUE = marked("{value} is no value of the register; there are: {known}")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
SheetName = Annotated[str, StringConstraints(min_length=1, max_length=31, pattern=r"^[^\[\]:*?/\\]+$")]  # as Excel takes them


class _RegisterModel(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _known(value: str) -> str:
    if value not in {*VALUES, COUNT}:
        raise refuse(NO_VALUE, value=value, known=", ".join(sorted(VALUES)))
    return value


Value = Annotated[str, AfterValidator(_known)]


class FieldModel(_RegisterModel):
    """One field."""

    heading: Annotated[str, StringConstraints(min_length=1)]
    first_of: list[Value] = []
    text: str = ""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.text and self.first_of:
            raise refuse(BOTH, heading=self.heading)
        return self


class SheetModel(_RegisterModel):
    """One sheet."""

    name: SheetName
    is_head: bool = False
    one_row_for: list[Value] = []
    fields: list[FieldModel] = Field(min_length=1)

    def value(self) -> FormSheet:
        """Return the sheet as the core has it."""
        fields = tuple(FormField(each.heading, tuple(each.first_of), each.text) for each in self.fields)
        return FormSheet(self.name, fields, self.is_head, tuple(self.one_row_for))


class FormModel(_RegisterModel):
    """The whole file of one form."""

    name: Name
    packs: list[str] = Field(min_length=1)
    statuses: list[Literal["operating", "planned", "removed"]] = Field(min_length=1)
    one_file_for: Value | Literal[""] = ""
    sheets: list[SheetModel] = Field(min_length=1)

    def value(self) -> RegisterForm:
        """Return the form as the core has it."""
        sheets = tuple(each.value() for each in self.sheets)
        return RegisterForm(self.name, tuple(self.packs), tuple(self.statuses), sheets, self.one_file_for)


def load_register_forms(folder: Path | None = None) -> tuple[RegisterForm, ...]:
    """Return the forms of a folder in the order of their files; InputError names every key that is wrong in any."""
    errors: list[UserError] = []
    found: list[RegisterForm] = []
    for path in sorted((folder or content_folder("data") / "registers").glob("*.toml")):
        try:
            found.append(read_valid(path, FormModel).value())
        except InputError as error:
            errors.append(error)
    if errors:
        raise InputError(*(fault for error in errors for fault in error.faults))
    return tuple(found)


# Read ``data/dossiers/*.toml``: papers that offices hand in, chapter by chapter; ``data/risks.toml``, risks to people, and
# ``data/impact.toml``, the scale for them and the fields that every impact assessment has.

NO_FIELD = marked("{value} is no field of a mandate; there are: {known}")
NO_LEVEL = marked("{value} is no level of data/impact.toml; give a number from 1 to {most}")
ONE_KEY = marked("a row needs a field or what it shows, and not both")
LEFT_OUT = marked("A paper of the kind {kind} must show this, in whatever order: {missing}.")
SAME_PAPER = marked("two papers are called {name}; give them different names")
_FIELDS = tuple(each.name for each in fields(Mandate))


class _PaperModel(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskedModel(_PaperModel):
    """A question to the office."""

    text: Texts
    known: str = ""

    @field_validator("known")
    @classmethod
    def _is_field(cls, name: str) -> str:
        if name and name not in _FIELDS:
            raise refuse(NO_FIELD, value=name, known=", ".join(_FIELDS))
        return name


class ChapterModel(_PaperModel):
    """One chapter."""

    title: Texts
    rests_on: str = ""
    mark: Literal["V", "M", "U", "P"] = "P"
    text: Texts | None = None
    shows: list[Shown] = []
    articles: list[str] = []
    asks: list[AskedModel] = []
    fields: list[ImpactField] = []

    def value(self) -> Chapter:
        """Return the chapter as the core has it."""
        asked = tuple(Asked(each.text, each.known) for each in self.asks)
        shows, articles, fields_ = tuple(self.shows), tuple(self.articles), tuple(self.fields)
        return Chapter(self.title, self.rests_on, self.mark, self.text, shows, articles, asked, fields_)


class DossierModel(_PaperModel):
    """The whole file of one paper."""

    name: Name
    paper: Paper
    packs: list[str] = []
    title: Texts
    lead: Texts
    piece: Texts | None = None
    chapters: list[ChapterModel] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        missing = LEAST[self.paper] - {shown for chapter in self.chapters for shown in chapter.shows}
        if missing:
            raise refuse(LEFT_OUT, kind=str(self.paper), missing=", ".join(sorted(map(str, missing))))
        return self

    def value(self, impact: ImpactForm) -> Dossier:
        """Return the paper as the core has it."""
        chapters = tuple(each.value() for each in self.chapters)
        return Dossier(self.name, self.paper, self.title, self.lead, chapters, tuple(self.packs), impact, self.piece)


class RiskModel(_PaperModel):
    """One risk to people."""

    text: Texts
    harm: Texts
    measure: Texts
    severity: int = Field(ge=1)
    figure: FormFigure = FormFigure.NONE
    events: list[Event] = Field(min_length=1)

    def value(self, most: int) -> Risk:
        """Return the risk as the core has it."""
        if self.severity > most:
            raise InputError(Fault(NO_LEVEL, params={"value": self.severity, "most": most}))
        return Risk(self.text, self.harm, self.measure, self.severity, self.figure, tuple(self.events))


class RisksFile(_PaperModel):
    """The whole file of risks."""

    risks: list[RiskModel] = Field(min_length=1)


class LevelModel(_PaperModel):
    """One level of the scale."""

    name: Texts
    likelihood: Texts
    severity: Texts


class SourceModel(_PaperModel):
    """Who may bring a risk about."""

    text: Texts


class TemplateFieldModel(_PaperModel):
    """One field, and where the templates of authorities ask for it."""

    field: ImpactField | None = None
    shows: Shown | None = None
    title: Texts
    says: Texts | None = None
    asks: Texts | None = None
    cnil: list[int]
    ico: str
    dsk: str

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.field is None) == (self.shows is None):
            raise refuse(ONE_KEY)
        return self

    def value(self) -> Iterator[AskedField]:
        """Give the row as the core has it."""
        key = self.field or self.shows
        if key is not None:
            yield AskedField(key, self.title, tuple(self.cnil), self.ico, self.dsk, self.says, self.asks)


class ImpactFile(_PaperModel):
    """The whole file of what every impact assessment has."""

    levels: list[LevelModel] = Field(min_length=2)
    sources: list[SourceModel] = Field(min_length=1)
    fields: list[TemplateFieldModel] = Field(min_length=1)

    def value(self, risks: Sequence[RiskModel]) -> ImpactForm:
        """Return the form as the core has it."""
        levels = tuple(RiskLevel(each.name, each.likelihood, each.severity) for each in self.levels)
        fields_ = tuple(one for each in self.fields for one in each.value())
        sources = tuple(each.text for each in self.sources)
        return ImpactForm(tuple(each.value(len(levels)) for each in risks), levels, sources, fields_)


def load_dossiers(folder: Path | None = None) -> tuple[Dossier, ...]:
    """Return the papers of a folder as ``data``, in the order of their names; InputError names every key that is wrong."""
    folder = folder or content_folder("data")
    risks = read_valid(folder / "risks.toml", RisksFile).risks
    impact = read_valid(folder / "impact.toml", ImpactFile).value(risks)
    errors: list[UserError] = []
    found: list[Dossier] = []
    for path in sorted((folder / "dossiers").glob("*.toml")):
        try:
            found.append(read_valid(path, DossierModel).value(impact))
        except InputError as error:
            errors.append(error)
    faults = [fault for error in errors for fault in error.faults]
    if faults or (faults := _same_names(found)):
        raise InputError(*faults)
    return tuple(found)


def _same_names(found: Sequence[Dossier]) -> list[Fault]:
    names = [each.name for each in found]
    return [Fault(SAME_PAPER, params={"name": name}) for name in dict.fromkeys(names) if names.count(name) > 1]
