"""Read ``data/districts.toml``: when a district's plan differs from the city's, and how much round it its file holds."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lhasaplan.content import content_folder
from lhasaplan.core.rules.audit_policy import DistrictRules
from lhasaplan.io.parse.valid_file import read_valid


class DistrictFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    moved_m: Annotated[float, Field(ge=0, le=100)]
    turned_deg: Annotated[float, Field(ge=0, le=180)]
    share: Annotated[float, Field(ge=0, lt=1)]
    unasked_m2: Annotated[float, Field(ge=0, le=10_000)]
    near_m: Annotated[float, Field(ge=0, le=100)]
    around_m: Annotated[float, Field(ge=50, le=5_000)]


def load_district_rules(path: Path | None = None) -> DistrictRules:
    """Return the rules of the shipped file, or of another; InputError names every key that is wrong."""
    return DistrictRules(**read_valid(path or content_folder("data") / "districts.toml", DistrictFile).model_dump())
