"""A second way to look: raw OpenStreetMap outlines as prisms, and sight lines cut with shapely, one by one."""

import itertools
import math
import tomllib
from dataclasses import dataclass
from functools import cache

import osmium
import shapely
from osm_city import Item, by_osmium_alone
from pyproj import Transformer
from shapely.geometry import LineString, Point
from shapely.ops import nearest_points
from sources import ROOT

HEIGHTS = tomllib.loads((ROOT / "layers" / "specs" / "buildings.toml").read_text(encoding="utf-8"))["heights"]
NEVER = ("no", "demolished", "razed", "collapsed", "destroyed", "proposed")


@dataclass(frozen=True)
class Prism:
    id: str
    shape: object
    base_m: float
    top_m: float


@cache
def prisms(city):
    """Return the outlines with a building tag as they stand on the ground; what lies under ground is none."""
    items = [
        item for item in (hilltown() if city == "hilltown" else by_osmium_alone(city)) if shapely.get_dimensions(item.shape) == 2
    ]
    parts = [item for item in items if item.tags.get("building:part", "no") != "no"]
    rows = []
    for item in items:
        kind = item.tags.get("building", "no")
        under = item.tags.get("location") == "underground" or item.tags.get("layer") in ("-2", "-3", "-4", "-5")
        if kind not in NEVER and not under:
            own = stated_m(item.tags)
            lent = 0.0 if own else max((stated_m(p.tags) for p in parts if lies_on(p, item)), default=0.0)
            top = own or lent or HEIGHTS["default_m"].get(kind, HEIGHTS["other_m"])
            low = 3.0 * float(item.tags.get("building:min_level", 0))
            rows.append(Prism(item.id, item.shape, top - 0.3 if kind in HEIGHTS["roof_kinds"] else low, top))
    return rows


def hilltown():
    """Return the closed ways of the fictitious town."""
    to_xy = Transformer.from_crs("EPSG:4326", "EPSG:32626", always_xy=True)
    rows = []
    for way in osmium.FileProcessor(str(ROOT / "data/samples/hilltown/hilltown.osm.gz")).with_locations():
        if way.is_way() and way.is_closed():
            ring = [to_xy.transform(node.lon, node.lat) for node in way.nodes]
            rows.append(Item(f"way/{way.id}", {tag.k: tag.v for tag in way.tags}, shapely.Polygon(ring)))
    return rows


def stated_m(tags):
    """Return the height that tags state: height, else storeys of 3 m and roof storeys of 2.5 m; 0 if none."""
    storeys, roof = float(tags.get("building:levels", 0)), float(tags.get("roof:levels", 0))
    return float(tags.get("height", "0").removesuffix("m")) or (3.0 * storeys + 2.5 * roof if storeys else 0.0)


def lies_on(part, outline):
    return part.shape.intersects(outline.shape) and part.shape.point_on_surface().within(outline.shape)


def spot_of(city, node):
    (item,) = (item for item in by_osmium_alone(city) if item.id == node)
    return item.shape


def facade(prism, spot):
    """Return the distance to the nearest wall, the lens 5 cm before it, and the grid bearing that the wall looks to."""
    edge = prism.shape.boundary
    foot = nearest_points(edge, spot)[0]
    here = edge.project(foot) if edge.geom_type == "LineString" else None
    ring = edge if here is not None else min(edge.geoms, key=spot.distance)
    at = ring.project(foot)
    a, b = ring.interpolate(max(at - 0.01, 0.0)), ring.interpolate(min(at + 0.01, ring.length))
    along = math.atan2(b.x - a.x, b.y - a.y)
    out = next(
        side
        for side in (along + math.pi / 2, along - math.pi / 2)
        if not prism.shape.contains(Point(foot.x + 0.05 * math.sin(side), foot.y + 0.05 * math.cos(side)))
    )
    lens = Point(foot.x + 0.05 * math.sin(out), foot.y + 0.05 * math.cos(out))
    return spot.distance(foot), lens, math.degrees(out) % 360.0


def seen_from_m(lens, z_m, target, prism):
    """Return the height that a target must have so that the line from the lens passes over a prism; 0 if it passes by."""
    inside = LineString([lens, target]).intersection(prism.shape)
    if inside.is_empty or inside.length < 0.001 or prism.base_m > 0.0:
        return 0.0
    shares = [Point(xy).distance(lens) / target.distance(lens) for xy in shapely.get_coordinates(inside)]
    return max(z_m + (prism.top_m - z_m) / share for share in shares if share > 1e-9)


def hiders(lens, z_m, target, town, height_m=1.5):
    """Return what hides a target of a height, the nearest first, each with the height from which it would be seen over it."""
    found = [(prism, seen_from_m(lens, z_m, target, prism)) for prism in town]
    found = [(prism, high) for prism, high in found if high > height_m]
    return sorted(found, key=lambda each: LineString([lens, target]).intersection(each[0].shape).distance(lens))


def sector(lens, axis_deg, wide_deg, reach_m):
    """Return a slice of a disc about a grid bearing, drawn finely."""
    steps = [math.radians(axis_deg - wide_deg / 2 + wide_deg * k / 240) for k in range(241)]
    rim = [(lens.x + reach_m * math.sin(a), lens.y + reach_m * math.cos(a)) for a in steps]
    return shapely.Polygon([(lens.x, lens.y), *rim])


def shadows(lens, z_m, town, reach_m, height_m=1.5):
    """Return the ground behind walls on the plane of the target: each wall swept away from the lens, with what it stands on."""
    pieces = []
    for prism in town:
        if prism.base_m > 0.0 or prism.top_m <= height_m or prism.shape.distance(lens) > reach_m:
            continue
        far = 1e5 if prism.top_m >= z_m else (z_m - height_m) / (z_m - prism.top_m)  # how far off a roof's edge falls
        for ring in [r for part in shapely.get_parts(prism.shape) for r in (part.exterior, *part.interiors)]:
            corners = list(ring.coords)
            for a, b in itertools.pairwise(corners):
                cast = [(lens.x + far * (x - lens.x), lens.y + far * (y - lens.y)) for x, y in (b, a)]
                wedge = shapely.Polygon([a, b, *cast])
                pieces.append(shapely.make_valid(wedge))
        pieces.append(prism.shape)
    return shapely.union_all(pieces)
