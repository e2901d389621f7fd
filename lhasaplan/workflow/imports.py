"""Import files into a project, and show beforehand what one would bring."""

import os
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.progress import Progress, no_progress, paused
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.file_kinds import MODELS
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.project.journal import FileImported
from lhasaplan.core.project.numbering import numbered_after
from lhasaplan.core.project.plan import following
from lhasaplan.core.project.project import IMPORT, Project, TerrainRecord
from lhasaplan.core.protection.lost_protection import Joined, join
from lhasaplan.core.records.schedule import STATED
from lhasaplan.errors import Fault, InputError, UserError, Where
from lhasaplan.ports import ImportedFile, Services
from lhasaplan.workflow.filled_in import take_filled_in
from lhasaplan.workflow.import_checks import (
    middle_lonlat,
    on_loss,
    on_still_to_come,
    positions_of,
    questions,
    refuse_contradicting_approvals,
    refuse_emptied,
    refuse_empty,
    refuse_far,
    refuse_unread,
    remarks_beyond_streets,
    remarks_on_areas,
    remarks_on_replaced,
    with_plans_named,
)
from lhasaplan.workflow.new_states import into_state, refuse_planned
from lhasaplan.workflow.place_checks import refuse_swapped, remarks_on_place, remarks_on_surface, remarks_on_terrain
from lhasaplan.workflow.projects import national_grid, note, remarks_on_brought

# A second import replaces the first, what people decided stays.

SAME_NAME = marked("two files have this name, and the second would replace the first. Give them different names")


class Taking(TypedDict, total=False):
    """How a file is taken in beside its kind and system; see :func:`import_file`."""

    replace_more: bool
    drop_drawn: bool
    no_use: Collection[str]
    progress: Progress


