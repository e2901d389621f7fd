"""What use cases have read from files of other people, and what the readers find in them."""

from __future__ import annotations  # the values are named here, not loaded: a shell that only helps needs none of them

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lhasaplan.core.base.progress import Progress, no_progress

if TYPE_CHECKING:
    from lhasaplan.core.base.arrays import ObjectArray
    from lhasaplan.core.base.plain_values import JsonObject
    from lhasaplan.core.model.camera import Camera
    from lhasaplan.core.model.camera_models import CameraModel
    from lhasaplan.core.model.layer import InputRecord, Layer
    from lhasaplan.core.project.decisions import Declaration, Mandate
    from lhasaplan.core.project.project import Project, TerrainRecord
    from lhasaplan.core.records.filled_in import FilledInTable, Stated_co
    from lhasaplan.core.records.osm_changes import OsmNode
    from lhasaplan.core.site.terrain import Terrain
    from lhasaplan.errors import Fault, Where


class ImportedFile(Protocol):
    """What a reader found in one file, in one metric CRS."""

    @property
    def crs(self) -> str:
        """Authority string of the CRS that the coordinates are in."""

    @property
    def layers(self) -> tuple[Layer, ...]:
        """City layers, none of them empty by accident."""

    @property
    def cameras(self) -> tuple[Camera, ...]:
        """Cameras as recorded."""

    @property
    def baseline(self) -> tuple[Camera, ...]:
        """Cameras as they were approved."""

    @property
    def terrain(self) -> tuple[TerrainRecord, ...]:
        """Rasters that are stored."""

    @property
    def record(self) -> InputRecord:
        """Name, digest, number of features and date of the file."""

    @property
    def remarks(self) -> tuple[Fault, ...]:
        """What the user should know although the file was taken."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Of a table: each heading with the column that it was read as, empty for none."""


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A spot that is asked about: position as given (lon, lat or x, y) and height above ground."""

    point_id: str
    first: float
    second: float
    geographic: bool
    height_m: float = 1.5


@dataclass(frozen=True, slots=True)
class SightPair:
    """One camera and one point in range: whether it can see it, for certain or possibly, and between which densities.

    A possible one may not be in view at all; if it is, its density lies between the two. A certain one has one density. What
    blocks the view is withheld on protected ground of the disclosed map.
    """

    camera_id: str
    point_id: str
    seen: bool
    certainty: str
    density_low_px_m: float | None = None
    density_high_px_m: float | None = None
    distance_m: float | None = None
    reason: str = ""
    blocker_id: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    """One row of a table of declarations, and where it stands, for what is found out later."""

    declaration: Declaration
    where: Where


@dataclass(frozen=True, slots=True)
class DeclarationTable:
    """What a table declares: the rows that can be read, the faults of the others, and remarks on the table."""

    rows: tuple[DeclaredRow, ...]
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


class OpenedBundle(Protocol):
    """What a bundle says of itself (``report/formats/bundle.py``)."""

    @property
    def contents(self) -> JsonObject:
        """What it was made of and with: ``bundle.json``."""

    @property
    def answers(self) -> JsonObject:
        """The answers that it states (docs/json.md)."""

    @property
    def project(self) -> Path | None:
        """The project in it, unpacked; None where it holds none."""

    @property
    def changed(self) -> tuple[str, ...]:
        """Files that are not as the bundle names them."""


class Files(Protocol):
    """Reads what others wrote. A reader raises InputError with every fault of its file; some give remarks besides."""

    def expect_files(self) -> None:
        """Get ready to read a file soon, beside whatever else is done meanwhile."""

    def read_file(
        self,
        path: Path,
        kind: str | None = None,
        crs: str | None = None,
        datum: str = "",
        *,
        project_crs: str = "",
        national_grid: str = "",
        near: tuple[float, float] | None = None,
        progress: Progress = no_progress,
    ) -> ImportedFile:
        """Return what a file holds, in ``project_crs`` or, when that is empty, in the CRS chosen for it.

        ``progress`` is asked all the while; what it raises ends the reading at once.
        """

    def layers_in(self, path: Path) -> tuple[str, ...]:
        """Return the layers that a file has, to be chosen from."""

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file."""

    def read_ground(self, project: Project) -> Terrain:
        """Return the stored terrain of a project."""

    def read_mandate(self, path: Path) -> Mandate:
        """Return the mandate that a TOML file states."""

    def write_mandate(self, path: Path, mandate: Mandate) -> None:
        """Write a mandate as the file that is read."""

    def read_points(self, path: Path, crs: str = "") -> tuple[tuple[NamedPoint, ...], tuple[Fault, ...]]:
        """Return the points of a table that somebody asks about, and remarks."""

    def read_models(self, path: Path) -> tuple[tuple[CameraModel, ...], tuple[Fault, ...]]:
        """Return the models of a catalogue of cameras, and remarks."""

    def read_route(self, path: Path, crs: str) -> tuple[ObjectArray, tuple[Fault, ...]]:
        """Return the lines of a route in the project's system, and remarks."""

    def read_camera_nodes(self, path: Path, ids: Collection[int]) -> tuple[OsmNode, ...]:
        """Return nodes of an extract as they stand there, to say what to change of them."""

    def read_declarations(self, path: Path) -> DeclarationTable:
        """Return what each row of a table declares, with its place in the file."""

    def filled_in_name(self, path: Path) -> str:
        """Return the name of a table that was filled in; empty for none."""

    def open_bundle(self, path: Path, folder: Path) -> OpenedBundle:
        """Return what a bundle states; its project is unpacked into the folder."""

    def read_filled_in(self, path: Path, table: FilledInTable[Stated_co]) -> tuple[tuple[Stated_co, ...], tuple[Fault, ...]]:
        """Return what each row of a table that was filled in states, and remarks."""
