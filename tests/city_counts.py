"""Counts of two real cities by osmium, pyproj and shapely alone: plain loops over the file, no line of the program.

A *thing* is a tagged node, an area (closed way or multipolygon), or an open way; a closed way is a line where its tag is that of
a road or a stream, unless it says area=yes or is a platform. Tags with several values (``a;b``) count each of them. A thing with
the tag of a protected place is no candidate (but for ambulance bays). A closed way with such a tag that the extract does not
carry whole is the ground within the nodes that it has, where they begin and end at one spot or nearly (5 % of the length, 2 to
10 m), else the line through them, a building none. What is one place is said by category in ``DEFINED``.
"""

import itertools
import tomllib
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import osmium
import shapely
from pyproj import Transformer
from sources import ROOT, shared_data

CITIES = {"helsinki": "EPSG:32635", "monaco": "EPSG:32632"}
PROTECTED = tomllib.loads((ROOT / "data" / "protected.toml").read_text(encoding="utf-8"))
MAIN = ("motorway", "trunk", "primary", "secondary")
STREETS = (*MAIN, "tertiary", "unclassified", "residential", "living_street")
CLASSED = ("motorway", "trunk", "primary", "secondary", "tertiary")
STREAMS = ("river", "stream", "canal", "drain", "ditch")


def file_of(city):
    return ROOT / "data/samples/helsinki/helsinki.osm.pbf" if city == "helsinki" else shared_data("monaco/monaco.osm.pbf")


@dataclass(frozen=True)
class Thing:
    tags: dict
    shape: object
    is_cut: bool = False  # a closed way of which the extract has some nodes alone

    def has(self, key, *values):
        return any(part.strip() in values for part in self.tags.get(key, "").split(";"))

    @property
    def dimension(self):
        return int(shapely.get_dimensions(self.shape))


@dataclass(frozen=True)
class Raw:
    """What the file says: things in metres, and roads as the ids of their nodes, with the place of each node."""

    things: list
    roads: list
    nodes: dict


@cache
def read(city):
    """Return the file once through osmium; a way that is cut at the edge of the extract has the nodes that the file has."""
    to_xy = Transformer.from_crs("EPSG:4326", CITIES[city], always_xy=True)
    make, rows, roads, nodes, cut = osmium.geom.WKBFactory(), [], [], {}, {}
    for item in osmium.FileProcessor(str(file_of(city))).with_areas():
        tags = {tag.k: tag.v for tag in item.tags}
        if not tags:
            continue
        if item.is_node():
            rows.append((tags, shapely.Point(item.location.lon, item.location.lat)))
        elif item.is_area():
            if not (item.from_way() and is_closed_line(tags)):
                try:
                    rows.append((tags, shapely.from_wkb(make.create_multipolygon(item))))
                    cut.pop(item.orig_id() if item.from_way() else None, None)
                except (RuntimeError, osmium.InvalidLocationError):
                    continue  # an outline that the extract does not carry whole
        elif item.is_way() and item.is_closed() and not is_closed_line(tags) and kinds_of(tags):
            cut[item.id] = tags, [(n.lon, n.lat) for n in item.nodes if n.location.valid()]
        elif item.is_way() and (not item.is_closed() or is_closed_line(tags)):
            known = [(n.ref, (n.lon, n.lat)) for n in item.nodes if n.location.valid()]
            if len(known) > 1:
                rows.append((tags, shapely.LineString([at for _, at in known])))
            if "highway" in tags and len(known) > 1:
                roads.append((tags, [ref for ref, _ in known]))
                nodes.update(known)
    whole = len(rows)
    rows += [(tags, shapely.LineString(known)) for tags, known in cut.values() if is_disclosed(tags, known)]
    flat = shapely.transform([shape for _, shape in rows], lambda xy: np.column_stack(to_xy.transform(xy[:, 0], xy[:, 1])))
    flat = [*flat[:whole], *map(within, flat[whole:])]
    things = [Thing(tags, shape, k >= whole) for k, ((tags, _), shape) in enumerate(zip(rows, flat, strict=True))]
    return Raw(things, roads, {ref: to_xy.transform(*at) for ref, at in nodes.items()})


def is_disclosed(tags, known):
    return len(set(known)) > 1 and (known[0] == known[-1] or "building" not in tags)


def within(line):
    first, last = shapely.Point(line.coords[0]), shapely.Point(line.coords[-1])
    if len(line.coords) < 3 or first.distance(last) > min(10, max(2, 0.05 * line.length)):
        return line
    ring = shapely.make_valid(shapely.Polygon(line.coords))
    return ring if ring.area > 0.01 else line


