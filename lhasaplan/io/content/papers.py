"""Read the forms of papers as data: files that offices hand in, and registers as cities publish them."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated

from annotated_types import MinLen
from pydantic import AfterValidator

from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.rules.forms import (
    COUNT,
    LEAST,
    VALUES,
    AskedField,
    Dossier,
    FormField,
    ImpactField,
    ImpactForm,
    RegisterForm,
    Risk,
    RiskLevel,
    Shown,
)
from lhasaplan.core.rules.pack import Terms
from lhasaplan.errors import Fault, InputError, UserError
from lhasaplan.io.parse.validation import TomlSchema, read_stated, refuse

# Read ``data/registers/*.toml``: the forms in which cities and states publish cameras.

BOTH = marked("the field {heading} has a text and values of the register; give one of them")
NO_VALUE = marked("{value} is no value of the register; there are: {known}")


def _known_value(value: str) -> str:
    if value not in {*VALUES, COUNT}:
        raise refuse(NO_VALUE, value=value, known=", ".join(sorted(VALUES)))
    return value


def _known_values(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_known_value, values))


def _one_source(field: FormField) -> FormField:
    if field.text and field.first_of:
        raise refuse(BOTH, heading=field.heading)
    return field


REGISTER = TomlSchema(
    checks={
        "FormField": AfterValidator(_one_source),
        "FormField.first_of": AfterValidator(_known_values),
        "FormSheet.one_row_for": AfterValidator(_known_values),
        "RegisterForm.one_file_for": AfterValidator(lambda value: value and _known_value(value)),
    }
)


def load_register_forms(folder: Path | None = None) -> tuple[RegisterForm, ...]:
    """Return the forms of a folder in the order of their files; InputError names every key that is wrong in any."""
    errors: list[UserError] = []
    found: list[RegisterForm] = []
    for path in sorted((folder or content_folder("data") / "registers").glob("*.toml")):
        try:
            found.append(read_stated(path, RegisterForm, REGISTER))
        except InputError as error:
            errors.append(error)
    if errors:
        raise InputError(*(fault for error in errors for fault in error.faults))
    return tuple(found)


# Read ``data/dossiers/*.toml``: papers that offices hand in, chapter by chapter; ``data/risks.toml``, risks to people, and
# ``data/impact.toml``, the scale for them and the fields that every impact assessment has.

NO_FIELD = marked("{value} is no field of a mandate; there are: {known}")
NO_LEVEL = marked("{value} is no level of data/impact.toml; give a number from 1 to {most}")
UNEXPLAINED = marked("“{name}” is not explained under [[official]] of data/impact.toml")
ONE_KEY = marked("a row needs a field or what it shows, and not both")
LEFT_OUT = marked("A paper of the kind {kind} must show this, in whatever order: {missing}.")
SAME_PAPER = marked("two papers are called {name}; give them different names")
_FIELDS = tuple(each.name for each in fields(Mandate))


def _is_field(name: str) -> str:
    if name and name not in _FIELDS:
        raise refuse(NO_FIELD, value=name, known=", ".join(_FIELDS))
    return name


def _shows_the_least(paper: Dossier) -> Dossier:
    if missing := LEAST[paper.paper] - paper.shows:
        raise refuse(LEFT_OUT, kind=str(paper.paper), missing=", ".join(sorted(map(str, missing))))
    return paper


@dataclass(frozen=True, slots=True)
class RisksFile:
    """The whole file of risks."""

    risks: Annotated[tuple[Risk, ...], MinLen(1)]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """Who may bring a risk about."""

    text: Terms


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A row for :class:`AskedField`, whose key the file states under ``field`` or under ``shows``."""

    title: Terms
    cnil: tuple[int, ...]
    ico: str
    dsk: str
    field: ImpactField | None = None
    shows: Shown | None = None
    says: Terms | None = None
    asks: Terms | None = None

    def value(self) -> Iterator[AskedField]:
        """Give the row as the core has it."""
        key = self.field or self.shows
        if key is not None:
            yield AskedField(key, self.title, self.cnil, self.ico, self.dsk, self.says, self.asks)


@dataclass(frozen=True, slots=True)
class OfficialName:
    """What the name of a phase or step means that an authority gave it in its own language."""

    name: str
    means: Terms


@dataclass(frozen=True, slots=True)
class ImpactFile:
    """The whole file of what every impact assessment has but for the risks, which have a file of their own."""

    levels: Annotated[tuple[RiskLevel, ...], MinLen(2)]
    sources: Annotated[tuple[SourceRow, ...], MinLen(1)]
    official: tuple[OfficialName, ...]
    fields: Annotated[tuple[AskedRow, ...], MinLen(1)]

    def value(self, risks: tuple[Risk, ...]) -> ImpactForm:
        """Return the form as the core has it; InputError where the scale lacks a level or a name is not explained."""
        for risk in risks:
            if risk.severity > len(self.levels):
                raise InputError(Fault(NO_LEVEL, params={"value": risk.severity, "most": len(self.levels)}))
        fields = tuple(one for each in self.fields for one in each.value())
        unexplained = {name for each in fields for name in (each.ico, each.dsk)} - {each.name for each in self.official}
        if unexplained:
            raise InputError(*(Fault(UNEXPLAINED, params={"name": name}) for name in sorted(unexplained)))
        official = {each.name: each.means for each in self.official}
        return ImpactForm(risks, self.levels, tuple(each.text for each in self.sources), fields, official)


def _has_one_key(row: AskedRow) -> AskedRow:
    if (row.field is None) == (row.shows is None):
        raise refuse(ONE_KEY)
    return row


PAPER = TomlSchema(
    keys={"asked": "asks"},
    checks={"Asked.known": AfterValidator(_is_field), "Dossier": AfterValidator(_shows_the_least)},
)
IMPACT = TomlSchema(checks={"AskedRow": AfterValidator(_has_one_key)})


def load_dossiers(folder: Path | None = None) -> tuple[Dossier, ...]:
    """Return the papers of a folder as ``data``, in the order of their names; InputError names every key that is wrong."""
    folder = folder or content_folder("data")
    risks = read_stated(folder / "risks.toml", RisksFile).risks
    impact = read_stated(folder / "impact.toml", ImpactFile, IMPACT).value(risks)
    errors: list[UserError] = []
    found: list[Dossier] = []
    for path in sorted((folder / "dossiers").glob("*.toml")):
        try:
            found.append(replace(read_stated(path, Dossier, PAPER), impact=impact))
        except InputError as error:
            errors.append(error)
    names = [each.name for each in found]
    twice = [Fault(SAME_PAPER, params={"name": name}) for name in dict.fromkeys(names) if names.count(name) > 1]
    if faults := [fault for error in errors for fault in error.faults] or twice:
        raise InputError(*faults)
    return tuple(found)
