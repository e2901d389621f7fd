"""Take a foreign file into the project: a second import replaces the first, what people decided stays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lhasaplan.core.camera import Camera
from lhasaplan.core.layer import InputRecord, Layer
from lhasaplan.core.project import Project, TerrainRecord
from lhasaplan.core.shrinking import shrinking
from lhasaplan.errors import Fault
from lhasaplan.ports import ImportedFile, Rooms
from lhasaplan.workflow.closing import remarks_on_brought
from lhasaplan.workflow.gate import refuse_planned
from lhasaplan.workflow.guard_checks import on_fewer_protected, on_still_to_come, protected_features, with_plans_named
from lhasaplan.workflow.import_checks import middle_lonlat, refuse_emptied, refuse_empty, refuse_far, remarks_on_replaced
from lhasaplan.workflow.place_checks import refuse_swapped, remarks_on_place, remarks_on_surface, remarks_on_terrain
from lhasaplan.workflow.projects import national_grid, note


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one file brought: features by layer (cameras and terrain among them), and remarks on it."""

    record: InputRecord
    counts: Mapping[str, int]
    remarks: tuple[Fault, ...]


def import_file(
    rooms: Rooms,
    project: Project,
    path: Path,
    *,
    kind: str | None = None,
    crs: str | None = None,
    datum: str = "",
    replace_more: bool = False,
) -> tuple[Project, ImportReport]:
    """Return the project with the file in it, and what the file brought.

    The first import fixes the project's CRS. ``replace_more`` lets a file of a name that was there before bring far less than
    that did. Raises InputError with every fault of the file, and GateError when it plans
    cameras outside the gate; the project given is a value and stays as it was.
    """
    grid = "" if project.crs else national_grid(rooms, project)
    found = rooms.read_file(
        path, kind=kind, crs=crs, datum=datum, project_crs=project.crs, national_grid=grid, near=middle_lonlat(project)
    )
    refuse_empty(found, _counts(found))
    refuse_far(project, found)
    if not replace_more:
        refuse_emptied(project, found)
    cameras, to_come = with_plans_named(found.cameras, rooms.today())
    merged = _merge(project, found, path, cameras)
    refuse_planned(rooms, project, merged)
    before, after = protected_features(rooms, project, found)
    place = remarks_on_place(rooms, project, found)
    if crs is None:
        refuse_swapped(place)
    remarks = (
        *place,
        *remarks_on_terrain(project, found),
        *remarks_on_replaced(project, found),
        *found.remarks,
        *remarks_on_surface(rooms, merged, found),
        *on_still_to_come(found, to_come),
        *remarks_on_brought(project, merged),
        *on_fewer_protected(found, before, after),
    )
    noted = note(merged, rooms, f"import {found.record.path}")
    if after < before:
        noted = note(noted, rooms, shrinking(before, after))
    return noted, ImportReport(found.record, _counts(found), remarks)


def _counts(found: ImportedFile) -> dict[str, int]:
    counts = {layer.name: len(layer) for layer in found.layers}
    if found.cameras:
        counts["cameras"] = len(found.cameras)
    if found.baseline:
        counts["baseline"] = len(found.baseline)
    if found.terrain:
        counts["terrain"] = len(found.terrain)
    return counts


def _merge(project: Project, found: ImportedFile, path: Path, cameras: Sequence[Camera]) -> Project:
    source = found.record.path
    earlier = {record.path for record in project.inputs}
    fresh_names = {layer.name for layer in found.layers}
    layers = {name: _without(layer, source) if source in earlier else layer for name, layer in project.layers.items()}
    for name in fresh_names:
        fresh = next(layer for layer in found.layers if layer.name == name)
        layers[name] = merge_layers(layers.get(name), fresh, source)
    return replace(
        project,
        crs=project.crs or found.crs,
        layers={name: layer for name, layer in layers.items() if len(layer)},
        cameras=merge_cameras(project.cameras, cameras, source),
        baseline=merge_baseline(project.baseline, found.baseline, source),
        terrain=_merge_terrain(project.terrain, found.terrain, path),
        inputs=(*(record for record in project.inputs if record.path != source), found.record),
    )


def _without(layer: Layer, source: str) -> Layer:
    """Return the layer without what this file brought before."""
    if not layer.source:
        return layer
    return _take(layer, np.array([name != source for name in layer.source], bool))


def merge_layers(old: Layer | None, fresh: Layer, source: str) -> Layer:
    """Return both layers as one; where two features share an id the fresh one stands."""
    sources = fresh.source or (source,) * len(fresh)
    if old is None:
        return replace(fresh, source=sources)
    replaced = set(fresh.ids)
    kept = _take(old, np.array([key not in replaced for key in old.ids], bool))
    return Layer(
        fresh.name,
        np.concatenate([kept.ids, fresh.ids]),
        np.concatenate([kept.geometry, fresh.geometry]),
        (*kept.tags, *fresh.tags),
        (*(kept.source or ("",) * len(kept)), *sources),
    )


def _take(layer: Layer, keep: np.ndarray) -> Layer:
    rows = np.flatnonzero(keep)
    return Layer(
        layer.name,
        layer.ids[rows],
        layer.geometry[rows],
        tuple(layer.tags[row] for row in rows),
        tuple(layer.source[row] for row in rows) if layer.source else (),
    )


def merge_cameras(old: Iterable[Camera], fresh: Iterable[Camera], source: str) -> tuple[Camera, ...]:
    """Return the cameras of both, in the old order.

    A fresh record replaces the old one but not what a hand corrected. A camera that the same file no longer has goes,
    unless a hand corrected it.
    """
    new = {camera.camera_id: replace(camera, input_file=source) for camera in fresh}
    kept = [camera for camera in old if camera.camera_id in new or camera.input_file != source or camera.corrections]
    merged = {camera.camera_id: _updated(camera, new.get(camera.camera_id)) for camera in kept}
    return tuple((merged | new | merged).values())


def merge_baseline(old: Iterable[Camera], fresh: Iterable[Camera], source: str) -> tuple[Camera, ...]:
    """Return every version of every approval: what the same file brought before goes, another date stays beside."""
    new = {(camera.camera_id, camera.approved_on): replace(camera, input_file=source) for camera in fresh}
    kept = {(camera.camera_id, camera.approved_on): camera for camera in old if camera.input_file != source}
    return tuple((kept | new).values())


def _updated(before: Camera, fresh: Camera | None) -> Camera:
    if fresh is None:
        return before
    corrected = {correction.field: getattr(before, correction.field) for correction in before.corrections}
    return replace(fresh, **corrected, corrections=before.corrections)


def _merge_terrain(old: tuple[TerrainRecord, ...], fresh: tuple[TerrainRecord, ...], path: Path) -> tuple[TerrainRecord, ...]:
    if not fresh:
        return old
    stored = tuple(record if record.content else replace(record, content=path.read_bytes()) for record in fresh)
    names = {record.name for record in stored}
    return (*(record for record in old if record.name not in names), *stored)
