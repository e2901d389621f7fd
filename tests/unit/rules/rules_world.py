"""A made-up world: two square countries on the equator, their packs, and a town that may plan."""

from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.city.territory import Territory
from lhasaplan.core.gate.decide import judge_gate
from lhasaplan.core.gate.planning_ground import terms_of
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.place import Part, Required
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.project.project import Project
from lhasaplan.core.rules.pack import Pack, Thresholds

CRS = Crs("EPSG:32633")  # its middle meridian is 15 degrees east, where one degree is 110.6 km
WEST, EAST = "901", "902"
COUNTRIES = {WEST: shapely.box(15.0, 0.0, 15.2, 0.2), EAST: shapely.box(15.2, 0.0, 15.4, 0.2)}
TODAY = "2026-11-25"
EXTENT = "POLYGON ((15.09 0.09, 15.13 0.09, 15.13 0.13, 15.09 0.13, 15.09 0.09))"
AREA = "POLYGON ((15.10 0.10, 15.12 0.10, 15.12 0.12, 15.10 0.12, 15.10 0.10))"


def text(words):
    return {"en": words, "zh_CN": words, "fr": words}


def pack(name="west-law", planning="yes", countries=(WEST,), **values):
    settings = {
        "title": text(name),
        "version": "1",
        "national_grid": "",
        "authorities": ("Privacy Board of Westland",),
        "articles": (),
        "categories": (),
        "thresholds": Thresholds(),
        "sha256": f"as shipped: {name}",
    }
    return Pack(name=name, planning=planning, countries=tuple(countries), **{**settings, **values})


WEST_LAW = pack()
DUTIES = pack("duties", "duties", ())
NEVER = pack("limits-only", "never", (EAST,))
TERRITORY = Territory(COUNTRIES, {one.name: terms_of(one) for one in (WEST_LAW, DUTIES, NEVER)})

MANDATE = Mandate(
    controller="Town of Westham",
    legal_basis="Town act 4",
    purposes=("safety of the bridge",),
    supervisory_authority="privacy board of WESTLAND",
    complaint_route="Court of Westham",
    impact_assessment_officer="A. Example",
    impact_assessment_date="2026-05-01",
    retention_days=2.0,
    public_register="Town hall",
    plan_area_wkt=AREA,
    building_extent_wkt=EXTENT,
)


def metres(lon, lat):
    x, y = CRS.to_xy(lon, lat)
    return float(x), float(y)


def houses():
    """One house in each 500 m cell of the town."""
    west, south = metres(15.09, 0.09)
    east, north = metres(15.13, 0.13)
    xs, ys = np.meshgrid(np.arange(west // 500, east // 500 + 1), np.arange(south // 500, north // 500 + 1))
    x, y = xs.ravel() * 500 + 250, ys.ravel() * 500 + 250
    return buildings(shapely.box(x, y, x + 10, y + 10))


def buildings(polygons):
    n = len(polygons)
    ids = np.array([f"way/{i}" for i in range(n)], object)
    return Buildings(ids, polygons, np.zeros(n), np.full(n, 6.0), np.full(n, "levels", object), ({},) * n)


def part(lon, lat, name="bridge"):
    geometry = shapely.Point(metres(lon, lat)).buffer(20)
    return Part(name, name, name, "duties", "bridge", "carriageway", "area", geometry, Required(25.0))


def planned(lon, lat, camera_id="new-1"):
    x, y = metres(lon, lat)
    return Camera(camera_id, x, y, status=Status.PLANNED)


def project(mandate=MANDATE, cameras=(), **values):
    return Project(name="westham", crs=CRS.authority, mandate=mandate, cameras=tuple(cameras), **values)


def gate(
    mandate=MANDATE,
    packs=(WEST_LAW, DUTIES),
    parts=(),
    cameras=(),
    built=None,
    territory=TERRITORY,
    digest="",
    **values,
):
    town = project(mandate, cameras, **values)
    return judge_gate(town, packs, territory, houses() if built is None else built, parts, CRS, digest, TODAY)


def missing(**values):
    """What the gate says, in English."""
    return [template.format(**params) for template, params in gate(**values).missing]


def mandate(**values):
    return replace(MANDATE, **values)
