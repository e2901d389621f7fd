"""Read ``data/streets.toml``: how wide a street is when the map does not say."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lhasaplan.content import content_folder
from lhasaplan.core.city.street_widths import StreetWidths
from lhasaplan.errors import InputError
from lhasaplan.io.parse.toml_file import read_toml
from lhasaplan.io.parse.validation import faults_of

Metres = Annotated[float, Field(gt=0, lt=200)]


class WidthsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    lane_m: Metres
    pavements_m: float = Field(ge=0, lt=200)
    default_m: Metres
    class_m: dict[str, Metres]


def load_street_widths(path: Path | None = None) -> StreetWidths:
    """Return the shipped widths, or those of another file; InputError names every key that is wrong."""
    path = path or content_folder("data") / "streets.toml"
    table, _ = read_toml(path)
    try:
        return StreetWidths(**WidthsFile.model_validate(table).model_dump())
    except ValidationError as error:
        raise InputError(*faults_of(error, path.name)) from error
