"""What one file gave, in project metres."""

from dataclasses import dataclass

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.project.project import TerrainRecord
from lhasaplan.errors import Fault


@dataclass(frozen=True, eq=False, slots=True)
class Imported:
    """What one file gave, in project metres. ``crs`` is the project's system, fixed by this file if it had none."""

    crs: str
    layers: tuple[Layer, ...]
    cameras: tuple[Camera, ...]
    baseline: tuple[Camera, ...]
    terrain: tuple[TerrainRecord, ...]
    record: InputRecord
    remarks: tuple[Fault, ...]
    columns: tuple[tuple[str, str], ...] = ()
