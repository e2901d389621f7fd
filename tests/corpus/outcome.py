"""Put one file of the corpus through the import as the command line does, and tell what came of it."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from corpus.case import REFUSED, REMARKED, TAKEN, Case, written
from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.project.project import Project
from lhasaplan.core.rules.pack import Pack
from lhasaplan.errors import Fault, UserError
from lhasaplan.io.content.layer_spec import load_layer_specs
from lhasaplan.io.content.packs import read_pack
from lhasaplan.io.tables.filled_table import read_points

UNSEEN = (ResourceWarning, DeprecationWarning, PendingDeprecationWarning)  # Python keeps these off the screen by itself
# What a planner cannot use, whatever the file: words of libraries and of the machine.
TECHNICAL = (
    "traceback", "fread", "tiffread", "see previous exception", "missing ,", "not a zip file", "0x7f", "nonetype", "object at", "/vsi",
    "keyerror", "valueerror", "codec can't", "errno", "<class", "gdal", "zlib", "bad magic",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: counts of what was taken, the faults or remarks, the project after it, warnings on the screen."""

    kind: str
    counts: Mapping[str, int]
    faults: tuple[Fault, ...]
    project: Project | None
    warned: tuple[str, ...]
    left: tuple[str, ...] = ()  # what stands beside the file since it was read

    @property
    def text(self) -> str:
        """Return all sentences, as they are printed."""
        return "\n".join(str(fault) for fault in self.faults)


@cache
def services() -> Any:
    """Return the services of the program, one set for all."""
    return open_services()


@cache
def bare() -> Project:
    """Return an empty project under the rules of the Union."""
    return workflow.new_project(services(), ("eu-gdpr",), "", "corpus")


def judged(case: Case, folder: Path, project: Project | None = None) -> Outcome:
    """Return what comes of a case; anything but a sentence for the user ends the test with its traceback."""
    path = written(case, folder)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        before = project if project is not None else _before(case, folder)
        beside = set(folder.rglob("*"))
        try:
            after, counts, remarks = read(case, path, before)
        except UserError as error:
            return Outcome(REFUSED, {}, error.faults, None, _texts(warned), _left(folder, beside))
    return Outcome(REMARKED if remarks else TAKEN, counts, tuple(remarks), after, _texts(warned), _left(folder, beside))


def _left(folder: Path, before: set[Path]) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in set(folder.rglob("*")) ^ before))


def _texts(warned: Sequence[warnings.WarningMessage]) -> tuple[str, ...]:
    return tuple(str(each.message) for each in warned if not issubclass(each.category, UNSEEN))


def _before(case: Case, folder: Path) -> Project:
    if case.before is None:
        return bare()
    path = written(case.before, folder / "before")
    return _imported(case.before, path, _before(case.before, folder / "before"))[0]


Use = Callable[[Case, Path, Project], tuple[Project, Mapping[str, int], Sequence[Fault]]]


def _imported(case: Case, path: Path, project: Project) -> tuple[Project, Mapping[str, int], Sequence[Fault]]:
    options: dict[str, Any] = dict(case.options)
    named = Path(f"{path}|layername={options.pop('layer')}") if "layer" in options else path
    after, report = workflow.import_file(services(), project, named, **options)
    return after, {name: count for name, count in report.counts.items() if count}, report.remarks


def _points(case: Case, path: Path, project: Project) -> tuple[Project, Mapping[str, int], Sequence[Fault]]:
    points, remarks = read_points(path, case.options.get("crs", ""))
    return project, {"points": len(points)}, remarks


def _mandate(case: Case, path: Path, project: Project) -> tuple[Project, Mapping[str, int], Sequence[Fault]]:
    return workflow.mandate(services(), project, path), {"mandates": 1}, ()


def _pack(case: Case, path: Path, project: Project) -> tuple[Project, Mapping[str, int], Sequence[Fault]]:
    pack: Pack = read_pack(path)
    return project, {"articles": len(pack.articles)}, ()


def _specs(case: Case, path: Path, project: Project) -> tuple[Project, Mapping[str, int], Sequence[Fault]]:
    return project, {"layers": len(load_layer_specs(path.parent).by_name)}, ()


def _project(case: Case, path: Path, project: Project) -> tuple[Project, Mapping[str, int], Sequence[Fault]]:
    loaded = workflow.open_project(services(), path).project
    return loaded, {"cameras": len(loaded.cameras)}, ()


def read(case: Case, path: Path, project: Project) -> tuple[Project, Mapping[str, int], Sequence[Fault]]:
    """Read a file as the reader of the case does; UserError where it is refused."""
    return USES.get(case.reader, _imported)(case, path, project)


USES: Mapping[str, Use] = {
    "points": _points,
    "mandate": _mandate,
    "rule pack": _pack,
    "layer spec": _specs,
    "project file": _project,
}


def first_lonlat(project: Project) -> tuple[float, float]:
    """Return where the first camera lies, else the first approval, else the first feature, else the middle of the terrain."""
    recorded = (*project.cameras, *project.baseline)
    if recorded:
        x, y = recorded[0].x_m, recorded[0].y_m
    elif project.layers:
        x, y = shapely.get_coordinates(next(iter(project.layers.values())).geometry[0])[0]
    else:
        west, south, east, north = project.terrain[0].bounds_m
        x, y = (west + east) / 2.0, (south + north) / 2.0
    lon, lat = Crs(project.crs).to_lonlat(np.array([x]), np.array([y]))
    return float(lon[0]), float(lat[0])


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the distance of two near positions in degrees, on a sphere."""
    east = np.radians(a[0] - b[0]) * np.cos(np.radians(b[1]))
    return float(6_371_000.0 * np.hypot(east, np.radians(a[1] - b[1])))
