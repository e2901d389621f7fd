"""Read ``data/cameras/unusual.toml``: what is remarked of a camera as it is recorded."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lhasaplan.content import content_folder
from lhasaplan.core.rules.audit_policy import UnusualRules, UnusualValues, WaterRules
from lhasaplan.io.parse.validation import read_valid

Times = Annotated[float, Field(ge=1, le=1000)]
Metres = Annotated[float, Field(ge=0, le=1000)]
Word = Annotated[str, Field(min_length=1)]
TagValues = dict[Word, frozenset[Word]]


class ValuesTable(BaseModel):
    """Thresholds over what is usual."""

    model_config = ConfigDict(extra="forbid")
    mount_height_times: Times
    mount_height_least_m: Metres
    range_times: Times
    night_range_times: Times
    inside_m: Metres


class WaterTable(BaseModel):
    """What is water, and what is over it."""

    model_config = ConfigDict(extra="forbid")
    building_m: Metres
    crossing_m: Metres
    areas: TagValues
    line_width_m: dict[Word, dict[Word, Metres]]
    crossings: TagValues


class UnusualFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    values: ValuesTable
    water: WaterTable


def load_unusual_rules(path: Path | None = None) -> UnusualRules:
    """Return the shipped thresholds and tags, or those of another file; InputError names every key that is wrong."""
    content = read_valid(path or content_folder("data") / "cameras" / "unusual.toml", UnusualFile)
    return UnusualRules(UnusualValues(**content.values.model_dump()), WaterRules(**content.water.model_dump()))
