"""Lay out the area that a plan is about, within the ground on which the loaded packs let a project plan under its authority."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.spelling import unaccented
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.city.territory import PackTerms, Territory
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import Buildings, Layer
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.decisions import Declaration, Mandate, stands_for
from lhasaplan.core.rules.pack import Category, Missing, Pack

# What opens the gate is held by the core and not by a release: a checkout, which has no digests of a release, plans on
# these terms and inside these outlines alone. Set by hand to what tools/write_planning_terms.py prints.
PLANNING_TERMS_SHA256 = "c28fda9f321a885d6df0b8970a06e7bc8590d7dd7609fba738d5b3894263236c"  # of data/planning_terms.toml
OUTLINES_SHA256 = "9e0fdf01ede0a9c6a30ed8e9407633817d2638773b1f6703be2e748f652f9afc"  # of the files under data/territory

# Compare the supervisory authority that a mandate names with the lists of the packs.


@lru_cache(maxsize=1024)  # each answer compares one name with the lists of all packs
def plain_name(name: str) -> str:
    """Return a name without accents, case, punctuation and double spaces, for comparison.

    >>> plain_name("Commission  nationale de l’informatique et des LIBERTÉS (CNIL)")
    'commission nationale de l informatique et des libertes cnil'
    """
    kept = "".join(c if c.isalnum() else " " for c in unaccented(name))
    return " ".join(kept.split())


def overseen_countries(terms: PackTerms, authority: str) -> tuple[str, ...]:
    """Return the countries of the pack for which it lists the authority; an empty name is on no list."""
    named = plain_name(authority)
    return tuple(
        code
        for code in terms.countries
        if named and named in {plain_name(one) for one in terms.authority_of.get(code, terms.authorities)}
    )


FICTITIOUS = ("fictitious",)


@dataclass(frozen=True, slots=True)
class PlanningGround:
    """A loaded pack's own terms, and the shipped terms that bound them: ground counts when it lies in both."""

    pack: str
    own: PackTerms
    bounds: tuple[PackTerms, ...]

    def region(self, territory: Territory, box_deg: Sequence[float]) -> BaseGeometry:
        """Return where it is near a box (west, south, east, north), in longitude and latitude."""
        bounds = shapely.union_all([_region(terms, territory, box_deg) for terms in self.bounds])
        return shapely.intersection(_region(self.own, territory, box_deg), bounds)


def terms_of(pack: Pack) -> PackTerms:
    """Return what the gate needs to know of a pack."""
    return PackTerms(
        planning=pack.planning,
        countries=pack.countries,
        territory_wkt=pack.territory_wkt,
        excluded_wkt=pack.excluded_wkt,
        authorities=pack.authorities,
        authority_of=pack.authority_of,
        sample_digests=pack.sample_digests,
        public_precision_deg=pack.public_precision_deg,
        duties=tuple(map(_duty, pack.categories)),
    )


def _duty(category: Category) -> str:
    """Return all of a category that decides where its parts lie and what they ask for, its words left out."""
    need, match = category.required, " | ".join(" & ".join(conditions) for conditions in category.match)
    asked = f"{need.density_px_m:g} px/m, views {need.min_views}, share {need.min_share:g}"
    figures = [f"{key} {value}" for key, value in sorted(category.params.items())]
    return "; ".join((category.name, category.part_kind, category.shape, match, asked, *figures))


def is_never(pack: Pack, territory: Territory) -> bool:
    """Return whether the pack forbids planning: by its file, or because the shipped pack of that name does."""
    shipped = territory.shipped.get(pack.name)
    return pack.planning == "never" or (shipped is not None and shipped.planning == "never")


def pack_that_never_plans(
    packs: Sequence[Pack], territory: Territory, cameras: Sequence[Camera], crs: str
) -> tuple[str, bool] | None:
    """Return the name of a pack that never plans, and whether it is loaded or only the law where a camera stands; else None.

    What is loaded is the user's choice: without the second an operator would load the pack of another country.
    """
    for pack in packs:
        if is_never(pack, territory):
            return pack.name, True
    never = {name: terms.countries for name, terms in territory.shipped.items() if terms.planning == "never" and terms.countries}
    if not never or not cameras or not crs:
        return None
    lon, lat = Crs(crs).to_lonlat([each.x_m for each in cameras], [each.y_m for each in cameras])
    law = next((name for name, countries in never.items() if territory.contains(countries, lon, lat).any()), None)
    return None if law is None else (law, False)


