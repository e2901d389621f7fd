"""Laws: however the same thing is imported, its ground stays protected, and what was refused stays refused."""

import numpy as np
import shapely
from amounts import examples
from hypothesis import given
from hypothesis import strategies as st
from shapely.ops import substring

from lhasaplan.core.city.building_heights import HeightRules, buildings_from
from lhasaplan.core.demand.guard import guard_parts
from lhasaplan.core.model.layer import Buildings, Layer, empty_layer
from lhasaplan.core.model.place import Part, ProtectedClass, Required
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.lost_protection import Town, join, loss_between
from lhasaplan.core.protection.places import find_protected
from lhasaplan.io.content.protected_kinds import load_protected_kinds

KINDS = load_protected_kinds()
CONDITIONS = [
    {"amenity": "place_of_worship"}, {"amenity": "school"}, {"healthcare": "clinic"}, {"landuse": "cemetery"},
    {"leisure": "playground"}, {"amenity": "toilets"}, {"building": "house"}, {"lhasaplan": "protected"}, {"tourism": "hotel"},
]  # fmt: skip
OTHER = [
    {}, {"leisure": "track"}, {"waterway": "river"}, {"natural": "cliff"}, {"highway": "footway"}, {"area": "no"},
    {"barrier": "fence"}, {"location": "underground"}, {"layer": "-2"}, {"min_height": "50"}, {"shop": "yes"},
]  # fmt: skip
NAMES = ["places", "areas", "roads", "trees", "mine"]
at = st.integers(-150, 150).map(float)
size = st.integers(8, 60).map(float)


@st.composite
def boxes(draw):
    x, y = draw(at), draw(at)
    return shapely.affinity.rotate(shapely.box(x, y, x + draw(size), y + draw(size)), draw(st.sampled_from([0, 0, 30])))


@st.composite
def towns(draw):
    """Features as (id, shape, tags, layer), and a few houses on a grid far from each other."""
    grounds = draw(st.lists(st.tuples(boxes(), st.sampled_from(CONDITIONS), st.sampled_from(NAMES)), min_size=1, max_size=5))
    values = draw(st.lists(st.sampled_from(["house", "yes", "retail", "church"]), max_size=4))
    houses = [(f"way/{k}", shapely.box(k * 40.0, 0, k * 40.0 + 20, 15), {"building": value}) for k, value in enumerate(values)]
    return [(f"way/{k + 2}", shape, tags, name) for k, (shape, tags, name) in enumerate(grounds)], houses


def as_objects(items):
    return np.array([*items, None], object)[:-1]


def places_of(town):
    features, houses = town
    layers = {}
    for name in dict.fromkeys(feature[3] for feature in features):
        rows = [feature for feature in features if feature[3] == name]
        layers[name] = Layer(name, as_objects(r[0] for r in rows), as_objects(r[1] for r in rows), tuple(r[2] for r in rows))
    heights = np.full(len(houses), 7.0)
    ids, shapes = as_objects(h[0] for h in houses), as_objects(h[1] for h in houses)
    tags = tuple(h[2] for h in houses)
    prisms = Buildings(ids, shapes, np.zeros(len(houses)), heights, as_objects("height" for _ in houses), tags)
    return find_protected({**layers, "buildings": Layer("buildings", ids, shapes, tags)}, prisms, KINDS)


def ground_of(places):
    return shapely.union_all([place.ground for place in places])


def loses_nothing(before, after, parts):
    """Hold that no ground is lost and that no part is allowed that was refused."""
    assert ground_of(before).difference(ground_of(after)).area < 1e-6
    reported = [Part(f"p{k}", "p", "", "", "own", "own", "area", shape, Required(25.0)) for k, shape in enumerate(parts)]
    was, now = (
        {part.part_id for part, _, _ in guard_parts(reported, ProtectedGround(each), None).refused} for each in (before, after)
    )
    assert was <= now


def twice_round(shape):
    corners = shapely.get_coordinates(shape)
    return shapely.Polygon([*corners, *corners[1:]])


def with_a_spike(shape):
    corners = shapely.get_coordinates(shape)
    return shapely.Polygon([*corners[:-1], corners[0] + 70.0, corners[1], corners[0] + [70.0, 30.0]])


def with_a_lobe(shape):
    """Return the outline with a loop at a corner, in and out of it again, so that it crosses itself."""
    corners = shapely.get_coordinates(shape)
    along, across = corners[1] - corners[0], corners[-2] - corners[0]
    return shapely.Polygon([*corners, corners[0] + 0.3 * along + 0.1 * across, corners[0] + 0.2 * along - 0.3 * across])


def with_a_hole(shape):
    middle = shapely.affinity.scale(shape, 0.5, 0.5)
    return shape.difference(middle)


def in_pieces(shape):
    corners = shapely.get_coordinates(shape)
    return shapely.MultiLineString([corners[:3], corners[2:]])


def beside_a_point(shape):
    return shapely.GeometryCollection([shapely.Point(400, 400), shape])


def nearly_closed(shape):
    line = shapely.LineString(shape.exterior)
    return substring(line, 0, line.length - 1.0)


REDRAWN = [
    lambda shape: shapely.LineString(shape.exterior), lambda shape: shapely.LinearRing(shape.exterior), nearly_closed, in_pieces,
    beside_a_point, with_a_hole, twice_round, with_a_lobe, lambda shape: shapely.MultiPolygon([shape]),
    lambda shape: shapely.MultiPolygon([shape, shape]), shapely.reverse, shapely.force_3d,
]  # fmt: skip


