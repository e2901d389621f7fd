"""Check that a map layer's coordinates fit the system that the file or the caller says, and refuse them with likely ones."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from pyproj import CRS

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.crs import GEOGRAPHIC, transform, undo_bd09, undo_gcj02
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.maps.map_file import ReadFeatures
from lhasaplan.io.parse.coordinate_systems import System, fits, is_geographic, likely_systems, proposed
from lhasaplan.io.parse.raw_import import first_ids
from lhasaplan.io.tables.camera_table import fits_column
from lhasaplan.io.tables.columns import NO_SYSTEM, TableColumn, load_columns, understand
from lhasaplan.io.tables.row_positions import SAID, SHIFTED, UNREADABLE, UNSAID, systems_of_rows
from lhasaplan.io.tables.table_rows import Note, TextRow, TextTable

_MEASURES = ("number", "whole", "azimuth")
_UNDO = {"gcj02": undo_gcj02, "bd09": undo_bd09}


def in_wgs84(features: ReadFeatures, notes: tuple[Note, ...], datum: str) -> tuple[ReadFeatures, tuple[Fault, ...], bool]:
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


def _said(features: ReadFeatures, notes: tuple[Note, ...], datum: str) -> tuple[list[System | None], list[Fault]]:
    rows = zip(*features.columns, strict=True) if features.columns else iter([()] * len(features))
    numbered = tuple(TextRow(number, tuple(row)) for number, row in enumerate(rows, start=1))
    table = TextTable(features.file, features.headings, numbered, "feature", notes=notes)

    def fits(index: int, column: TableColumn) -> bool:
        # Whether heights or angles can be read tells nothing of systems, and takes as long as reading them.
        return column.type not in _MEASURES and fits_column(table, index, column)

    meaning = understand(features.headings, load_columns(), fits)
    faults: list[Fault] = []
    systems = systems_of_rows(table, meaning, (None,) * len(features), datum, faults)
    # Where the file's own system leaves nothing to ask, only what is said of shifts goes beyond it.
    return systems, [
        fault
        for fault in faults
        if not (fault.template == NO_SYSTEM or (fault.template == UNSAID and fault.params["crs"] not in _UNDO))
    ]


def _applied(features: ReadFeatures, index: int, said: System | None) -> System | None:
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


APART_KM, BESIDE_KM = 100.0, 50.0  # so far from the project a layer is doubted, so near to it another system is believed
_KM_DEG = 111.2
MISFIT = marked(
    "{count} of {all} features of {layer} do not lie in {crs}, which the file or the project says ({ids}); "
    "if it is another system, say --crs (perhaps {likely}), and nothing was taken in"
)
LATITUDE_FIRST = marked(
    "the coordinates of {layer} have the latitude first, {x} and {y}; write the longitude first, then import it again"
)
ELSEWHERE = marked("{layer} lies {km} km from all that the project holds; in {likely} it would lie there: say --crs {first}")
OVERRULED = marked("{layer} says {said}, in which it cannot lie; it is read in {crs}, as --crs says")
AT_ZERO = marked(
    "all coordinates of {layer} are beside longitude 0 and latitude 0, in the sea, which stands for no place; give true ones"
)
_BESIDE_ZERO_DEG = 0.01
NOT_USED = marked("{layer} says its own system, {said}; --crs {crs} was not used")


@dataclass(frozen=True, slots=True)
class Home:
    """What is known of where a file belongs: the caller's system, the project's, and the middle of what the project holds."""

    crs: str = ""
    project_crs: str = ""
    lonlat: tuple[float, float] | None = None


NO_HOME = Home()


def in_true_system(features: ReadFeatures, home: Home) -> tuple[ReadFeatures, tuple[Fault, ...]]:
    """Return the features in the system that their coordinates fit, with remarks.

    The file's own word counts where it can be true, the caller's where that cannot. A system that nobody says is degrees
    where all coordinates fit degrees.

    Raises
    ------
    InputError
        A part of the coordinates, or all, lie nowhere in the system, or far from the project while another one fits.
    """
    bounds = shapely.bounds(features.geometry)
    known = bounds[np.isfinite(bounds).all(axis=1)]
    middles = np.column_stack([(known[:, 0] + known[:, 2]) / 2.0, (known[:, 1] + known[:, 3]) / 2.0])
    if not len(middles):
        return features, ()
    if features.is_taken_from_caller and not is_geographic(features.crs) and _are_degrees(middles).all():
        features = replace(features, crs=GEOGRAPHIC, is_guessed=True, is_taken_from_caller=False)
    if is_geographic(features.crs) and (abs(middles) < _BESIDE_ZERO_DEG).all():
        raise InputError(Fault(AT_ZERO, Where(features.file), {"layer": features.layer}))
    fit = fits(features.crs, middles[:, 0], middles[:, 1])
    is_true = bool(fit.all()) and not _is_apart(features.crs, middles, home)
    is_other = home.crs and not features.is_taken_from_caller and home.crs != features.crs
    if is_other and not CRS.from_user_input(home.crs).equals(CRS.from_user_input(features.crs), ignore_axis_order=True):
        return _by_caller(features, middles, home, is_true)
    if not fit.all():
        raise InputError(_misfit(features, middles, fit, home))
    _refuse_elsewhere(features, middles, home)
    return features, ()


def _by_caller(features: ReadFeatures, middles: FloatArray, home: Home, is_true: bool) -> tuple[ReadFeatures, tuple[Fault, ...]]:
    """Return the features in the caller's system where only that can be true, else in their own."""
    params = {"layer": features.layer, "said": features.crs, "crs": home.crs}
    where = Where(features.file)
    if is_true:
        return features, () if features.is_guessed else (Fault(NOT_USED, where, params),)
    fit = fits(home.crs, middles[:, 0], middles[:, 1])
    if not fit.all():
        raise InputError(_misfit(replace(features, crs=home.crs), middles, fit, home))
    return replace(features, crs=home.crs, is_guessed=False), (Fault(OVERRULED, where, params),)