def planning_grounds(packs: Sequence[Pack], territory: Territory) -> tuple[PlanningGround, ...]:
    """Return a ground for each pack that may plan at all.

    A shipped pack is bounded by its terms as shipped, a pack that is not shipped by those of all shipped planning packs.
    """
    grounds = (PlanningGround(pack.name, terms_of(pack), _bounds(pack, territory)) for pack in packs if pack.planning == "yes")
    return tuple(ground for ground in grounds if ground.bounds)


def under_authority(ground: PlanningGround, authority: str) -> PlanningGround | None:
    """Return the ground cut to the countries that the authority oversees, None when it oversees none of them."""
    own = _cut(ground.own, authority)
    bounds = tuple(cut for cut in (_cut(bound, authority) for bound in ground.bounds) if cut is not None)
    return PlanningGround(ground.pack, own, bounds) if own is not None and bounds else None


def opens_for(ground: PlanningGround, sample_digest: str) -> bool:
    """Return whether the ground is open to this content: a fictitious one opens for its shipped samples alone."""
    return all(not _is_sample(one) or sample_digest in one.sample_digests for one in (ground.own, *ground.bounds))


def countries_of(ground: PlanningGround) -> frozenset[str]:
    """Return the countries of a ground, by code; none of a fictitious one."""
    bounds = {code for terms in ground.bounds for code in terms.countries}
    return frozenset(ground.own.countries) & bounds - set(FICTITIOUS)


def region_of(grounds: Sequence[PlanningGround], territory: Territory, box_deg: Sequence[float]) -> BaseGeometry:
    """Return the union of the grounds near a box (west, south, east, north), in longitude and latitude."""
    return shapely.union_all([ground.region(territory, box_deg) for ground in grounds])


def beyond_law(pack: Pack, territory: Territory, lon: FloatArray, lat: FloatArray) -> BoolArray:
    """Return which points, shape (n,), lie outside the ground of a pack's law; none of a pack without a territory.

    Parameters
    ----------
    lon, lat : degrees, shape (n,).
    """
    lons, lats = np.asarray(lon, float), np.asarray(lat, float)
    if not (len(lons) and (pack.countries or pack.territory_wkt) and (pack.countries == FICTITIOUS or territory.countries)):
        return np.zeros(len(lons), bool)
    law = _region(terms_of(pack), territory, (lons.min(), lats.min(), lons.max(), lats.max()))
    return np.asarray(~shapely.intersects_xy(law, lons, lats), bool)


def _bounds(pack: Pack, territory: Territory) -> tuple[PackTerms, ...]:
    shipped = territory.shipped.get(pack.name)
    if shipped is not None:
        return (shipped,) if shipped.planning == "yes" else ()
    return tuple(terms for terms in territory.shipped.values() if terms.planning == "yes" and not _is_sample(terms))


def _is_sample(terms: PackTerms) -> bool:
    return bool(terms.sample_digests) or terms.countries == FICTITIOUS


def _cut(terms: PackTerms, authority: str) -> PackTerms | None:
    codes = overseen_countries(terms, authority)
    return replace(terms, countries=codes) if codes else None


def _region(terms: PackTerms, territory: Territory, box_deg: Sequence[float]) -> BaseGeometry:
    if terms.countries == FICTITIOUS:
        region = lonlat_area(terms.territory_wkt) or shapely.Polygon()
    else:
        region = territory.region(terms.countries, box_deg)
        narrowed = lonlat_area(terms.territory_wkt)
        region = region if narrowed is None else shapely.intersection(region, narrowed)
    excluded = lonlat_area(terms.excluded_wkt)
    return region if excluded is None else shapely.difference(region, excluded)


def lonlat_area(wkt: str) -> BaseGeometry | None:
    """Return the polygon of a WKT text in longitude and latitude, None when it is not a usable one."""
    try:
        area = shapely.from_wkt(wkt) if wkt else None
    except GEOSException:
        return None
    usable = area is not None and area.geom_type in ("Polygon", "MultiPolygon") and area.is_valid and area.area > 0
    return area if usable and shapely.box(-180, -90, 180, 90).covers(area) else None


Projection = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]

CELL_M = 500.0
NO_BUILDINGS = "no_buildings"
IN_COUNTRY, BORDER = "in_country", "border:"  # that ground near a border lies in a country: of ``border:<its code>``
_EDGE_M = 1.0  # a drawn edge may miss a vertex of the plan by its own rounding
_STEP_DEG = 0.002  # edges bend between the two systems; at 200 m a step the bend is millimetres
_NAMED_CELLS = 60