@examples(10, nightly=125)
@given(towns(), st.data(), st.lists(boxes(), max_size=4))
def test_that_no_order_of_features_or_layers_changes_the_ground(town, data, parts):
    features, houses = town
    mixed = data.draw(st.permutations(features)), data.draw(st.permutations(houses))
    before, after = places_of(town), places_of(mixed)
    loses_nothing(before, after, parts)
    loses_nothing(after, before, parts)


@examples(10, nightly=125)
@given(towns(), st.data(), st.lists(boxes(), max_size=4))
def test_that_a_second_feature_of_an_id_takes_no_ground_from_the_first(town, data, parts):
    features, houses = town
    others = st.tuples(
        st.sampled_from([feature[0] for feature in features]),
        boxes() | st.tuples(at, at).map(shapely.Point) | boxes().map(lambda box: box.exterior),
        st.sampled_from([*CONDITIONS, {"shop": "yes"}, {"amenity": "parking"}]),
        st.sampled_from(NAMES),
    )
    more = data.draw(st.lists(others, min_size=1, max_size=3))
    loses_nothing(places_of(town), places_of((data.draw(st.permutations([*features, *more])), houses)), parts)


@examples(10, nightly=125)
@given(towns(), st.data(), st.sampled_from(["house", "retail", "yes", "toilets"]))
def test_that_a_building_of_its_id_takes_no_ground_from_a_feature(town, data, value):
    features, houses = town
    taken = data.draw(st.sampled_from(features))
    house = (taken[0], shapely.box(300, 300, 320, 320), {"building": value})
    loses_nothing(places_of(town), places_of((features, [*houses, house])), [taken[1]])


@examples(10, nightly=125)
@given(towns(), st.data(), st.sampled_from(REDRAWN), st.sampled_from(OTHER))
def test_that_no_way_to_draw_or_tag_a_ground_takes_any_of_it(town, data, redrawn, tags):
    features, houses = town
    row = data.draw(st.integers(0, len(features) - 1))
    identity, shape, kinds, name = features[row]
    changed = [*features[:row], (identity, redrawn(shape), {**tags, **kinds}, name), *features[row + 1 :]]
    loses_nothing(places_of(town), places_of((changed, houses)), [shape, shapely.affinity.scale(shape, 0.4, 0.4)])


@examples(10, nightly=125)
@given(towns(), st.data(), st.sampled_from([twice_round, with_a_lobe, with_a_hole, with_a_spike]))
def test_that_no_way_to_draw_a_house_takes_any_of_its_ground(town, data, redrawn):
    features, houses = town
    changed = [(identity, redrawn(shape), tags) for identity, shape, tags in houses]
    part = data.draw(boxes())
    if redrawn is with_a_spike:  # whatever it means, nothing is raised
        assert places_of((features, changed)) is not None
    else:
        loses_nothing(places_of(town), places_of((features, changed)), [part, *(house[1] for house in houses)])


@st.composite
def files(draw):
    """Files of a few features each, with ids that they have in common."""
    row = st.tuples(st.sampled_from(["way/1", "way/2", "way/3"]), boxes(), st.sampled_from([*CONDITIONS, {"shop": "yes"}]))
    houses = st.tuples(
        st.sampled_from(["way/1", "way/2"]), boxes(), st.sampled_from(["house", "yes", "church", "retail"]).map(as_building)
    )
    one = st.tuples(st.sampled_from(["places", "areas"]), st.lists(row, min_size=1, max_size=3), st.lists(houses, max_size=2))
    return draw(st.lists(one, min_size=2, max_size=3))


def as_building(value):
    return {"building": value}


def layers_of(file):
    name, rows, houses = file
    return [layer_of(name, rows), *([layer_of("buildings", houses)] if houses else [])]


def layer_of(name, rows):
    return Layer(name, as_objects(r[0] for r in rows), as_objects(r[1] for r in rows), tuple(r[2] for r in rows))


def known_ground(layers):
    houses = buildings_from(layers.get("buildings", empty_layer("buildings")), HeightRules())
    found = [place for place in find_protected(layers, houses, KINDS) if place.cls != ProtectedClass.USE_UNKNOWN]
    return ground_of(found)


def lost_between(first, again):
    return loss_between(Town(first.layers), Town(again.layers), lambda: KINDS)


@examples(10, nightly=125)
@given(files(), st.data())
def test_that_no_order_of_imports_takes_ground_of_any_file_out_of_protection(given_files, data):
    layers = {}
    for number in data.draw(st.permutations(range(len(given_files)))):
        before = layers
        layers = join(layers, layers_of(given_files[number]), f"{number}.osm", lambda: KINDS).layers
        assert known_ground(before).difference(known_ground(layers)).area < 1e-6
    for file in given_files:
        alone = {layer.name: layer for layer in layers_of(file)}
        assert known_ground(alone).difference(known_ground(layers)).area < 1e-6


@examples(10, nightly=125)
@given(files())
def test_that_the_same_file_twice_changes_nothing_and_loses_nothing(given_files):
    first = join({}, layers_of(given_files[0]), "a.osm", lambda: KINDS)
    again = join(first.layers, layers_of(given_files[0]), "a.osm", lambda: KINDS)
    assert not lost_between(first, again)
    assert {name: len(layer) for name, layer in again.layers.items()} == {name: len(its) for name, its in first.layers.items()}


@examples(10, nightly=125)
@given(files())
def test_that_what_a_file_of_the_same_name_leaves_out_is_counted(given_files):
    first = join({}, layers_of(given_files[0]), "a.osm", lambda: KINDS, drawn_may_go=True)
    again = join(first.layers, layers_of(given_files[1]), "a.osm", lambda: KINDS, drawn_may_go=True)
    lost = known_ground(first.layers).difference(known_ground(again.layers)).area
    assert lost_between(first, again).known or lost <= 5 * 1.01 * 60 * 60 * 0.01  # what is redrawn by a hundredth is the same
