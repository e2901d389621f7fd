"""Read ``data/snapping.toml``: what a camera that is drawn by hand snaps to."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lhasaplan.content import content_folder
from lhasaplan.core.layout.snap_targets import SnapRules
from lhasaplan.io.parse.validation import read_valid

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
    content = read_valid(path or content_folder("data") / "snapping.toml", SnapFile)
    return SnapRules(**content.model_dump())