def metric_area(wkt: str, crs: Crs) -> BaseGeometry | None:
    """Return a declared area (WKT polygon, longitude and latitude) in the project's metres, None when not usable."""
    area = lonlat_area(wkt)
    return None if area is None else _projected(shapely.segmentize(area, _STEP_DEG), crs.to_xy)


def stated_area(area: BaseGeometry, crs: Crs) -> str:
    """Return a metric area as a mandate states it: WKT in longitude and latitude, to a tenth of a metre."""
    return str(shapely.to_wkt(_projected(area, crs.to_lonlat), rounding_precision=6))


def lonlat_of(area: BaseGeometry, crs: Crs) -> BaseGeometry:
    """Return a metric area in longitude and latitude, its edges densified first."""
    return _projected(shapely.segmentize(area, 200.0), crs.to_lonlat)


def plan_area(mandate: Mandate | None, parts: Sequence[Part], planned: Sequence[Camera], crs: Crs) -> BaseGeometry | None:
    """Return the area in metres: as the mandate states it, else the hull of confirmed parts and planned cameras."""
    if mandate is not None and mandate.plan_area_wkt:
        return metric_area(mandate.plan_area_wkt, crs)
    shapes = things_planned(parts, planned)
    return shapely.union_all(shapes).convex_hull.buffer(_EDGE_M) if shapes else None


def things_planned(parts: Sequence[Part], planned: Sequence[Camera]) -> list[BaseGeometry]:
    """Return the geometry of each part and each planned camera."""
    return [part.geometry for part in parts] + [shapely.Point(camera.x_m, camera.y_m) for camera in planned]


def area_gaps(mandate: Mandate | None, area: BaseGeometry | None, shapes: Sequence[BaseGeometry]) -> tuple[Missing, ...]:
    """Return why the plan area cannot be judged, or what of the plan lies outside it."""
    if area is None:
        stated = mandate is not None and bool(mandate.plan_area_wkt)
        return ((UNUSABLE_AREA if stated else NO_AREA, {}),)
    outside = int(np.count_nonzero(~shapely.covers(area.buffer(_EDGE_M), np.array(shapes, object)))) if shapes else 0
    return ((OUTSIDE_AREA, {"count": outside}),) if outside else ()


def building_gaps(
    mandate: Mandate | None,
    area: BaseGeometry,
    buildings: Buildings,
    declarations: Iterable[Declaration],
    crs: Crs,
    *,
    roads: Layer | None = None,
) -> tuple[Missing, ...]:
    """Return what keeps the building layer from being the whole truth about the plan area.

    ``roads`` name the street that lies nearest to each cell: nobody can confirm a number.
    """
    if len(buildings) == 0:
        return ((NO_LAYER, {}),)
    if apart := elsewhere_gaps(area, buildings.polygons):
        return apart  # to name the cells of another city would ask a person to confirm that they are bare
    cells = empty_cells(area, buildings, declarations)
    at = NearestStreet(roads, crs)
    named = "; ".join(cell_text(cell, at) for cell in cells[:_NAMED_CELLS]) + (" …" if len(cells) > _NAMED_CELLS else "")
    unconfirmed = ((EMPTY_CELLS, {"count": len(cells), "cells": named}),) if cells else ()
    return _extent_gap(mandate, area, crs) + unconfirmed


def elsewhere_gaps(area: BaseGeometry, buildings: ObjectArray) -> tuple[Missing, ...]:
    """Return that an area is one of another city: it lies more than a cell from the box round all buildings."""
    apart_m = float(shapely.distance(area, shapely.box(*shapely.total_bounds(buildings)))) if len(buildings) else 0.0
    return ((ELSEWHERE, {"km": f"{apart_m / 1000.0:.1f}"}),) if apart_m > CELL_M else ()


def empty_cells(area: BaseGeometry, buildings: Buildings, declarations: Iterable[Declaration] = ()) -> tuple[str, ...]:
    """Return the ids ``cell:<ix>:<iy>`` of unconfirmed 500 m cells of the area without a building.

    Cell (ix, iy) reaches from (500 ix, 500 iy) to the next cell, in the project's metres.
    """
    index = _cells_of(area)
    boxes = _boxes(index)
    built = np.zeros(len(index), bool)
    built[shapely.STRtree(boxes).query(buildings.polygons, predicate="intersects")[1]] = True
    confirmed = {one.subject for one in declarations if one.fact == NO_BUILDINGS and stands_for(one.by, one.date)}
    names = (f"cell:{ix}:{iy}" for ix, iy in index[~built])
    return tuple(name for name in names if name not in confirmed)


