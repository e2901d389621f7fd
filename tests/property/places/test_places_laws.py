"""Laws: weights are the size of what they sample, and no demand point ever lies on protected ground."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.demand.guard import guard_parts
from lhasaplan.core.demand.neighbourhood import ALWAYS_M2, covered_m2, extent_m, split
from lhasaplan.core.demand.outdoor_parts import part_points, sample_demand
from lhasaplan.core.model.layer import Buildings, Layer
from lhasaplan.core.model.place import Part, Required
from lhasaplan.core.protection.ground import ProtectedGround, protected_walls
from lhasaplan.core.protection.places import find_protected
from lhasaplan.io.content.protected_kinds import load_protected_kinds

KINDS = load_protected_kinds()
NOWHERE = ProtectedGround(())
metres = st.floats(-300, 300).map(lambda value: round(value, 1))
sizes = st.floats(0.5, 120).map(lambda value: round(value, 1))


@st.composite
def boxes(draw):
    x, y = draw(metres), draw(metres)
    box = shapely.box(x, y, x + draw(sizes), y + draw(sizes))
    return shapely.affinity.rotate(box, draw(st.sampled_from([0, 0, 17, 45])))


lines = st.lists(st.tuples(metres, metres), min_size=2, max_size=5, unique=True).map(shapely.LineString)


def part_of(shape, number=0):
    kind = "area" if shape.geom_type == "Polygon" else "line"
    return Part(f"p{number}", "p", "", "", "own", "own", kind, shape, Required(25.0))


def as_objects(items):
    return np.array([*items, None], object)[:-1]


@st.composite
def towns(draw):
    """Footprints side by side on a grid, so that none overlap, and a few grounds and points."""
    values = draw(st.lists(st.sampled_from(["house", "yes", "office", "church", "school"]), max_size=12))
    shapes = [shapely.box(x, y, x + 20, y + 15) for k in range(len(values)) for x, y in [(k % 4 * 30.0 - 60, k // 4 * 25.0 - 40)]]
    houses = Buildings(
        as_objects(f"way/{k}" for k in range(len(values))), as_objects(shapes), np.zeros(len(values)), np.full(len(values), 7.0),
        as_objects("height" for _ in values), tuple({"building": value} for value in values),
    )  # fmt: skip
    found = draw(
        st.lists(
            st.tuples(
                boxes() | st.tuples(metres, metres).map(shapely.Point),
                st.sampled_from(["school", "clinic", "toilets", "grave_yard"]),
            ),
            max_size=5,
        )
    )
    layer = Layer(
        "places",
        as_objects(f"n/{k}" for k in range(len(found))),
        as_objects(f[0] for f in found),
        tuple({"amenity": f[1]} for f in found),
    )
    return houses, {"places": layer}


@given(boxes() | lines)
def test_that_weights_sum_to_the_size(shape):
    _, weights = part_points(part_of(shape))
    assert weights.sum() == pytest.approx(shape.area if shape.geom_type == "Polygon" else shape.length, rel=1e-9)


@given(boxes() | lines)
def test_that_every_point_lies_on_its_part(shape):
    points, _ = part_points(part_of(shape))
    assert (shapely.distance(shapely.points(points), shape) < 1e-6).all()


@given(boxes() | lines, st.floats(20, 250))
def test_that_pieces_add_up_and_none_is_too_long(shape, longest_m):
    pieces = split(shape, longest_m)
    size = shapely.area if shape.geom_type == "Polygon" else shapely.length
    assert size(pieces).sum() == pytest.approx(size(shape), rel=1e-6)
    assert max(extent_m(piece) for piece in pieces) <= longest_m * 1.001


@given(towns(), st.lists(boxes() | lines, max_size=6))
def test_that_no_demand_point_ever_lies_on_protected_ground(town, shapes):
    houses, layers = town
    ground = ProtectedGround(places := find_protected(layers, houses, KINDS))
    demand = sample_demand([part_of(shape) for shape in shapes], ground, houses)
    points = shapely.points(demand.xyz_m[:, :2])
    for place in places:
        assert not shapely.intersects(place.ground, points).any()


@given(towns(), st.lists(boxes() | lines, max_size=6))
def test_that_allowed_parts_are_at_most_half_on_protected_ground(town, shapes):
    houses, layers = town
    places = find_protected(layers, houses, KINDS)
    everything = shapely.union_all([place.ground for place in places])
    result = guard_parts([part_of(shape, k) for k, shape in enumerate(shapes)], ProtectedGround(places), None)
    for one in result.allowed:
        size = shapely.area if one.shape == "area" else shapely.length
        assert size(one.geometry.intersection(everything)) <= 0.5 * size(one.geometry) + 1e-6


@given(towns())
def test_that_every_building_is_in_at_most_one_place(town):
    houses, layers = town
    taken = [building for place in find_protected(layers, houses, KINDS) for building in place.buildings]
    assert len(taken) == len(set(taken))


@given(towns())
def test_that_more_protected_features_never_free_a_point(town):
    houses, layers = town
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(-100.0, 100, 7.3), np.arange(-100.0, 100, 7.3)))
    without = ProtectedGround(find_protected({}, houses, KINDS)).covers_points(x, y)
    assert (ProtectedGround(find_protected(layers, houses, KINDS)).covers_points(x, y) >= without).all()


@given(towns())
def test_that_walls_are_the_whole_outline_with_the_building_on_their_left(town):
    houses, layers = town
    places = find_protected(layers, houses, KINDS)
    walls = protected_walls(places)
    total = sum(place.frontage.length for place in places if place.frontage is not None)
    assert np.hypot(*(walls.ends_m[:, 2:] - walls.ends_m[:, :2]).T).sum() == pytest.approx(total)
    along = walls.along
    right = np.column_stack((along[:, 1], -along[:, 0]))
    before = shapely.points((walls.ends_m[:, :2] + walls.ends_m[:, 2:]) / 2 + 0.05 * right)
    assert not shapely.contains(houses.polygons[walls.building], before).any()


@given(towns(), boxes())
def test_that_walls_and_ground_near_are_the_ones_that_touch_what_is_near(town, near):
    houses, layers = town
    places = find_protected(layers, houses, KINDS)
    everywhere, here = protected_walls(places), protected_walls(places, near)
    touching = shapely.intersects(near, shapely.linestrings(everywhere.ends_m.reshape(-1, 2, 2)))
    assert set(map(tuple, here.ends_m.tolist())) == set(map(tuple, everywhere.ends_m[touching].tolist()))
    grounds = shapely.intersects(near, everywhere.ground)
    assert here.ground_place.tolist() == everywhere.ground_place[grounds].tolist()


@given(st.lists(boxes(), min_size=1, max_size=8))
def test_that_without_public_ground_no_circle_keeps_more_than_is_always_allowed(shapes):
    result = guard_parts([part_of(shape, k) for k, shape in enumerate(shapes)], NOWHERE, shapely.Polygon())
    # All shapes lie within 300 m of the middle or little more, so the circle round the middle of a few holds those few.
    near = [one for one in result.allowed if one.geometry.hausdorff_distance(shapely.Point(0, 0)) < 480]
    assert sum(covered_m2(one) for one in near) <= ALWAYS_M2 * 1.02 or len(near) == 0


@given(towns())
def test_that_ids_and_order_are_the_same_every_time(town):
    houses, layers = town
    first, second = (find_protected(layers, houses, KINDS) for _ in range(2))
    assert [place.protected_id for place in first] == [place.protected_id for place in second]