class ImportWish(Taking, total=False):
    """How files are taken in; see :func:`import_file`."""

    kind: str | None
    crs: str | None
    datum: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one file brought: features by layer (cameras and terrain among them), and remarks on it."""

    record: InputRecord
    counts: Mapping[str, int]
    remarks: tuple[Fault, ...]
    columns: tuple[tuple[str, str], ...] = ()  # of a table: each heading with the column that it was read as, empty for none


@paused()
def import_file(
    services: Services,
    project: Project,
    path: Path,
    *,
    kind: str | None = None,
    crs: str | None = None,
    datum: str = "",
    replace_more: bool = False,
    drop_drawn: bool = False,
    no_use: Collection[str] = (),
    progress: Progress = no_progress,
) -> tuple[Project, ImportReport]:
    """Return the project with the file in it, and what the file brought.

    A table that was filled in (``core/records/filled_in.py``) says more of what is there and brings no features.
    The first import fixes the project's CRS. ``replace_more`` lets a file of a name that was there before bring far less than
    that did. Raises InputError with every fault of the file, and GateError when it plans
    cameras outside the gate; the project given is a value and stays as it was.

    Parameters
    ----------
    drop_drawn : take out the places that a user drew in an earlier file of this name and that the file no longer has.
    no_use : columns with words of protected places that do not say what the things are, by name, or ``*`` for any; a file with
        one that is neither read nor named here is refused.
    progress : asked all the while the file is read; what it raises ends that at once.
    """
    if kind == MODELS:
        return _with_catalogue(services, project, path)
    taken = take_filled_in(services, project, path, kind)
    if taken is not None:
        changed, record, remarks = taken
        return changed, ImportReport(record, {record.kind: record.features}, remarks)
    grid = "" if project.crs else national_grid(services, project)
    home = project.crs, grid, middle_lonlat(project)
    found = services.files.read_file(
        path, kind=kind, crs=crs, datum=datum, project_crs=home[0], national_grid=home[1], near=home[2], progress=progress
    )
    refuse_empty(found, _counts(found))
    refuse_far(project, found)
    refuse_unread(found, no_use)
    if not replace_more:
        refuse_emptied(project, found)
    refuse_contradicting_approvals(project, found)
    cameras, to_come = with_plans_named(found.cameras, services.today())
    joined = join(project.layers, found.layers, found.record.path, services.content.load_protected_kinds, drawn_may_go=drop_drawn)
    brought = _merge(project, found, path, cameras, joined)
    merged, on_decisions, loss = into_state(services, [project], brought, IMPORT)
    refuse_planned(services, project, merged)
    place = remarks_on_place(services, project, found)
    if crs is None:
        refuse_swapped(place)
    remarks = (
        *place,
        *remarks_on_terrain(project, found),
        *remarks_on_replaced(project, found),
        *found.remarks,
        *remarks_on_surface(services, merged, found),
        *remarks_on_areas(merged, found),
        *on_still_to_come(found, to_come),
        *remarks_on_brought(project, merged),
        *remarks_beyond_streets(merged, found),
        *on_loss(found, joined, loss),
        *on_decisions,
    )
    record = found.record
    event = FileImported(record.path, record.kind, record.sha256, _counts(found))
    noted = note(replace(merged, journal=project.journal), services, event)  # what it took out is told after it
    noted = replace(noted, journal=(*noted.journal, *merged.journal[len(project.journal) :]))
    return numbered_after(project, noted), ImportReport(found.record, _counts(found), remarks, found.columns)


def _with_catalogue(services: Services, project: Project, path: Path) -> tuple[Project, ImportReport]:
    """Return the project with the models of a catalogue: they take the place of what a file of this name brought before."""
    models, remarks = services.files.read_models(path)
    record = InputRecord(path.name, services.files.digest(path), len(models), services.today(), kind=MODELS)
    kept = (each for each in project.models if each.input_file != record.path)
    inputs = (*(each for each in project.inputs if each.path != record.path), record)
    counts = {MODELS: len(models)}
    changed = replace(project, models=(*kept, *models), inputs=inputs)
    return note(changed, services, FileImported(record.path, MODELS, record.sha256, counts)), ImportReport(
        record, counts, remarks
    )


def import_files(
    services: Services, project: Project, paths: Sequence[Path], **how: Unpack[ImportWish]
) -> tuple[Project, tuple[ImportReport, ...]]:
    """Return the project with all files in it, and what each brought; all or none: the faults of every file are reported.

    ``how`` holds for every file, as of :func:`import_file`.
    """
    names = [path.name for path in dict.fromkeys(Path(os.path.realpath(path)) for path in paths)]
    same_names = [InputError(Fault(SAME_NAME, Where(name))) for name in dict.fromkeys(names) if names.count(name) > 1]
    errors: list[UserError] = [*same_names]
    reports: list[ImportReport] = []
    for path in paths:
        try:
            project, report = import_file(services, project, path, **how)
            reports.append(report)
        except UserError as error:
            errors.append(error)
    if errors:
        worst = next((error for error in errors if isinstance(error, InputError)), errors[0])
        raise type(worst)(*(fault for error in errors for fault in error.faults))
    return project, tuple(reports)


def _counts(found: ImportedFile) -> dict[str, int]:
    counts = {layer.name: len(layer) for layer in found.layers}
    if found.cameras:
        counts["cameras"] = len(found.cameras)
    if found.baseline:
        counts["baseline"] = len(found.baseline)
    if found.terrain:
        counts["terrain"] = len(found.terrain)
    return counts


def _merge(project: Project, found: ImportedFile, path: Path, cameras: Sequence[Camera], joined: Joined) -> Project:
    source = found.record.path
    in_plan = {name for each in project.plan if each.is_open for name in (each.camera_id, each.as_planned)}
    after = replace(
        project,
        crs=project.crs or found.crs,
        layers=joined.layers,
        cameras=merge_cameras(project.cameras, cameras, source, in_plan),
        baseline=merge_baseline(project.baseline, found.baseline, source),
        terrain=_merge_terrain(project.terrain, found.terrain, path),
        inputs=(*(record for record in project.inputs if record.path != source), found.record),
    )
    return following(project, after)


def merge_cameras(
    old: Iterable[Camera], fresh: Iterable[Camera], source: str, in_plan: Container[str] = ()
) -> tuple[Camera, ...]:
    """Return the cameras of both, in the old order.

    A fresh record replaces the old one but not what a hand corrected. A camera that the same file no longer has goes,
    unless a hand corrected it, or the plan does something to it.
    """
    old, fresh = tuple(old), tuple(fresh)
    new = {camera.camera_id: replace(camera, input_file=source) for camera in _under_known_ids(old, fresh, source)}
    kept = [
        camera
        for camera in old
        if camera.camera_id in new or camera.input_file != source or camera.corrections or camera.camera_id in in_plan
    ]
    merged = {camera.camera_id: _updated(camera, new.get(camera.camera_id)) for camera in kept}
    return tuple((merged | new | merged).values())


def _under_known_ids(old: Sequence[Camera], fresh: Sequence[Camera], source: str) -> Iterator[Camera]:
    """Give the cameras of a file; one without an id of its own has that of the one that stood there and had none either."""
    mark, new = f"{source}#", {camera.camera_id for camera in fresh}
    here: dict[tuple[float, float], list[str]] = {}
    for camera in old:
        if camera.camera_id.startswith(mark) and camera.camera_id not in new:
            here.setdefault(_place(camera), []).append(camera.camera_id)
    known = {camera.camera_id for camera in old}
    at = Counter(_place(camera) for camera in fresh if camera.camera_id not in known)
    for camera in fresh:
        place = _place(camera)
        is_one = camera.camera_id.startswith(mark) and camera.camera_id not in known and at[place] == 1
        yield replace(camera, camera_id=here[place][0]) if is_one and len(here.get(place, ())) == 1 else camera


def _place(camera: Camera) -> tuple[float, float]:
    return round(camera.x_m, 2), round(camera.y_m, 2)


def merge_baseline(old: Iterable[Camera], fresh: Iterable[Camera], source: str) -> tuple[Camera, ...]:
    """Return every version of every approval: what the same file brought before goes, another date stays beside."""
    new = {(camera.camera_id, camera.approved_on): replace(camera, input_file=source) for camera in fresh}
    kept = {(camera.camera_id, camera.approved_on): camera for camera in old if camera.input_file != source}
    return tuple((kept | new).values())


def _updated(before: Camera, fresh: Camera | None) -> Camera:
    if fresh is None:
        return before
    corrected = {correction.field: getattr(before, correction.field) for correction in before.corrections}
    stated = {name: text for name, text in before.extra.items() if name in STATED}
    return replace(fresh, **{"extra": {**fresh.extra, **stated}, **corrected}, corrections=before.corrections)


def _merge_terrain(old: tuple[TerrainRecord, ...], fresh: tuple[TerrainRecord, ...], path: Path) -> tuple[TerrainRecord, ...]:
    if not fresh:
        return old
    stored = tuple(record if record.content else replace(record, content=path.read_bytes()) for record in fresh)
    names = {record.name for record in stored}
    return (*(record for record in old if record.name not in names), *stored)


# What imported files would bring, before they are taken: columns, counts, remarks, and where it lies.

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