def _are_degrees(xy: FloatArray) -> BoolArray:
    return np.asarray((abs(xy) <= (180.0, 90.0)).all(axis=1))


def _misfit(features: ReadFeatures, middles: FloatArray, fit: BoolArray, home: Home) -> Fault:
    bad = middles[~fit]
    x, y = (float(value) for value in np.median(bad, axis=0))
    where = Where(features.file)
    words = {"layer": features.layer, "x": f"{x:.10g}", "y": f"{y:.10g}"}
    if is_geographic(features.crs) and _are_degrees(bad[:, ::-1]).all() and _are_degrees(middles[:, ::-1]).all():
        return Fault(LATITUDE_FIRST, where, words)
    shaped = np.isfinite(shapely.bounds(features.geometry)).all(axis=1)
    ids = np.array(features.fids)[shaped][~fit]
    likely = proposed(x, y, home.project_crs)
    counts = {"count": len(ids), "all": len(features), "ids": first_ids(ids), "crs": features.crs, "likely": likely}
    return Fault(MISFIT, where, {**counts, "layer": features.layer})


def _is_apart(crs: str, middles: FloatArray, home: Home) -> bool:
    return home.lonlat is not None and _km(crs, middles, home.lonlat) > APART_KM


def _km(crs: str, middles: FloatArray, at: tuple[float, float]) -> float:
    """Return how far the middle of a layer would lie from a place in degrees; ``inf`` where it lies nowhere."""
    x, y = np.median(middles, axis=0)
    lon, lat = (float(value) for value in transform(crs, GEOGRAPHIC, x, y))
    east = (lon - at[0] + 180.0) % 360.0 - 180.0
    return float(np.hypot(east * np.cos(np.radians(at[1])), lat - at[1])) * _KM_DEG


def _refuse_elsewhere(features: ReadFeatures, middles: FloatArray, home: Home) -> None:
    """Raise where a layer lies far from the project, but would not with its axes exchanged or in a likely system."""
    if home.lonlat is None or not _is_apart(features.crs, middles, home):
        return
    x, y = (float(value) for value in np.median(middles, axis=0))
    where = Where(features.file)
    if is_geographic(features.crs) and _km(features.crs, middles[:, ::-1], home.lonlat) <= BESIDE_KM:
        raise InputError(Fault(LATITUDE_FIRST, where, {"layer": features.layer, "x": f"{x:.10g}", "y": f"{y:.10g}"}))
    known = [crs for crs in likely_systems(x, y, home.project_crs) if _km(crs, middles, home.lonlat) <= BESIDE_KM]
    if known:
        km = round(_km(features.crs, middles, home.lonlat))
        words = {"layer": features.layer, "km": km, "likely": ", ".join(known), "first": known[0]}
        raise InputError(Fault(ELSEWHERE, where, words))