def is_closed_line(tags):
    is_platform = "platform" in (tags.get("highway"), tags.get("railway"), tags.get("public_transport"))
    is_road = "highway" in tags and tags.get("area") != "yes"
    return (is_road and not is_platform) or tags.get("waterway") in STREAMS


def kinds_of(tags):
    """Return the kinds of protected place whose tags these are."""
    shown = set()
    for kind in PROTECTED["kind"]:
        for condition in kind["tags"]:
            key, values = condition.split("=")
            for value in tags.get(key, "").split(";"):
                if value.strip() in values.split("|") or (values == "*" and value.strip() not in ("", "no", "none", "0")):
                    shown.add(kind["name"])
    return shown


# In the order of the pack: a thing counts under the first that holds, but a point that is both platform and stop is a stop.
TAKES = {
    "junction": lambda t: (
        t.has("highway", "traffic_signals")
        or (t.has("junction", "yes", "roundabout") and t.has("highway", "primary", "secondary", "tertiary", "trunk"))
    ),
    "pedestrian_crossing": lambda t: (
        t.has("highway", "crossing")
        and (
            t.has("crossing", "traffic_signals", "uncontrolled", "marked", "zebra")
            or t.has("crossing_ref", "zebra", "pelican", "toucan")
            or t.has("crossing:markings", "yes", "zebra", "lines", "dashes", "ladder", "surface")
        )
    ),
    "bridge": lambda t: t.has("bridge", "yes", "viaduct", "movable", "cantilever") and t.has("highway", *CLASSED),
    "tunnel": lambda t: t.has("tunnel", "yes") and t.has("highway", *CLASSED),
    "underpass": lambda t: (
        t.has("tunnel", "yes", "building_passage") and t.has("highway", "footway", "path", "cycleway", "pedestrian", "steps")
    ),
    "level_crossing": lambda t: t.has("railway", "level_crossing"),
    "platform": lambda t: t.has("public_transport", "platform") or t.has("railway", "platform") or t.has("highway", "platform"),
    "stop": lambda t: t.has("highway", "bus_stop") or t.has("railway", "tram_stop") or t.has("amenity", "bus_station"),
    "car_park": lambda t: (
        t.has("amenity", "parking")
        and (
            t.has("access", "yes", "permissive", "public")
            or t.has("fee", "yes")
            or t.has("parking", "multi-storey", "park_and_ride")
            or t.has("park_ride", "yes", "bus", "train", "tram", "metro", "ferry")
        )
    ),
    "hazard_site": lambda t: (
        t.has("amenity", "fuel")
        or (
            t.has("man_made", "storage_tank", "gasometer")
            and t.has("content", "fuel", "oil", "gas", "lng", "lpg", "chemicals", "gasoline", "diesel")
        )
        or t.has("industrial", "oil", "gas", "chemical", "refinery", "fuel_depot")
    ),
    "utility_site": lambda t: (
        t.has("power", "plant", "substation")
        or t.has("man_made", "water_works", "wastewater_plant", "pumping_station", "reservoir_covered")
    ),
    "emergency_bay": lambda t: t.has("emergency", "emergency_ward_entrance", "ambulance_station"),
    "public_building_apron": lambda t: (
        t.has("amenity", "townhall", "library", "fire_station")
        or (t.has("office", "government") and t.has("government", "administrative", "public_service", "ministry"))
    ),
    "waterfront": lambda t: (
        t.has("emergency", "life_ring", "lifeguard") or t.has("waterway", "weir", "dam") or t.has("man_made", "pier")
    ),
    "dumping_spot": lambda t: t.has("amenity", "recycling", "waste_disposal", "waste_transfer_station"),
    "risk_lookout": lambda t: t.has("man_made", "monitoring_station") and t.has("monitoring:water_level", "yes"),
}
# How far apart two things of one category may lie and be one place, metres; else they must touch (a centimetre).
ONE_PLACE_M = {"pedestrian_crossing": 8.0, "level_crossing": 20.0, "dumping_spot": 8.0, "stop": 2.0, "platform": 2.0}
ONE_PLACE_M |= {"bridge": 12.0, "tunnel": 12.0}
TOUCH_M, SIGNAL_M, ONE_JUNCTION_M = 0.01, 30.0, 30.0


