"""What imported files would bring, before they are taken: columns, counts, remarks, and where it lies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault
from lhasaplan.workflow.import_checks import positions_of, questions
from lhasaplan.workflow.imports import ImportReport

MOST_POINTS, MOST_LINES = 3000, 1500  # that a small picture can show
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class FilePreview:
    """One file: what it is, how many features of each layer, which columns were read as what, and what is to be noted."""

    name: str
    kind: str
    counts: Mapping[str, int]
    columns: tuple[tuple[str, str], ...]
    remarks: tuple[Fault, ...]

    @property
    def questions(self) -> tuple[Fault, ...]:
        """Return what is to be answered before the file may be taken."""
        return questions(self.remarks)


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """All files of an import, and a picture: streets and positions that were there, and positions that are new; metres."""

    files: tuple[FilePreview, ...]
    streets: tuple[Points, ...]
    before: Points
    fresh: Points
    cameras: Points
    crs: str

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """Return the box around all that is new; None for nothing."""
        xy = np.array((*self.fresh, *self.cameras), float)
        return (*map(float, xy.min(axis=0)), *map(float, xy.max(axis=0))) if len(xy) else None  # type: ignore[return-value]


def preview_import(before: Project, after: Project, reports: Sequence[ImportReport]) -> ImportPreview:
    """Return what lies between the project before and after an import."""
    files = tuple(FilePreview(r.record.path, r.record.kind, r.counts, r.columns, r.remarks) for r in reports)
    old = {name: layer for name, layer in before.layers.items() if name != "roads"} if before.crs == after.crs else {}
    new = [layer for name, layer in after.layers.items() if layer is not before.layers.get(name)]
    names = {report.record.path for report in reports}
    cameras = [camera for camera in after.cameras if camera.input_file in names]
    return ImportPreview(
        files,
        _lines(after.layers.get("roads")),
        _points(positions_of(old.values(), ())),
        _points(positions_of(new, ())),
        _points(positions_of((), cameras)),
        after.crs,
    )


def _points(xy: FloatArray) -> Points:
    """Return positions, thinned evenly to what a picture shows."""
    every = max(len(xy) // MOST_POINTS, 1)
    return tuple((float(x), float(y)) for x, y in xy[::every])


def _lines(roads: Layer | None) -> tuple[Points, ...]:
    """Return streets, the longest of them, by few corners."""
    if roads is None or not len(roads):
        return ()
    longest = np.argsort(-shapely.length(roads.geometry))[:MOST_LINES]
    return tuple(_corners(shapely.simplify(roads.geometry[longest], 5.0)))


def _corners(shapes: Iterable[shapely.Geometry]) -> Iterable[Points]:
    for shape in shapes:
        xy = shapely.get_coordinates(shape)
        if len(xy) > 1:
            yield tuple((float(x), float(y)) for x, y in xy)
