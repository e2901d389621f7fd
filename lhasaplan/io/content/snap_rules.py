"""Read ``data/snapping.toml``: what a camera that is drawn by hand snaps to."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lhasaplan.content import content_folder
from lhasaplan.core.layout.snap_rules import SnapRules
from lhasaplan.errors import InputError
from lhasaplan.io.parse.toml_file import read_toml
from lhasaplan.io.parse.validation import faults_of

Metres = Annotated[float, Field(ge=0, le=50)]
Word = Annotated[str, Field(min_length=1)]
TagValues = dict[Word, frozenset[Word]]


class SnapFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    kerb_m: Metres
    crossing_reach_m: Metres
    poles: TagValues
    crossings: TagValues


def load_snap_rules(path: Path | None = None) -> SnapRules:
    """Return the shipped figures and tags, or those of another file; InputError names every key that is wrong."""
    path = path or content_folder("data") / "snapping.toml"
    table, _ = read_toml(path)
    try:
        content = SnapFile.model_validate(table)
    except ValidationError as error:
        raise InputError(*faults_of(error, path.name)) from error
    return SnapRules(**content.model_dump())
