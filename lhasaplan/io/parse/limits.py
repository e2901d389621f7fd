"""How much a file may ask of the machine: ``data/limits.toml``."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lhasaplan.content import content_folder
from lhasaplan.io.parse.valid_file import read_valid

Count = Annotated[int, Field(gt=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PackedLimits(_Part):
    """What a zip or a packed file may hold."""

    most_bytes: Count
    most_times: Count
    above_bytes: Count


class WorkbookLimits(_Part):
    """What a workbook may hold."""

    most_bytes: Count
    most_cells: Count


class RasterLimits(_Part):
    """How large a raster may be."""

    most_cells: Count
    looked_at_cells: Count


class ViewLimits(_Part):
    """How long a view of a database may take."""

    most_seconds: float = Field(gt=0)
    most_rows: Count


class DrawingLimits(_Part):
    """What a drawing may hold once its blocks are taken apart."""

    most_bytes: Count
    most_shapes: Count
    most_deep: Count


class Limits(_Part):
    """The whole file."""

    packed: PackedLimits
    workbook: WorkbookLimits
    raster: RasterLimits
    view: ViewLimits
    drawing: DrawingLimits


@cache
def load_limits(path: Path | None = None) -> Limits:
    """Return the shipped limits, or those of another file; InputError names every key that is wrong."""
    return read_valid(path or content_folder("data") / "limits.toml", Limits)