def cell_text(cell: str, at: NearestStreet) -> str:
    """Return the id of a cell with the place of its middle and the street nearest to it."""
    box = cell_box(cell)
    return cell if box is None else f"{cell} ({at.text(box)})"


def cell_box(cell: str) -> BaseGeometry | None:
    """Return the square of a cell in metres, None for what is no cell."""
    _, *index = cell.split(":")
    if len(index) != 2 or not all(number.lstrip("-").isdecimal() for number in index):
        return None
    west, south = (int(number) * CELL_M for number in index)
    return shapely.box(west, south, west + CELL_M, south + CELL_M)


def beyond_data_m2(area: BaseGeometry, layers: Mapping[str, Layer]) -> float:
    """Return how much of an area lies outside the hull of all buildings and roads: there the data end, not the town."""
    shapes = [layers[name].geometry for name in ("buildings", "roads") if name in layers and len(layers[name])]
    if not shapes:
        return 0.0
    corners = shapely.get_coordinates(np.concatenate(shapes))
    hull = shapely.convex_hull(shapely.multipoints(corners[np.isfinite(corners).all(axis=1)]))
    return float(shapely.area(shapely.difference(area, shapely.buffer(hull, _EDGE_M))))


def ground_of_buildings(layers: Mapping[str, Layer]) -> BaseGeometry:
    """Return the hull of all mapped buildings, with the ground of a cell's tenth around it."""
    layer = layers.get("buildings")
    shapes = layer.geometry if layer is not None else np.empty(0, object)
    hull = shapely.convex_hull(shapely.multipoints(shapely.get_coordinates(shapes))) if len(shapes) else shapely.Polygon()
    return shapely.buffer(hull, CELL_M / 10.0, quad_segs=2)


def cells_at(area: BaseGeometry) -> BaseGeometry:
    """Return the 500 m cells that an area touches, as one ground."""
    return shapely.union_all(_boxes(_cells_of(area)))


def _boxes(cells: IntArray) -> ObjectArray:
    boxes: ObjectArray = shapely.box(*(cells * CELL_M).T, *((cells + 1) * CELL_M).T)
    return boxes


def _cells_of(area: BaseGeometry) -> IntArray:
    west, south, east, north = np.floor(np.array(area.bounds) / CELL_M).astype(np.int64)
    grid = np.mgrid[west : east + 1, south : north + 1].reshape(2, -1).T
    shapely.prepare(area)
    inside = shapely.intersects(area, _boxes(grid))
    return np.asarray(grid[inside], np.int64)


def _extent_gap(mandate: Mandate | None, area: BaseGeometry, crs: Crs) -> tuple[Missing, ...]:
    wkt = mandate.building_extent_wkt if mandate is not None else ""
    if not wkt:
        return ((NO_EXTENT, {}),)
    extent = metric_area(wkt, crs)
    if extent is None:
        return ((UNUSABLE_EXTENT, {}),)
    bare = shapely.difference(area, extent.buffer(_EDGE_M)).area
    return ((BARE_AREA, {"hectares": round(bare / 1e4, 1)}),) if bare > 0 else ()


def _projected(geometry: BaseGeometry, project: Projection) -> BaseGeometry:
    def moved(xy: FloatArray) -> FloatArray:
        return np.column_stack(project(xy[:, 0], xy[:, 1]))

    return shapely.transform(geometry, moved)


NO_AREA = marked("There is no plan area: the mandate states none, and nothing is confirmed or planned yet.")
UNUSABLE_AREA = marked("The plan area of the mandate is not a valid polygon in longitude and latitude.")
OUTSIDE_AREA = marked("Confirmed parts or planned cameras outside the plan area of the mandate: {count}.")
EMPTY_CELLS = marked("Cells of 500 m without a building in the plan area ({count}). A person must confirm each by name: {cells}")
BARE_AREA = marked("The building layer, as declared, leaves {hectares} ha of the plan area uncovered.")
NO_LAYER = marked("There is no building layer.")
NO_EXTENT = marked("Nobody declared which area the building layer covers.")
UNUSABLE_EXTENT = marked("The declared extent of the building layer is not a valid polygon in longitude and latitude.")
ELSEWHERE = marked(
    "The plan area of the mandate lies {km} km from the buildings of this project: it is the area of another city."
)
