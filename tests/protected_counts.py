"""Protected objects of a city by class, counted by osmium and shapely alone, without a line of the program's own search.

1. A *building* is an area with ``building`` other than no, demolished, razed, collapsed, destroyed, proposed, and not
   ``location=underground`` or two levels or more under the street (``layer``), that the extract has whole. It shows the kinds
   whose tags it carries.
2. A node (or an area nine tenths inside one building) with protected tags belongs to the nearest building within 2 m and lends it
   its kinds; toilets and baths do not, each is an object of its own, nor does a pharmacy in a station or mall;
   entrance=staircase|home only lends.
3. Any other protected area is a ground. It takes each building whose inner point lies on it and that shows no kind, or one of
   the ground's and is no home of another; it joins other grounds and nodes of a common kind that lie in it
   or overlap it by half of the smaller, unless 2 gave them to a building.
4. What is joined is one object: a home when any kind in it is one of homes, else protected. A building that shows nothing is
   use unknown unless its value is a known use; shops and offices of three storeys or more (as tagged, else by a tagged height
   at 3 m each; where it has neither, those of its tallest ``building:part``) are use unknown, and so is a building whose name
   has a word (or ends as one) by which a map or another language calls what is protected but for dwellings.
5. Of these a building whose value is no known use is a *dwelling, likely*, when it carries a house number or house name,
   is called what homes are called, has a node in it that carries such a number, has no name and is no shop, office or the like,
   or has two doors on its wall and no node of a shop, office or the like in it; none of it where the building itself is tagged
   as such or is being built. Nodes of kinds where people hide say nothing.
6. Two outlines are one building when half of the ground that either covers is covered by both, neither numbers nor uses differ,
   and one lies within 1 m of the other; of one that shows a kind, what another outline has farther outside stays another object.
"""

import re
import tomllib
import unicodedata
from functools import cache

import shapely
from city_counts import PROTECTED, kinds_of
from sources import ROOT

NO_BUILDING = {"no", "demolished", "razed", "collapsed", "destroyed", "proposed"}
OPEN_AIR = {"processional_way", "yard"}
SPOTS = {"toilets", "bath"}
PHARMACY = {("amenity", "pharmacy"), ("healthcare", "pharmacy")}
BUSINESS = [condition.partition("=")[0] for condition in PROTECTED["likely"]["against"] if not condition.startswith("building=")]
SHARED = {
    "building": {"train_station", "transportation", "station", "mall"},
    "railway": {"station"},
    "public_transport": {"station"},
    "amenity": {"bus_station"},
    "aeroway": {"terminal"},
    "shop": {"mall", "department_store"},
}


def is_underground(tags):
    return tags.get("location") == "underground" or tags.get("layer") in ("-2", "-3", "-4", "-5")


def is_building(item):
    is_area = shapely.get_dimensions(item.shape) == 2
    return is_area and not item.is_cut and item.tags.get("building", "no") not in NO_BUILDING and not is_underground(item.tags)


def may_hold_flats(house, parts):
    if house.tags["building"] not in ("retail", "commercial", "office"):
        return False
    if storeys(house.tags) is not None:
        return storeys(house.tags) >= 3
    return any((storeys(part.tags) or 0) >= 3 and part.shape.representative_point().within(house.shape) for part in parts)


def storeys(tags):
    if "building:levels" in tags:
        return float(tags["building:levels"]) + float(tags.get("roof:levels", 0))
    return float(tags["height"].removesuffix(" m")) / 3 if "height" in tags else None


def is_only_a_pharmacy(tags):
    rest = {key: value for key, value in tags.items() if (key, value) not in PHARMACY}
    return len(rest) < len(tags) and not kinds_of(rest)


def is_station_or_mall(tags):
    return any(tags.get(key) in values for key, values in SHARED.items())


def is_business(tags):
    return any(tags.get(key, "no") not in ("no", "none", "0") for key in BUSINESS)


def has_number(tags):
    return any(
        tags.get(key, "no") not in ("no", "none", "0")
        for key in ("addr:housenumber", "addr:housename", "addr:conscriptionnumber")
    )


def without_accents(text):
    return unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()


def words_of_names(tags):
    """Return the words of Latin letters in the names of a feature; the slow count knows no other script."""
    text = " ".join(tags.get(key, "") for key in ("name", "name:en", "name:fr"))
    return [without_accents(word) for word in re.findall(r"[^\W\d_]+", text)]


@cache
def words_of_protected_kinds():
    table = tomllib.loads((ROOT / "data" / "protected_words.toml").read_text(encoding="utf-8"))
    kinds = [kind for kind in PROTECTED["kind"] if kind["name"] != "dwelling" and kind.get("inside", "building") == "building"]
    conditions = [text.partition("=") for kind in kinds for text in kind["tags"]]
    reported = [word for key, _, values in conditions if key in ("amenity", "building") for word in values.split("|")]
    tables = [table[kind["name"]] for kind in kinds if {"amenity", "building"} & set(table.get(kind["name"], {}).get("keys", ()))]
    reported += [word for rows in tables for language, words in rows.items() if language != "keys" for word in words]
    return {without_accents(word) for word in reported if len(without_accents(word)) == len(word)}


