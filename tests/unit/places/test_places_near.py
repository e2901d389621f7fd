"""The protected places near some ground are those whose samples may lie on it, asked part by part of the ground."""

import numpy as np
import shapely
from answers_town import X0, Y0, box
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.model.place import ProtectedClass, ProtectedPlace
from lhasaplan.core.protection import ground as places_on_ground
from lhasaplan.core.protection.ground import NearPlaces, extents

AT = st.integers(-60, 60)
BOXES = st.tuples(AT, AT, st.integers(1, 40), st.integers(1, 40)).map(lambda b: box(b[0], b[1], b[0] + b[2], b[1] + b[3]))


def place(name, frontage=None, open_ground=None):
    return ProtectedPlace(name, ProtectedClass.HOME, shapely.Polygon(), frontage, open_ground=open_ground)


@given(st.lists(st.tuples(BOXES, st.none() | BOXES), max_size=12), st.lists(BOXES, max_size=4))
def test_that_every_place_whose_box_touches_a_part_of_the_ground_is_near_and_no_other(shapes, parts):
    places = [place(f"{k}", shape.exterior, ground) for k, (shape, ground) in enumerate(shapes)]
    wholes = [shapely.box(*shapely.total_bounds([g for g in pair if g is not None])) for pair in shapes]
    near = NearPlaces.of(places).around(shapely.union_all(parts))
    joined = shapely.get_parts(shapely.union_all(parts))
    assert [each.protected_id for each in near] == [
        f"{k}" for k, whole in enumerate(wholes) if any(shapely.box(*part.bounds).intersects(whole) for part in joined)
    ]


def test_that_a_cancel_is_heard_while_the_places_of_a_city_are_sorted():
    heard = []
    NearPlaces.of([place("0", box(0, 0, 5, 5).exterior)], lambda share, _: heard.append(share))
    assert len(heard) >= 4
    assert heard == sorted(heard)


def test_that_ground_of_far_parts_asks_for_nothing_between_them():
    places = [place(f"{k}", box(10 * k, 0, 10 * k + 5, 5).exterior) for k in range(20)]
    near = NearPlaces.of(places).around(shapely.union_all([box(0, 0, 4, 4), box(191, 0, 194, 4)]))
    assert [each.protected_id for each in near] == ["0", "19"]


def test_that_a_place_without_samples_is_near_nothing():
    bare = place("bare")
    assert np.isnan(extents([bare])).all()
    assert NearPlaces.of([bare]).around(shapely.Point(X0, Y0).buffer(500.0)) == ()
    assert NearPlaces.of([]).around(shapely.Polygon()) == ()


def test_that_walls_are_those_of_their_place_however_many_places_are_taken_at_once(monkeypatch):
    monkeypatch.setattr(places_on_ground, "PLACES_AT_ONCE", 2)
    two = shapely.MultiLineString([[(0, 0), (4, 0)], [(0, 9), (0, 7), (3, 7)]])
    some = [place("a", two), place("b"), place("c", shapely.LineString([(5, 5), (6, 5)])), place("d"), place("e", two)]
    walls = NearPlaces.of(some).outlines
    ends = [[0, 0, 4, 0], [0, 9, 0, 7], [0, 7, 3, 7]]
    assert walls.ends_m.tolist() == [*ends, [5, 5, 6, 5], *ends]
    assert walls.line.tolist() == [0, 1, 1, 2, 3, 4, 4]
    assert walls.first.tolist() == [0, 3, 3, 4, 4, 7]
