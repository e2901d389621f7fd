"""Read strangers' files in the reader's process (``io/apart``); the program itself opens none of them."""

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
