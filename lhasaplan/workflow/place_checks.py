"""Say what is doubtful of where a file lies: outside the law that the project names, or where its grid no longer measures."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.crs import Crs, choose_crs, length_error, middle_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.building_heights import polygonal
from lhasaplan.core.city.territory import Territory
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.gate.planning_ground import beyond_law
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project
from lhasaplan.core.rules.pack import Pack
from lhasaplan.core.site.terrain import houses_rise_m
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import ImportedFile, Services
from lhasaplan.workflow.import_checks import FAR_M, positions_of

LENGTHS_OFF = 0.005  # a national grid is off by 0.003 at most, a UTM zone by 0.001
_POLE_DEG = 90.0
FAR_APART_M = 50_000.0
ANTARCTICA = "010"  # a country in the data, but no place of cameras in a city
SWAPPED = marked(
    "Are longitude and latitude swapped? The middle of this file (longitude {lon}, latitude {lat}) lies outside "
    "the territory of {packs}; swapped it would lie inside. If so, exchange the headings lon and lat and import "
    "it again. If the place is right, add --crs EPSG:4326"
)
AT_SEA = marked(
    "Are longitude and latitude swapped? The middle of this file (longitude {lon}, latitude {lat}) lies in no "
    "country; swapped it would lie in one. If so, exchange the headings lon and lat and import it again. If the "
    "place is right, add --crs EPSG:4326"
)
ELSEWHERE = marked(
    "the middle of this file (longitude {lon}, latitude {lat}) lies outside the territory of {packs}. There "
    "their articles are a yardstick, not the law"
)
WRONG_LENGTHS = marked(
    "lengths in {crs} are off by {percent} % at the place of this file. If the place is right, make a new "
    "project with --crs {better}"
)
NO_LENGTHS = marked(
    "{crs} cannot measure at the place of this file. If the place is right, make a new project with --crs {better}"
)
SPOT_APART = marked(
    "longitude {lon}, latitude {lat} lies more than {km} km from everything in the project, so no camera could "
    "see it. Write the longitude first"
)
POINTS_APART = marked(
    "all these points lie more than {km} km from everything in the project, so no camera could see them. Are "
    "longitude and latitude swapped?"
)
APART = marked("this file lies {km} km from everything in the project: its content and the rest have no effect on each other")


TERRAIN_APART = marked(
    "this terrain does not reach the project (the nearest part lies {km} km away), so its heights are not used. "
    "Is it of another city, or in another coordinate system?"
)


def remarks_on_terrain(project: Project, found: ImportedFile) -> tuple[Fault, ...]:
    """Return a remark on each raster that reaches nothing of the project.

    Raises
    ------
    InputError
        It lies on another side of the world.
    """
    known_xy_m = positions_of(project.layers.values(), project.cameras)
    if not len(known_xy_m):
        return ()
    away_m = [(record.name, _away_m(known_xy_m, record.bounds_m)) for record in found.terrain]
    far = [Fault(TERRAIN_APART, Where(name), {"km": round(m / 1000.0)}) for name, m in away_m if m > FAR_M]
    if far:
        raise InputError(*far)
    return tuple(Fault(TERRAIN_APART, Where(name), {"km": f"{m / 1000.0:.3g}"}) for name, m in away_m if m > 0.0)


def remarks_on_surface(services: Services, merged: Project, found: ImportedFile) -> tuple[Fault, ...]:
    """Return a remark where houses stand in the terrain itself, once a project has both."""
    layer, brought = merged.layers.get("buildings"), {each.name for each in found.layers}
    if layer is None or not merged.terrain or not (found.terrain or "buildings" in brought):
        return ()
    houses = polygonal(layer.geometry)
    # The ground is read round a camera in the middle of the houses.
    x, y = np.nanmedian(shapely.get_coordinates(shapely.centroid(houses)), axis=0).tolist()
    looked_at = replace(merged, cameras=(Camera("", x, y),))
    rise_m = houses_rise_m(services.files.read_ground(looked_at), houses)
    return () if rise_m is None else (Fault(NOTES["surface_model"], Where(found.record.path), {"metres": f"{rise_m:.0f}"}),)


def _away_m(known_xy_m: FloatArray, bounds_m: tuple[float, float, float, float]) -> float:
    """Return how far a box lies from the nearest of some positions; 0 where one lies inside."""
    west, south, east, north = bounds_m
    x, y = known_xy_m.T
    return float(
        np.hypot(np.maximum(np.maximum(west - x, x - east), 0.0), np.maximum(np.maximum(south - y, y - north), 0.0)).min()
    )


def remarks_on_place(services: Services, project: Project, found: ImportedFile) -> tuple[Fault, ...]:
    """Return remarks on where a file lies; the law is asked for the first file alone, the others lie near it."""
    fresh = positions_of(found.layers, (*found.cameras, *found.baseline))
    if not len(fresh):
        return ()
    lon, lat = middle_of(*Crs(found.crs).to_lonlat(fresh[:, 0], fresh[:, 1]))
    before = positions_of(project.layers.values(), project.cameras)
    file = found.record.path
    lengths = _lengths(found.crs, lon, lat, file)
    if not len(before):
        return (*lengths, *_law(services, project, (lon, lat), file))
    apart_m = _nearest_m(before, fresh)
    return (*lengths, *((Fault(APART, Where(file), {"km": round(apart_m / 1000.0)}),) if apart_m > FAR_APART_M else ()))


def refuse_swapped(remarks: Sequence[Fault]) -> None:
    """Raise InputError where a remark says that the axes are exchanged; a caller who names a system knows better."""
    swapped = [remark for remark in remarks if remark.template in {SWAPPED, AT_SEA}]
    if swapped:
        raise InputError(*swapped)


def _lengths(crs: str, lon: float, lat: float, file: str) -> tuple[Fault, ...]:
    if not np.isfinite((lon, lat)).all():
        return ()
    off, better = length_error(crs, lon, lat), choose_crs([lon], [lat])
    if off <= LENGTHS_OFF or better == crs:
        return ()
    if not np.isfinite(off):
        return (Fault(NO_LENGTHS, Where(file), {"crs": crs, "better": better}),)
    return (Fault(WRONG_LENGTHS, Where(file), {"crs": crs, "percent": f"{100.0 * off:.2g}", "better": better}),)


def _nearest_m(known_xy_m: FloatArray, fresh: FloatArray) -> float:
    """Return how far the nearest of some positions lies from the box around what a project holds."""
    low, high = known_xy_m.min(axis=0), known_xy_m.max(axis=0)
    return float(np.hypot(*np.maximum(np.maximum(low - fresh, fresh - high), 0.0).T).min())


def refuse_apart(project: Project, xy_m: FloatArray, file: str = "", spot: tuple[float, float] | None = None) -> None:
    """Raise InputError where all positions asked about, shape (n, 2), lie far from all that the project holds.

    The answer that no camera sees them would be true and worthless: most such positions have latitude first.
    """
    known_xy_m = positions_of(project.layers.values(), project.cameras)
    if not len(known_xy_m) or not len(xy_m) or _nearest_m(known_xy_m, xy_m) <= FAR_APART_M:
        return
    km = round(FAR_APART_M / 1000.0)
    if spot is not None:
        raise InputError(Fault(SPOT_APART, params={"lon": f"{spot[0]:g}", "lat": f"{spot[1]:g}", "km": km}))
    raise InputError(Fault(POINTS_APART, Where(file or None), {"km": km}))


def _law(services: Services, project: Project, middle: tuple[float, float], file: str) -> tuple[Fault, ...]:
    territory = services.content.load_territory()
    packs = [pack for pack in services.content.load_packs(project.packs) if pack.countries or pack.territory_wkt]
    if _is_law(packs, territory, middle):
        return ()
    turned, names = middle[::-1], ", ".join(pack.name for pack in packs)
    params = {"lon": f"{middle[0]:.1f}", "lat": f"{middle[1]:.1f}"}
    if _is_law(packs, territory, turned):
        return (Fault(SWAPPED, Where(file), {**params, "packs": names}),)
    if not _is_land(territory, middle) and _is_land(territory, turned):
        return (Fault(AT_SEA, Where(file), params),)
    return (Fault(ELSEWHERE, Where(file), {**params, "packs": names}),) if packs else ()


def _is_law(packs: Sequence[Pack], territory: Territory, spot: tuple[float, float]) -> bool:
    lon, lat = np.array([spot[0]]), np.array([spot[1]])
    return abs(spot[1]) <= _POLE_DEG and not all(beyond_law(pack, territory, lon, lat).all() for pack in packs)


def _is_land(territory: Territory, spot: tuple[float, float]) -> bool:
    countries = [code for code in territory.countries if code != ANTARCTICA]
    return abs(spot[1]) <= _POLE_DEG and bool(territory.contains(countries, np.array([spot[0]]), np.array([spot[1]])).all())
