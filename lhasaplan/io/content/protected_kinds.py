"""Read ``data/protected.toml`` and refuse it when it protects less than the core's minimum."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lhasaplan.content import content_folder
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.protection.kind_types import (
    LIVED_ABOVE,
    LIVED_ABOVE_STOREYS,
    OWN_SPOT,
    SHARED_BUILDINGS,
    Inside,
    LikelyEvidence,
    ProtectedKind,
    ProtectedKinds,
)
from lhasaplan.core.protection.minimum import loosened
from lhasaplan.errors import InputError
from lhasaplan.io.content.protected_words import elsewhere, with_words
from lhasaplan.io.parse.toml_file import TomlTable, read_toml
from lhasaplan.io.parse.validation import faults_of


class KindRow(BaseModel):
    """One ``[[kind]]`` of the file."""

    model_config = ConfigDict(extra="forbid")
    name: str
    cls: Literal["home", "protected"] = Field(alias="class")
    tags: tuple[str, ...] = Field(min_length=1)
    inside: Inside = Inside.BUILDING
    point_m: float = Field(5.0, ge=0)
    line_m: float = Field(5.0, ge=0)
    forecourt_m: float = Field(0.0, ge=0)
    on_building_only: bool = False
    open_air: bool = False
    hides_people: bool = False
    mark: str = "P"


class KindsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    kind: tuple[KindRow, ...]
    known_uses: frozenset[str]
    attach_m: float = Field(2.0, ge=0)
    lived_above: frozenset[str] = LIVED_ABOVE
    lived_above_storeys: int = Field(LIVED_ABOVE_STOREYS, ge=1)
    own_spot: tuple[str, ...] = OWN_SPOT
    shared_buildings: tuple[str, ...] = SHARED_BUILDINGS
    likely: LikelyEvidence = LikelyEvidence()


def load_protected_kinds(path: Path | None = None) -> ProtectedKinds:
    """Return the protected kinds of the shipped file, or of another one.

    Raises
    ------
    InputError
        The file cannot be read, has a wrong key, reads the tag ``religion`` or protects less than the minimum; every fault
        names file and key.
    """
    path = path or content_folder("data") / "protected.toml"
    table, sha256 = read_toml(path)
    kinds = _kinds(_checked(table, path.name), sha256)
    faults = loosened(kinds, path.name)
    if faults:
        raise InputError(*faults)
    return replace(kinds, kinds=with_words(kinds.kinds))  # what the file itself lacks was told before


def _checked(parsed: TomlTable, file: str) -> KindsFile:
    try:
        return KindsFile.model_validate(parsed)
    except ValidationError as error:
        names = [str(row.get("name", "")) for row in parsed.get("kind", []) if isinstance(row, dict)]
        raise InputError(*faults_of(error, file, {"kind": names})) from error


def _kinds(rows: KindsFile, sha256: str) -> ProtectedKinds:
    kinds = tuple(ProtectedKind(**{**row.model_dump(), "cls": ProtectedClass(row.cls)}) for row in rows.kind)
    return ProtectedKinds(
        kinds,
        rows.known_uses,
        rows.attach_m,
        sha256,
        rows.lived_above,
        rows.lived_above_storeys,
        rows.own_spot,
        rows.shared_buildings,
        rows.likely,
        elsewhere(),
    )
