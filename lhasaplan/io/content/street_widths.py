"""Read ``data/streets.toml``: how wide a street is when the map does not say."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lhasaplan.content import content_folder
from lhasaplan.core.city.streets import StreetWidths
from lhasaplan.io.parse.validation import read_valid

WidthMetres = Annotated[float, Field(gt=0, lt=200)]


class WidthsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    lane_m: WidthMetres
    pavements_m: float = Field(ge=0, lt=200)
    default_m: WidthMetres
    class_m: dict[str, WidthMetres]


def load_street_widths(path: Path | None = None) -> StreetWidths:
    """Return the shipped widths, or those of another file; InputError names every key that is wrong."""
    return StreetWidths(**read_valid(path or content_folder("data") / "streets.toml", WidthsFile).model_dump())
