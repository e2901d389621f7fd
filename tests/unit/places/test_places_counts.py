"""Counts of protected objects and candidates in two real cities agree with counts by osmium alone.

Protected objects are counted so, without a line of the program's own search:

1. A *building* is an area with ``building`` other than no, demolished, razed, collapsed, destroyed, proposed, and not
   ``location=underground``. It shows the kinds whose tags it carries.
2. A node (or an area nine tenths inside one building) with protected tags belongs to the nearest building within 2 m and lends it
   its kinds; toilets and baths do not, each is an object of its own; entrance=staircase|home only lends.
3. Any other protected area is a ground. It takes each building whose inner point lies on it and that shows no kind, or one of
   the ground's and is no home of another; it joins other grounds and nodes of a common kind that lie in it
   or overlap it by half of the smaller, unless 2 gave them to a building.
4. What is joined is one object: a home when any kind in it is one of homes, else protected. A building that shows nothing is
   use unknown unless its value is a known use.
"""

import itertools

import pytest
import shapely
from osm_city import by_osmium_alone, through_the_program
from places_town import KINDS, category, pack

from lhasaplan.core.candidates import find_places
from lhasaplan.core.protected_places import count_places, find_protected

NO_BUILDING = {"no", "demolished", "razed", "collapsed", "destroyed", "proposed"}
OPEN_AIR = {"processional_way", "yard"}
SPOTS = {"toilets", "bath"}


def kinds_of(tags):
    shown = set()
    for kind in KINDS.kinds:
        for condition in kind.tags:
            key, values = condition.split("=")
            for value in tags.get(key, "").split(";"):
                if value.strip() in values.split("|") or (values == "*" and value.strip() not in ("", "no", "none", "0")):
                    shown.add(kind.name)
    return shown


def is_building(item):
    is_area = shapely.get_dimensions(item.shape) == 2
    return is_area and item.tags.get("building", "no") not in NO_BUILDING and item.tags.get("location") != "underground"


def slow_count(items):
    houses = [item for item in items if is_building(item)]
    others = [(item, kinds_of(item.tags)) for item in items if not is_building(item)]
    others = [(item, kinds) for item, kinds in others if kinds]
    parent = list(range(len(houses) + len(others)))

    def root(i):
        while parent[i] != i:
            i = parent[i]
        return i

    def join(i, j):
        parent[root(i)] = root(j)

    shown = [kinds_of(house.tags) for house in houses]
    homes = {kind.name for kind in KINDS.kinds if kind.cls == "home"}
    hosted, rooms_of_houses = set(), set()
    for n, (item, kinds) in enumerate(others):
        distances = [house.shape.distance(item.shape) for house in houses]
        if shapely.get_dimensions(item.shape) == 0:
            host = min(range(len(houses)), key=distances.__getitem__)
            host = host if distances[host] <= 2.0 else None
        else:
            touching = [h for h, distance in enumerate(distances) if distance == 0]
            rooms = [h for h in touching if item.shape.intersection(houses[h].shape).area >= 0.9 * item.shape.area > 0]
            host = rooms[0] if rooms else None
        if host is not None:
            hosted.add(n)
            if not kinds <= SPOTS:
                shown[host] |= kinds
            if not kinds <= SPOTS | {"flats_entrance"}:
                rooms_of_houses.add(n)
                join(host, len(houses) + n)
    grounds = [(n, item, kinds) for n, (item, kinds) in enumerate(others) if shapely.get_dimensions(item.shape) == 2]
    for n, item, kinds in grounds:
        if n not in hosted and not kinds <= OPEN_AIR:
            for h, house in enumerate(houses):
                kin = not shown[h] or (shown[h] & kinds and shown[h] & homes <= kinds)
                if kin and item.shape.intersects(house.shape.point_on_surface()):
                    join(h, len(houses) + n)
        for m, (other, its) in enumerate(others):
            if (
                m != n
                and not {m, n} & rooms_of_houses
                and kinds & its
                and item.shape.intersects(other.shape)
                and shapely.get_dimensions(other.shape) != 1
            ):
                smaller = min(item.shape.area, other.shape.area)
                if item.shape.intersection(other.shape).area >= 0.5 * smaller:
                    join(len(houses) + m, len(houses) + n)
    together = {}
    for h, kinds in enumerate(shown):
        together.setdefault(root(h), set()).update(kinds)
    for n, (_, kinds) in enumerate(others):
        if kinds != {"flats_entrance"}:
            together.setdefault(root(len(houses) + n), set()).update(kinds)
    unknown = {
        root(h) for h, house in enumerate(houses) if not kinds_of(house.tags) and house.tags["building"] not in KINDS.known_uses
    }
    return {
        "home": sum(bool(kinds & homes) for kinds in together.values()),
        "protected": sum(bool(kinds) and not kinds & homes for kinds in together.values()),
        "use_unknown": sum(not together[one] for one in unknown),
    }


@pytest.mark.parametrize("city", ["helsinki", "monaco"])
def test_that_protected_objects_by_class_agree_with_osmium_alone(city):
    layers, houses = through_the_program(city)
    assert count_places(find_protected(layers, houses, KINDS)) == slow_count(by_osmium_alone(city))


def runs(points, within_m):
    """Group points by single linkage, the slow way."""
    groups = [[point] for point in points]
    merged = True
    while merged:
        merged = False
        for a, b in itertools.combinations(range(len(groups)), 2):
            if any(p.distance(q) <= within_m for p in groups[a] for q in groups[b]):
                groups[a] += groups.pop(b)
                merged = True
                break
    return groups


@pytest.mark.parametrize("city", ["helsinki", "monaco"])
def test_that_crossings_agree_with_osmium_alone(city):
    """A crossing is a node highway=crossing with crossing=marked|traffic_signals; nodes within 8 m of each other are one."""
    layers, houses = through_the_program(city)
    marked = category("crossing", (("highway=crossing", "crossing=marked|traffic_signals"),), "crossing", "area")
    nodes = [
        item.shape
        for item in by_osmium_alone(city)
        if item.tags.get("highway") == "crossing" and item.tags.get("crossing") in ("marked", "traffic_signals")
    ]
    found = find_places(layers, houses, (pack(marked),))
    assert sum(len(place.sources) for place in found) == len(nodes)
    assert len(found) == len(runs(nodes, 8.0))


@pytest.mark.parametrize("city", ["helsinki", "monaco"])
def test_that_town_halls_libraries_and_fire_stations_agree_with_osmium_alone(city):
    """One for each node, way or area with the tag, less those that are protected by another, those in the same building once."""
    layers, houses = through_the_program(city)
    public = category("apron", (("amenity=townhall|library|fire_station",),), "apron", "point")
    tagged = [
        i
        for i in by_osmium_alone(city)
        if i.tags.get("amenity") in ("townhall", "library", "fire_station") and not kinds_of(i.tags)
    ]
    overlaps = [(a, b) for a, b in itertools.combinations(tagged, 2) if a.shape.intersects(b.shape)]
    assert len(find_places(layers, houses, (pack(public),))) == len(tagged) - len(overlaps)
