"""Set map features into WGS 84 where a property, a member or a note says that they are in a Chinese datum, or in another grid."""

from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.crs import GEOGRAPHIC, transform, undo_bd09, undo_gcj02
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.coordinates.systems import System, is_geographic
from lhasaplan.io.maps.map_file import Features
from lhasaplan.io.tables.camera_table import fits_column
from lhasaplan.io.tables.cells import NO_SYSTEM
from lhasaplan.io.tables.columns import Column, load_columns, understand
from lhasaplan.io.tables.coordinate_notes import Note
from lhasaplan.io.tables.row_positions import SAID, SHIFTED
from lhasaplan.io.tables.row_systems import UNREADABLE, UNSAID, systems_of_rows
from lhasaplan.io.tables.table_rows import Row, Table

_MEASURES = ("number", "whole", "azimuth")
_UNDO = {"gcj02": undo_gcj02, "bd09": undo_bd09}


def in_wgs84(features: Features, notes: tuple[Note, ...], datum: str) -> tuple[Features, tuple[Fault, ...], bool]:
    """Return the features, remarks on what was turned, and whether the file said its datum.

    A shift is undone. A grid that a property names counts only where the coordinates are no degrees although the file says
    or leaves it open that they are; else the file's own word counts.

    Raises
    ------
    InputError
        Features of which it is said that their positions are shifted, and not whether they still are.
    """
    systems, faults = _said(features, notes, datum)
    if faults:
        raise InputError(*faults)
    if systems.count(None) == len(systems):
        return features, (), False
    known = [_applied(features, index, said) for index, said in enumerate(systems)]
    if all(each in {None, System()} for each in known):
        return features, (), any(known)
    geometry = np.array(features.geometry, object)
    for system in dict.fromkeys(known):
        rows = np.array([index for index, each in enumerate(known) if each == system])
        source = features.crs if system is None or system.shift else system.crs
        geometry[rows] = shapely.transform(geometry[rows], lambda xy, s=source, d=system: _degrees(xy, s, d))
    where = Where(features.file, item=features.layer)
    said = [each for each in known if each is not None and each != System()]
    texts = {each: SHIFTED if each.shift else SAID for each in dict.fromkeys(said)}
    remarks = (
        Fault(text, where, {"count": said.count(each), "datum": each.shift, "crs": each.crs}) for each, text in texts.items()
    )
    return (
        replace(features, geometry=geometry, crs=GEOGRAPHIC, is_guessed=False, is_taken_from_caller=False),
        tuple(remarks),
        True,
    )


def _said(features: Features, notes: tuple[Note, ...], datum: str) -> tuple[list[System | None], list[Fault]]:
    rows = zip(*features.columns, strict=True) if features.columns else iter([()] * len(features))
    numbered = tuple(Row(number, tuple(row)) for number, row in enumerate(rows, start=1))
    table = Table(features.file, features.headings, numbered, "feature", notes=notes)

    def fits(index: int, column: Column) -> bool:
        # Whether heights or angles can be read tells nothing of systems, and takes as long as reading them.
        return column.type not in _MEASURES and fits_column(table, index, column)

    meaning = understand(features.headings, load_columns(), fits)
    faults: list[Fault] = []
    systems = systems_of_rows(table, meaning, (None,) * len(features), datum, faults)
    return systems, [fault for fault in faults if not _is_moot(fault)]


def _is_moot(fault: Fault) -> bool:
    """Say whether the file's own system leaves nothing to ask: only what is said of shifts goes beyond it."""
    return fault.template == NO_SYSTEM or (fault.template == UNSAID and fault.params["crs"] not in _UNDO)


def _applied(features: Features, index: int, said: System | None) -> System | None:
    """Return what is said of a feature where it says more than the file."""
    if said == UNREADABLE:
        return None
    if said is None or said.shift or said == System():
        return said
    shape = features.geometry[index]
    is_open = is_geographic(features.crs) or features.is_taken_from_caller
    if shape is None or not is_open or is_geographic(said.crs):
        return None
    low_x, low_y, high_x, high_y = shapely.bounds(shape)
    fits_degrees = max(abs(low_x), abs(high_x)) <= 180.0 and max(abs(low_y), abs(high_y)) <= 90.0
    return None if fits_degrees else said


def _degrees(xy: FloatArray, source: str, system: System | None) -> FloatArray:
    lon, lat = transform(source, GEOGRAPHIC, xy[:, 0], xy[:, 1])
    if system is not None and system.shift:
        lon, lat = _UNDO[system.shift](lon, lat)
    return np.column_stack([lon, lat])
