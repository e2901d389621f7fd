"""Read strangers' files, stored terrain and background maps in the reader's process (``io/apart``)."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.errors import Fault
from lhasaplan.io.apart.process import apart, bounds_of
from lhasaplan.io.parse.file_check import file_of

if TYPE_CHECKING:
    from lhasaplan.core.base.arrays import ObjectArray
    from lhasaplan.core.model.camera_models import CameraModel
    from lhasaplan.core.records.filled_in import FilledInTable, Stated_co
    from lhasaplan.core.records.osm_changes import OsmNode
    from lhasaplan.io.parse.raw_import import Imported
    from lhasaplan.ports import DeclarationTable, NamedPoint
import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.project.project import Project
from lhasaplan.core.site.terrain import Bounds, Terrain, level


def read_file(
    path: Path,
    kind: str | None = None,
    crs: str | None = None,
    datum: str = "",
    *,
    project_crs: str = "",
    national_grid: str = "",
    near: tuple[float, float] | None = None,
    progress: Progress = no_progress,
) -> "Imported":
    """Return all that a file holds; see :func:`lhasaplan.io.importing.importer.read_file`.

    ``progress`` is asked some twenty times a second; what it raises ends the reading at once.
    """
    how = {"kind": kind, "crs": crs, "datum": datum, "project_crs": project_crs, "national_grid": national_grid, "near": near}
    return _asked("lhasaplan.io.importing.importer", "read_file", path, progress=progress, **how)  # type: ignore[no-any-return]


def layers_in(path: Path) -> tuple[str, ...]:
    """Return the names of the layers with shapes; see :func:`lhasaplan.io.importing.importer.layers_in`."""
    return _asked("lhasaplan.io.importing.importer", "layers_in", path)  # type: ignore[no-any-return]


def filled_in_name(path: Path) -> str:
    """Return which table that was filled in a file is, by its name in ``FILLED_IN``; empty for none."""
    return _asked("lhasaplan.io.tables.filled_in_tables", "filled_in_name", path)  # type: ignore[no-any-return]


def read_filled_in(path: Path, table: "FilledInTable[Stated_co]") -> tuple[tuple["Stated_co", ...], tuple[Fault, ...]]:
    """Return what each row of such a table states, and remarks."""
    return _asked("lhasaplan.io.tables.filled_in_tables", "read_filled_in", path, table.name)  # type: ignore[no-any-return]


def read_declarations(path: Path) -> "DeclarationTable":
    """Return what each row declares, with its place in the file."""
    return _asked("lhasaplan.io.tables.filled_in_tables", "read_declarations", path)  # type: ignore[no-any-return]


def read_points(path: Path, crs: str = "") -> tuple[tuple["NamedPoint", ...], tuple[Fault, ...]]:
    """Return the points of a table that is asked about, and remarks."""
    return _asked("lhasaplan.io.tables.filled_table", "read_points", path, crs)  # type: ignore[no-any-return]


def read_models(path: Path) -> tuple[tuple["CameraModel", ...], tuple[Fault, ...]]:
    """Return the models of a catalogue of cameras, and remarks."""
    return _asked("lhasaplan.io.tables.model_table", "read_models", path)  # type: ignore[no-any-return]


def read_route(path: Path, crs: str) -> tuple["ObjectArray", tuple[Fault, ...]]:
    """Return the lines of a route in the project's system, and remarks."""
    return _asked("lhasaplan.io.importing.importer", "read_route", path, crs)  # type: ignore[no-any-return]


def read_camera_nodes(path: Path, ids: Collection[int]) -> tuple["OsmNode", ...]:
    """Return nodes of an extract as they stand there; see :func:`lhasaplan.io.osm.features.read_camera_nodes`."""
    return _asked("lhasaplan.io.osm.features", "read_camera_nodes", path, ids)  # type: ignore[no-any-return]


def _asked(module: str, function: str, path: Path, *more: object, progress: Progress = no_progress, **how: object) -> Any:
    file = file_of(path)
    return apart(module, function, path, *more, of=file.name, bounds=bounds_of(file), progress=progress, **how)


# Read the ground that a project stands on; one without terrain is level, and no reader of rasters is loaded for it.

BEYOND_M = 500.0  # ground is read this far around the cameras, and farther where one reaches farther
SNAP_M = 500.0  # so that a camera that moves a little needs no other grid


def read_ground(project: Project) -> Terrain:
    """Return the ground around a project's cameras from the rasters that it stores; level if there is none."""
    near = _near_cameras(project)
    records = [each for each in project.terrain if each.content and near and _meet(each.bounds_m, near)]
    if near is None or not records:
        return level()
    from lhasaplan.io.terrain.terrain_grid import ground_of  # noqa: PLC0415 - rasters are read where there are some

    return ground_of(records, project.crs, near)


def _near_cameras(project: Project) -> Bounds | None:
    """Return the box around all that cameras can reach, None without cameras."""
    if not project.cameras:
        return None
    x, y = (np.array([getattr(camera, axis) for camera in project.cameras], float) for axis in ("x_m", "y_m"))
    reach = max(BEYOND_M, *(camera.range_m or 0.0 for camera in project.cameras))
    west, south = (math.floor((axis.min() - reach) / SNAP_M) * SNAP_M for axis in (x, y))
    east, north = (math.ceil((axis.max() + reach) / SNAP_M) * SNAP_M for axis in (x, y))
    return west, south, east, north


def _meet(a: Bounds, b: Bounds) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


# What every background map can do, and how one is opened by its path.

Box = tuple[float, float, float, float]
Picture = NDArray[np.uint8]  # shape (rows, columns, 4): red, green, blue, opacity; rows from north to south
_OPENED = "lhasaplan.io.importing.basemap_file"


class BasemapFile(Protocol):
    """A picture of the ground that can be asked for any box of it; may be asked by several threads."""

    name: str
    remarks: tuple[Fault, ...]

    def picture(self, box_m: Box, width_px: int, height_px: int) -> Picture | None:
        """Return the box in the project's system, None where the basemap has nothing; InputError if the file broke."""


def open_basemap(path: Path, crs: str) -> BasemapFile:
    """Return a background map for a project in a system; InputError says what the file lacks."""
    remarks: tuple[Fault, ...] = apart(_OPENED, "check", path, crs, of=path.name, bounds=bounds_of(path))
    return _PictureApart(path, crs, remarks)


class _PictureApart:
    """A background map whose files are opened and decoded in the process that reads."""

    def __init__(self, path: Path, crs: str, remarks: tuple[Fault, ...]) -> None:
        self.remarks = remarks
        self.name, self._path, self._crs = path.name, path, crs

    def picture(self, box_m: Box, width_px: int, height_px: int) -> Picture | None:
        """Return a box of it, north up; None where it has nothing."""
        asked = self._path, self._crs, box_m, width_px, height_px
        found: Picture | None = apart(_OPENED, "picture", *asked, of=self.name, bounds=bounds_of(self._path))
        return found
