"""Read a mandate from TOML, every fault of the file at once; and write it."""

from dataclasses import asdict
from datetime import date
from json import dumps
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from lhasaplan.core.base.plain_values import iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.gate.planning_ground import lonlat_area
from lhasaplan.core.project.mandate import Mandate
from lhasaplan.files.replacing import replacing
from lhasaplan.io.parse.validation import read_valid, refuse

NO_DATE = marked("{value} is not a date of the form YYYY-MM-DD.")
NO_POLYGON = marked("This is not a valid WKT polygon in longitude and latitude.")


def _day(value: object) -> object:
    text = value.isoformat() if type(value) is date else value  # TOML has dates of its own
    if isinstance(text, str) and text.strip() and iso_date(text.strip()) is None:
        raise refuse(NO_DATE, value=text)
    return text


def _area(value: object) -> object:
    if isinstance(value, str) and value.strip() and lonlat_area(value) is None:
        raise refuse(NO_POLYGON)
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Day = Annotated[Text, BeforeValidator(_day)]
Area = Annotated[Text, BeforeValidator(_area)]


class MandateModel(BaseModel):
    """The keys of a mandate file; an absent one is a gap that the gate names, not a fault of the file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    controller: Text = ""
    legal_basis: Text = ""
    purposes: list[Annotated[Text, Field(min_length=1)]] = []
    supervisory_authority: Text = ""
    complaint_route: Text = ""
    impact_assessment_officer: Text = ""
    impact_assessment_date: Day = ""
    retention_days: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    public_register: Text = ""
    plan_area_wkt: Area = ""
    building_extent_wkt: Area = ""
    date: Day = ""


def read_mandate(path: Path) -> Mandate:
    """Return the mandate of a TOML file.

    Raises
    ------
    InputError
        Every unknown key, wrong type, date not YYYY-MM-DD and polygon that is none, each with file and key.
    """
    values = read_valid(path, MandateModel).model_dump()
    return Mandate(**{**values, "purposes": tuple(values["purposes"])})


def write_mandate(path: Path, mandate: Mandate) -> None:
    """Write a mandate as the TOML file that :func:`read_mandate` reads; what it does not say is left out."""
    said = {name: value for name, value in asdict(mandate).items() if value not in ("", (), None)}
    # A string of JSON is one of TOML; other letters than ASCII stand as they are.
    lines = (f"{name} = {dumps(value, ensure_ascii=False)}" for name, value in said.items())
    text = "".join(f"{line}\n" for line in lines)
    with replacing(path) as draft:
        draft.write_text(text, "utf-8")