def is_called_protected(tags):
    known = {word for word in words_of_protected_kinds() if len(word) >= 4 and word != "studio"}
    return any(word in known or any(word.endswith(each) for each in known if len(each) >= 5) for word in words_of_names(tags))


def is_called_a_home(tags):
    accents = words_of_names(tags)
    called = [word for word in PROTECTED["likely"]["names"] if word.isascii()]
    return any(word == each or (len(each) >= 5 and word.endswith(each)) for word in accents for each in called)


def hides_people(tags):
    return bool(kinds_of(tags) & {kind["name"] for kind in PROTECTED["kind"] if kind.get("hides_people")})


def outlines_of_one(houses):
    """Return pairs of houses that are one, drawn twice: half of all their ground is of both, nothing gainsays it."""
    tree = shapely.STRtree([house.shape for house in houses])
    for one, other in zip(*tree.query([house.shape for house in houses], predicate="intersects"), strict=True):
        if one < other:
            a, b = houses[one], houses[other]
            is_same_ground = a.shape.intersection(b.shape).area >= 0.5 * a.shape.union(b.shape).area
            numbers = {house.tags["addr:housenumber"] for house in (a, b) if "addr:housenumber" in house.tags}
            uses = {house.tags["building"] for house in (a, b)} - {"yes"}
            is_part = any("building:part" in house.tags for house in (a, b))
            rest = [b.shape.difference(a.shape.buffer(1.0)), a.shape.difference(b.shape.buffer(1.0))]
            is_all = any(each.is_empty for each in rest) or not (kinds_of(a.tags) or kinds_of(b.tags))
            if is_same_ground and not is_part and len(numbers) < 2 and len(uses) < 2 and is_all:
                yield one, other


def is_likely(house, points, tree):
    if is_business(house.tags) or house.tags["building"] in ("construction", "ruins", "collapsed", "abandoned"):
        return False
    if has_number(house.tags) or is_called_a_home(house.tags):
        return True
    near = [points[n].tags for n in tree.query(house.shape, predicate="dwithin", distance=0.3)]
    at = [tags for tags in near if not hides_people(tags)]
    doors = [tags for tags in at if tags.get("entrance") in ("yes", "main", "house", "secondary") and not is_business(tags)]
    numbers = [tags for tags in at if has_number(tags) and "name" not in tags and not is_business(tags)]
    return bool(numbers) or (len(doors) >= 2 and not any(map(is_business, at)))


def is_unknown(house, parts):
    is_known = house.tags["building"] in PROTECTED["known_uses"]
    return not is_known or may_hold_flats(house, parts) or is_called_protected(house.tags)


def slow_protected(things):
    """Return the number of objects of each class."""
    houses = [item for item in things if is_building(item)]
    others = [(item, kinds_of(item.tags)) for item in things if not is_building(item)]
    others = [(item, kinds) for item, kinds in others if kinds]
    parent = list(range(len(houses) + len(others)))

    def root(i):
        while parent[i] != i:
            i = parent[i]
        return i

    def join(i, j):
        parent[root(i)] = root(j)

    shown = [kinds_of(house.tags) for house in houses]
    parts = [item for item in things if item.tags.get("building:part", "no") != "no" and shapely.get_dimensions(item.shape) == 2]
    homes = {kind["name"] for kind in PROTECTED["kind"] if kind["class"] == "home"}
    for one, other in outlines_of_one(houses):
        join(one, other)
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
            is_spot = kinds <= SPOTS or (is_only_a_pharmacy(item.tags) and is_station_or_mall(houses[host].tags))
            if not is_spot:
                shown[host] |= kinds
            if not is_spot and not kinds <= SPOTS | {"flats_entrance"}:
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
    points = [item for item in things if shapely.get_dimensions(item.shape) == 0]
    tree = shapely.STRtree([item.shape for item in points])
    likely = {
        root(h)
        for h, house in enumerate(houses)
        if not kinds_of(house.tags) and house.tags["building"] not in PROTECTED["known_uses"] and is_likely(house, points, tree)
    }
    unknown = {root(h) for h, house in enumerate(houses) if not kinds_of(house.tags) and is_unknown(house, parts)}
    return {
        "home": sum(bool(kinds & homes) for kinds in together.values()),
        "protected": sum(bool(kinds) and not kinds & homes for kinds in together.values()),
        "dwelling_likely": sum(not together[one] for one in unknown & likely),
        "use_unknown": sum(not together[one] for one in unknown - likely),
    }
