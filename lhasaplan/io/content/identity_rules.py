"""Read ``data/identity.toml``: when two states of a thing are the same thing."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lhasaplan.content import content_folder
from lhasaplan.core.rules.audit_policy import IdentityRules
from lhasaplan.io.parse.valid_file import read_valid


class IdentityFile(BaseModel):
    """The whole file; no figure may be looser than the program's own."""

    model_config = ConfigDict(extra="forbid")
    share: Annotated[float, Field(ge=0.5, le=1)]
    apart_m: Annotated[float, Field(ge=0, le=5)]
    storeys_more: Annotated[float, Field(ge=0, le=1)]


def load_identity_rules(path: Path | None = None) -> IdentityRules:
    """Return the rules of the shipped file, or of another; InputError names every key that is wrong."""
    return IdentityRules(**read_valid(path or content_folder("data") / "identity.toml", IdentityFile).model_dump())