DEFINED = {
    "junction": "where 3 arms of motorway, trunk, primary or secondary meet, or 3 of any street to `living_street` within 30 m "
    "of a signal; no arm in a tunnel or indoors; nodes within 30 m are one",
    "pedestrian_crossing": "within 8 m one",
    "bridge": "pieces that touch under one name, or none, are one; side by side within 12 m under one name too",
    "tunnel": "as a bridge",
    "underpass": "pieces that touch under one name, or none, are one",
    "level_crossing": "within 20 m one",
    "platform": "areas that overlap, lines that touch under one name, points within 2 m, and a stop within 2 m of one under the "
    "open sky are one",
    "stop": "less those of a platform; within 2 m one",
    "car_park": "what touches is one",
    "hazard_site": "what touches is one",
    "utility_site": "what touches is one",
    "emergency_bay": "",
    "public_building_apron": "what touches is one",
    "waterfront": "a point on a pier is the pier; piers that share ground are one",
    "dumping_spot": "within 8 m one",
    "risk_lookout": "",
}


def category_of(thing):
    names = [name for name, takes in TAKES.items() if takes(thing)]
    if names and thing.dimension == 0 and names[0] == "platform" and len(names) > 1:
        names = names[1:]
    return names[0] if names and (names[0] == "emergency_bay" or not kinds_of(thing.tags)) else ""


def is_one(a, b, within_m):
    """Areas share ground; lines touch, or lie near each other, under one name; a point lies near; a line meets an area."""
    both = {a.dimension, b.dimension}
    if 0 in both:
        return a.shape.distance(b.shape) <= within_m
    if both == {2}:
        return a.shape.intersection(b.shape).area > 0
    if both == {1}:
        name = a.tags.get("name", "")
        return name == b.tags.get("name", "") and a.shape.distance(b.shape) <= (within_m if name else TOUCH_M)
    return a.shape.intersects(b.shape)


def groups(items, belong):
    """Return items joined wherever two belong together, and whatever hangs on them."""
    parent = list(range(len(items)))

    def root(i):
        while parent[i] != i:
            i = parent[i]
        return i

    for i, j in itertools.combinations(range(len(items)), 2):
        if root(i) != root(j) and belong(items[i], items[j]):
            parent[root(i)] = root(j)
    found = {}
    for i, item in enumerate(items):
        found.setdefault(root(i), []).append(item)
    return list(found.values())


def is_below(thing):
    tags = thing.tags
    return tags.get("tunnel", "no") != "no" or tags.get("location") == "underground" or tags.get("indoor", "no") != "no"


@cache
def tagged(city):
    """Return the things of each category of the pack municipal-safety."""
    of = {name: [] for name in TAKES}
    for thing in read(city).things:
        if category_of(thing):
            of[category_of(thing)].append(thing)
    return of


@cache
def slow_candidates(city):
    """Return the number of places of each category: its things, those that are one place counted once."""
    of = dict(tagged(city))
    edges = [thing for thing in of["platform"] if thing.dimension and not is_below(thing)]
    on_edge = [stop for stop in of["stop"] if stop.dimension == 0 and any(stop.shape.distance(e.shape) <= 2.0 for e in edges)]
    of["platform"] = of["platform"] + on_edge
    of["stop"] = [stop for stop in of["stop"] if not any(stop is moved for moved in on_edge)]
    counts = {name: len(groups(things, partial(is_one, within_m=ONE_PLACE_M.get(name, TOUCH_M)))) for name, things in of.items()}
    return counts | {"junction": slow_junctions(read(city), [thing.shape for thing in of["junction"] if thing.dimension == 0])}


def slow_junctions(raw, signals):
    main, street = arms(raw.roads, MAIN), arms(raw.roads, STREETS)
    spots = {node: shapely.Point(raw.nodes[node]) for node in street}
    lit = [node for node, n in street.items() if n >= 3 and any(spots[node].distance(one) <= SIGNAL_M for one in signals)]
    nodes = {node for node, n in main.items() if n >= 3} | set(lit)
    return len(groups([spots[node] for node in nodes], lambda a, b: a.distance(b) <= ONE_JUNCTION_M))


def arms(roads, classes):
    """Count the arms of roads of these classes (links too) that leave each node, under the open sky only."""
    counted = {}
    for tags, refs in roads:
        hidden = tags.get("tunnel", "no") != "no" or tags.get("indoor", "no") != "no" or tags.get("level", "").startswith("-")
        if tags["highway"].removesuffix("_link") in classes and not hidden:
            for k, ref in enumerate(refs):
                counted[ref] = counted.get(ref, 0) + (k > 0) + (k < len(refs) - 1)
    return counted
