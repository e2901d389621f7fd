"""Read ``data/disclosure.toml``: what drafts tell at each level of disclosure, tightened by what the program drops anyway."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lhasaplan.content import content_folder
from lhasaplan.core.audit.disclosure import LEVELS, Level, tightened
from lhasaplan.io.parse.valid_file import read_valid


class _Level(BaseModel):
    model_config = ConfigDict(extra="forbid")
    drops: frozenset[Literal["sources", "people"]] = frozenset()
    precision_deg: float | None = Field(default=None, gt=0.0, le=1.0)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    levels: dict[Literal["internal", "authority", "council", "public"], _Level]


def load_disclosure(path: Path | None = None) -> Mapping[str, Level]:
    """Return every level by name; one that the file leaves out drops what the program drops. InputError names what is wrong."""
    stated = read_valid(path or content_folder("data") / "disclosure.toml", _File).levels
    known = {str(name): Level(frozenset(map(str, each.drops)), each.precision_deg) for name, each in stated.items()}
    return {name: tightened(name, known.get(name, Level())) for name in LEVELS}
