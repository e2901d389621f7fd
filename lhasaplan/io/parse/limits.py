"""How much a file may ask of the machine: ``data/limits.toml``."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lhasaplan.content import content_folder
from lhasaplan.io.parse.validation import read_valid

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
    """How large a raster may be, and how much of it is unpacked at once."""

    most_cells: Count
    most_block_bytes: Count
    looked_at_bytes: Count
    shown_bytes: Count


class ViewLimits(_Part):
    """How long a view of a database may take."""

    most_seconds: float = Field(gt=0)
    most_rows: Count


class OutlineLimits(_Part):
    """How far across one outline may be, by the layer that it belongs to."""

    most_m: dict[str, Annotated[float, Field(gt=0)]]
    other_m: float = Field(gt=0)


class DrawingLimits(_Part):
    """What a drawing may hold once its blocks are taken apart."""

    most_bytes: Count
    most_shapes: Count
    most_deep: Count


class ReaderLimits(_Part):
    """What the process may take that reads a file: at least the base, and more for each megabyte of it."""

    base_seconds: float = Field(gt=0)
    seconds_per_mb: float = Field(ge=0)
    clock_times: float = Field(ge=1)
    base_bytes: Count
    bytes_per_byte: float = Field(ge=0)
    packed_times: float = Field(ge=1)


class Limits(_Part):
    """The whole file."""

    reader: ReaderLimits
    packed: PackedLimits
    workbook: WorkbookLimits
    raster: RasterLimits
    view: ViewLimits
    drawing: DrawingLimits
    outline: OutlineLimits


@cache
def load_limits(path: Path | None = None) -> Limits:
    """Return the shipped limits, or those of another file; InputError names every key that is wrong."""
    return read_valid(path or content_folder("data") / "limits.toml", Limits)
