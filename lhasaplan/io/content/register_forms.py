"""Read ``data/registers/*.toml``: the forms in which cities and states publish cameras."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from lhasaplan.content import content_folder
from lhasaplan.core.base.wording import marked
from lhasaplan.core.rules.forms import COUNT, VALUES, FormField, FormSheet, RegisterForm
from lhasaplan.errors import InputError, UserError
from lhasaplan.io.parse.valid_file import read_valid
from lhasaplan.io.parse.validation import refuse

BOTH = marked("the field {heading} has a text and values of the register; give one of them")
NO_VALUE = marked("{value} is no value of the register; there are: {known}")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
SheetName = Annotated[str, StringConstraints(min_length=1, max_length=31, pattern=r"^[^\[\]:*?/\\]+$")]  # as Excel takes them


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _known(value: str) -> str:
    if value not in {*VALUES, COUNT}:
        raise refuse(NO_VALUE, value=value, known=", ".join(sorted(VALUES)))
    return value


Value = Annotated[str, AfterValidator(_known)]


class FieldModel(_Model):
    """One field."""

    heading: Annotated[str, StringConstraints(min_length=1)]
    first_of: list[Value] = []
    text: str = ""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.text and self.first_of:
            raise refuse(BOTH, heading=self.heading)
        return self


class SheetModel(_Model):
    """One sheet."""

    name: SheetName
    is_head: bool = False
    one_row_for: list[Value] = []
    fields: list[FieldModel] = Field(min_length=1)

    def value(self) -> FormSheet:
        """Return the sheet as the core has it."""
        fields = tuple(FormField(each.heading, tuple(each.first_of), each.text) for each in self.fields)
        return FormSheet(self.name, fields, self.is_head, tuple(self.one_row_for))


class FormModel(_Model):
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
