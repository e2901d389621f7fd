"""Read ``data/service.toml``: what is tried out for a confirmed part that is not met."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lhasaplan.content import content_folder
from lhasaplan.core.rules.audit_policy import NewCameraRules, ServiceRules
from lhasaplan.io.parse.valid_file import read_valid

Metres = Annotated[float, Field(gt=0, le=500)]
Height = Annotated[float, Field(gt=0, le=30)]
Turn = Annotated[float, Field(gt=0, le=180)]
Angle = Annotated[float, Field(gt=0, le=120)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Pixels = Annotated[int, Field(ge=16, le=20_000)]


class NewFile(BaseModel):
    """The table of the new camera."""

    model_config = ConfigDict(extra="forbid")
    reach_m: Metres
    away_m: Metres
    spacing_m: Annotated[float, Field(ge=1, le=100)]
    positions: Count
    pole_height_m: Height
    wall_height_m: Height
    hfov_deg: tuple[Angle, ...]
    image_width_px: Pixels
    image_height_px: Pixels


class ServiceFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    most_parts: Count
    nearest_cameras: Count
    reach_m: Metres
    turns_deg: tuple[Turn, ...]
    tilts_deg: tuple[Annotated[float, Field(gt=0, lt=90)], ...]
    most_height_m: Height
    height_step_m: Annotated[float, Field(ge=0.1, le=10)]
    lens_factors: tuple[Annotated[float, Field(gt=0, le=5)], ...]
    least_hfov_deg: Angle
    most_hfov_deg: Angle
    new: NewFile


def load_service_rules(path: Path | None = None) -> ServiceRules:
    """Return the shipped steps and limits, or those of another file; InputError names every key that is wrong."""
    values = read_valid(path or content_folder("data") / "service.toml", ServiceFile).model_dump()
    new = NewCameraRules(**values.pop("new"))
    return ServiceRules(**values, new=new)
