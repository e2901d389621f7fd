"""Find the ground on which the loaded packs let a project plan, under the authority that its mandate names."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.city.territory import PackTerms, Territory
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.rules.pack import Category, Pack

# What opens the gate is held by the core and not by a release: a checkout, which has no digests of a release, plans on
# these terms and inside these outlines alone. Set by hand to what tools/write_planning_terms.py prints.
PLANNING_TERMS_SHA256 = "c28fda9f321a885d6df0b8970a06e7bc8590d7dd7609fba738d5b3894263236c"  # of data/planning_terms.toml
OUTLINES_SHA256 = "122c38f2df1d47a143916e7bde08ffef60fe3710a22dae5eece535420d832495"  # of the files under data/territory

# Compare the supervisory authority that a mandate names with the lists of the packs.


@lru_cache(maxsize=1024)  # each answer compares one name with the lists of all packs
def plain_name(name: str) -> str:
    """Return a name without accents, case, punctuation and double spaces, for comparison.

    >>> plain_name("Commission  nationale de l’informatique et des LIBERTÉS (CNIL)")
    'commission nationale de l informatique et des libertes cnil'
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
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
    return shapely.union_all([_ground_region(ground, territory, box_deg) for ground in grounds])


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


def _ground_region(ground: PlanningGround, territory: Territory, box_deg: Sequence[float]) -> BaseGeometry:
    bounds = shapely.union_all([_region(terms, territory, box_deg) for terms in ground.bounds])
    return shapely.intersection(_region(ground.own, territory, box_deg), bounds)


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
