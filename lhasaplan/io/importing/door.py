"""Read strangers' files, stored terrain and background maps in the reader's process (``io/apart``); open bundles here."""

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
import hashlib
import json
import math
import zipfile
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.file_kinds import BUNDLE_CONTENTS, BUNDLE_CRATE, BUNDLE_FORM, BUNDLED_ANSWERS, BUNDLED_PROJECT
from lhasaplan.core.project.project import Project
from lhasaplan.core.site.terrain import Bounds, Terrain, level
from lhasaplan.errors import InputError, Where
from lhasaplan.io.parse.file_check import check_packed, copy_within_limits


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


# Read a bundle that somebody handed on: what it says of itself, and whether its files are those that it names.

NO_BUNDLE = marked(
    "this is no bundle: it has no {name} that says what it holds; choose the .zip that export --format bundle wrote"
)
BROKEN = marked("this bundle cannot be read: {cause}; copy or download it again")
NOT_STATED = marked("{name} does not state {fields}; the bundle was changed or cut off")
STATED = ("program", "answers", "level", "language", "date", "inputs", "packages", "files")


@dataclass(frozen=True, slots=True)
class BundleFile:
    """What a bundle says of itself, the answers that it states, its project where it has one, and files that are not as named."""

    contents: JsonObject
    answers: JsonObject
    project: Path | None
    changed: tuple[str, ...]


def open_bundle(path: Path, folder: Path) -> BundleFile:
    """Return what a bundle states; its project is unpacked into a folder. Nothing else of it is written anywhere.

    Raises InputError for a file that is no bundle, is damaged, or would unpack beyond the limits of ``data/limits.toml``.
    """
    try:
        check_packed(path)
        with zipfile.ZipFile(path) as bundle:
            contents = _contents(bundle, path)
            names = {entry.filename for entry in bundle.infolist()}
            altered = [name for name, digest in contents["files"].items() if name not in names or _digest(bundle, name) != digest]
            # Of files that lie in the bundle and stand in no list nothing says what they should be.
            changed = sorted({*altered, *names - set(contents["files"]) - {BUNDLE_CONTENTS, BUNDLE_CRATE}})
            answers = json.loads(bundle.read(BUNDLED_ANSWERS))
            project = folder / BUNDLED_PROJECT if BUNDLED_PROJECT in names else None
            if project is not None:
                with bundle.open(BUNDLED_PROJECT) as source, project.open("wb") as target:
                    copy_within_limits(source, target, path)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError, NotImplementedError, EOFError) as error:
        raise InputError(Fault(BROKEN, Where(path.name), {"cause": str(error)})) from error
    if not isinstance(answers, dict):
        raise InputError(Fault(BROKEN, Where(path.name), {"cause": BUNDLED_ANSWERS}))
    return BundleFile(contents, answers, project, tuple(changed))


def _contents(bundle: zipfile.ZipFile, path: Path) -> JsonObject:
    if BUNDLE_CONTENTS not in bundle.namelist():
        raise InputError(Fault(NO_BUNDLE, Where(path.name), {"name": BUNDLE_CONTENTS}))
    contents = json.loads(bundle.read(BUNDLE_CONTENTS))
    if not isinstance(contents, dict) or not str(contents.get("form", "")).startswith(BUNDLE_FORM.partition("/")[0]):
        raise InputError(Fault(NO_BUNDLE, Where(path.name), {"name": BUNDLE_CONTENTS}))
    missing = [name for name in STATED if name not in contents]
    if missing:
        raise InputError(Fault(NOT_STATED, Where(path.name), {"name": BUNDLE_CONTENTS, "fields": ", ".join(missing)}))
    return contents


def _digest(bundle: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with bundle.open(name) as source:
        while piece := source.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
