"""Read ``data/dossiers/*.toml``: papers that offices hand in, chapter by chapter, and ``data/risks.toml``, risks to people."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from lhasaplan.content import content_folder
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.mandate import Mandate
from lhasaplan.core.rules.forms import LEAST, Asked, Chapter, Dossier, Figure, Paper, Risk, Shown
from lhasaplan.errors import Fault, InputError, UserError
from lhasaplan.io.content.pack_model import TermsModel
from lhasaplan.io.parse.valid_file import read_valid
from lhasaplan.io.parse.validation import refuse

NO_FIELD = marked("{value} is no field of a mandate; there are: {known}")
LEFT_OUT = marked("A paper of the kind {kind} must show this, in whatever order: {missing}.")
SAME_PAPER = marked("two papers are called {name}; give them different names")
_FIELDS = tuple(each.name for each in fields(Mandate))
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskedModel(_Model):
    """A question to the office."""

    text: TermsModel
    known: str = ""

    @field_validator("known")
    @classmethod
    def _is_field(cls, name: str) -> str:
        if name and name not in _FIELDS:
            raise refuse(NO_FIELD, value=name, known=", ".join(_FIELDS))
        return name


class ChapterModel(_Model):
    """One chapter."""

    title: TermsModel
    rests_on: str = ""
    mark: Literal["V", "M", "U", "P"] = "P"
    text: TermsModel | None = None
    shows: list[Shown] = []
    articles: list[str] = []
    asks: list[AskedModel] = []

    def value(self) -> Chapter:
        """Return the chapter as the core has it."""
        text = self.text.value() if self.text else None
        asked = tuple(Asked(each.text.value(), each.known) for each in self.asks)
        return Chapter(self.title.value(), self.rests_on, self.mark, text, tuple(self.shows), tuple(self.articles), asked)


class DossierModel(_Model):
    """The whole file of one paper."""

    name: Name
    paper: Paper
    packs: list[str] = []
    title: TermsModel
    lead: TermsModel
    chapters: list[ChapterModel] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        missing = LEAST[self.paper] - {shown for chapter in self.chapters for shown in chapter.shows}
        if missing:
            raise refuse(LEFT_OUT, kind=str(self.paper), missing=", ".join(sorted(map(str, missing))))
        return self

    def value(self, risks: tuple[Risk, ...]) -> Dossier:
        """Return the paper as the core has it."""
        chapters = tuple(each.value() for each in self.chapters)
        return Dossier(self.name, self.paper, self.title.value(), self.lead.value(), chapters, tuple(self.packs), risks)


class RiskModel(_Model):
    """One risk to people."""

    text: TermsModel
    harm: TermsModel
    measure: TermsModel
    figure: Figure = Figure.NONE

    def value(self) -> Risk:
        """Return the risk as the core has it."""
        return Risk(self.text.value(), self.harm.value(), self.measure.value(), self.figure)


class RisksFile(_Model):
    """The whole file of risks."""

    risks: list[RiskModel] = Field(min_length=1)


def load_dossiers(folder: Path | None = None) -> tuple[Dossier, ...]:
    """Return the papers of a folder as ``data``, in the order of their names; InputError names every key that is wrong."""
    folder = folder or content_folder("data")
    risks = tuple(each.value() for each in read_valid(folder / "risks.toml", RisksFile).risks)
    errors: list[UserError] = []
    found: list[Dossier] = []
    for path in sorted((folder / "dossiers").glob("*.toml")):
        try:
            found.append(read_valid(path, DossierModel).value(risks))
        except InputError as error:
            errors.append(error)
    faults = [fault for error in errors for fault in error.faults]
    if faults or (faults := _same_names(found)):
        raise InputError(*faults)
    return tuple(found)


def _same_names(found: Sequence[Dossier]) -> list[Fault]:
    names = [each.name for each in found]
    return [Fault(SAME_PAPER, params={"name": name}) for name in dict.fromkeys(names) if names.count(name) > 1]
