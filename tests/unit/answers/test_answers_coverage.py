"""Shares, verdicts, removable cameras and overlaps from small matrices worked by hand."""

import math

import numpy as np
import pytest
import shapely
from scipy import sparse

from lhasaplan.core.demand.columns import best_density, by_camera, count_views, measure, needs_of, overlaps, parts_served
from lhasaplan.core.demand.necessity import removable
from lhasaplan.core.demand.part_verdicts import gap_polygon, judge, judge_shares
from lhasaplan.core.model.camera import Basis, Field
from lhasaplan.core.model.place import Demand, Part, Required
from lhasaplan.core.results.assessment import Measured


def part(name="p1", density=60.0, views=1, share=0.9, shape="area", geometry=None, **others):
    shape_of = geometry or shapely.box(0, 0, 8, 4)
    return Part(name, name, name, "pack", "junction", "apron", shape, shape_of, Required(density, views, share), **others)


def demand(parts, numbers, weight=None):
    count = len(numbers)
    weights = np.ones(count) if weight is None else np.array(weight, float)
    return Demand(tuple(parts), np.array(numbers, np.int64), np.zeros((count, 3)), weights)


def matrix(*rows):
    return sparse.csr_array(np.array(rows, float))


def test_that_a_camera_exactly_at_the_needed_density_counts():
    assert count_views(matrix([60.0, 59.9]), np.array([60.0])).tolist() == [1]


def test_that_the_sharpest_of_a_cameras_used_views_counts():
    density = matrix([10.0, 50.0, 99.0])
    found = by_camera(density, np.array([0, 0, 1]), np.array([True, True, False]), 2)
    assert found.toarray().tolist() == [[50.0, 0.0]]


def test_that_shares_are_weighed():
    # Point 1 (weight 3) is served, point 2 (weight 1) only seen at 30 px/m: 3/4 served, 4/4 seen.
    needs = needs_of(demand([part()], [0, 0], [3, 1]))
    assert measure(matrix([60.0], [30.0]), needs) == (Measured(0.75, 1.0, 60.0),)


def test_that_two_views_are_needed_where_two_are_asked():
    needs = needs_of(demand([part(views=2)], [0, 0]))
    assert measure(matrix([60.0, 60.0], [60.0, 59.0]), needs)[0].share_served == 0.5


def test_that_a_class_below_25_lowers_what_counts_as_seen():
    needs = needs_of(demand([part(density=12.5)], [0]))
    assert measure(matrix([13.0]), needs) == (Measured(1.0, 1.0, 13.0),)


def test_that_a_part_without_points_has_no_share():
    needs = needs_of(demand([part("a"), part("b")], [0]))
    assert measure(matrix([60.0]), needs)[1] == Measured(0.0, 0.0, 0.0)
    assert best_density(matrix([60.0]), needs).tolist() == [60.0, 0.0]


def test_that_a_camera_serves_the_parts_it_shows_sharp_enough():
    needs = needs_of(demand([part("a"), part("b", density=30.0)], [0, 1]))
    served = parts_served(matrix([59.0, 60.0], [30.0, 29.0]), needs)
    assert [each.tolist() for each in served] == [[1], [0]]


@pytest.mark.parametrize(
    ("served", "seen", "verdict"),
    [
        (1.0, 1.0, "met"),
        (0.9, 0.9, "met"),
        (0.89, 0.9, "weak"),
        (0.0, 1.0, "weak"),
        (0.5, 0.89, "partial"),
        (0.0, 0.1, "partial"),
        (0.0, 0.0, "gap"),
    ],
)
def test_that_verdicts_are_read_from_the_two_shares(served, seen, verdict):
    assert judge_shares(Measured(served, seen, 0.0), 0.9) == verdict


def test_that_an_indoor_part_is_asked_until_a_person_declares_it():
    nothing = Measured(0.0, 0.0, 0.0)
    assert judge(part(indoor=True), nothing, excused=False, declared=False) == "asked"
    assert judge(part(indoor=True), nothing, excused=False, declared=True) == "declared"


def test_that_a_part_the_data_lack_is_asked_and_an_excused_one_excused():
    nothing = Measured(0.0, 0.0, 0.0)
    assert judge(part(question="Where is the door?"), nothing, excused=False, declared=False) == "asked"
    assert judge(part(), nothing, excused=True, declared=False) == "excused"


def test_that_a_camera_is_removable_when_another_serves_the_same_points():
    needs = needs_of(demand([part()], [0, 0]))
    assert removable(matrix([60.0, 60.0, 0.0], [60.0, 60.0, 0.0]), needs).tolist() == [True, True, True]
    assert removable(matrix([60.0, 60.0, 0.0], [60.0, 0.0, 0.0]), needs).tolist() == [False, True, True]


def test_that_a_camera_that_alone_sees_a_point_at_25_is_not_removable():
    # Nobody serves the point at 60 px/m, but without camera 1 the share seen falls.
    needs = needs_of(demand([part()], [0]))
    assert removable(matrix([30.0, 20.0]), needs).tolist() == [False, True]


def test_that_with_two_views_needed_neither_of_two_cameras_is_removable():
    needs = needs_of(demand([part(views=2)], [0]))
    assert removable(matrix([60.0, 60.0]), needs).tolist() == [False, False]


def wedge(x, azimuth, radius=10.0, half=45.0):
    bearing = np.radians(azimuth + np.linspace(-half, half, 721))
    rim = np.stack([x + radius * np.sin(bearing), radius * np.cos(bearing)], axis=1)
    return shapely.Polygon([(x, 0.0), *rim.tolist()])


def field(shape):
    return Field(Basis.RECORDED, shape, ((25.0, shape),), shape.area)


MAPPED = (None, None)  # all ground of both cameras


def test_that_two_cones_overlap_in_the_triangle_worked_by_hand():
    # Two cones of 90 degrees, 8 m apart on a line, both looking north, cut at the same 10 m. The overlap is twice the area
    # right of x = 4 under the circle round 0 and between its 45 degree edge: integral of sqrt(100 - x^2) - (8 - x) ... by the
    # left cone's rim: from x = 4 to x = 10/sqrt(2), rim sqrt(100 - x^2) over the edge y = x.
    def under_rim(x):
        return (x * math.sqrt(100 - x * x) + 100 * math.asin(x / 10)) / 2

    end = 10 / math.sqrt(2)
    half = under_rim(end) - under_rim(4.0) - (end**2 - 4.0**2) / 2
    needs = needs_of(demand([], []))
    found = overlaps(["a", "b"], [field(wedge(0, 0)), field(wedge(8, 0))], sparse.csr_array((0, 2)), needs, MAPPED)
    assert len(found) == 1
    assert (found[0].a, found[0].b, found[0].demand) == ("a", "b", 0.0)
    assert found[0].area_m2 == pytest.approx(2 * half, rel=1e-3)


def test_that_cameras_overlap_where_buildings_are_mapped_alone():
    # Two cones 8 m apart share what lies symmetrically about x = 4: of the half east of it, nobody mapped what the first shows.
    pair, nobody, needs = [field(wedge(0, 0)), field(wedge(8, 0))], sparse.csr_array((0, 2)), needs_of(demand([], []))
    (whole,) = overlaps(["a", "b"], pair, nobody, needs, MAPPED)
    (mapped,) = overlaps(["a", "b"], pair, nobody, needs, (shapely.box(4, -20, 30, 20), None))
    assert mapped.area_m2 == pytest.approx(whole.area_m2 / 2, rel=1e-6)
    assert mapped.geometry.bounds[2] == pytest.approx(4.0)


def test_that_cameras_without_a_certain_field_overlap_nothing():
    needs = needs_of(demand([], []))
    assert overlaps(["a", "b"], [field(wedge(0, 0)), None], sparse.csr_array((0, 2)), needs, MAPPED) == ()


def test_that_shared_demand_is_the_weight_both_serve():
    needs = needs_of(demand([part()], [0, 0, 0], [2, 3, 4]))
    density = matrix([60.0, 60.0], [60.0, 59.0], [70.0, 80.0])
    found = overlaps(["a", "b"], [field(wedge(0, 0)), field(wedge(8, 0))], density, needs, MAPPED)
    assert found[0].demand == 6.0


def test_that_the_gap_is_the_cells_of_the_points_not_served():
    # An 8 x 4 m part in two cells of 4 x 4 m: the east cell is not served.
    xy = np.array([[2.0, 2.0], [6.0, 2.0]])
    gap = gap_polygon(part(), xy, np.array([True, False]))
    assert gap.equals(shapely.box(4, 0, 8, 4))


def test_that_cells_are_cut_at_the_edge_of_the_part():
    xy = np.array([[2.0, 2.0], [6.0, 2.0]])
    gap = gap_polygon(part(geometry=shapely.box(0, 0, 7, 4)), xy, np.array([True, False]))
    assert gap.equals(shapely.box(4, 0, 7, 4))


def test_that_a_served_part_has_no_gap():
    assert gap_polygon(part(), np.array([[2.0, 2.0]]), np.array([True])) is None


def test_that_the_gap_of_a_line_is_a_strip_along_it():
    line = part(shape="line", geometry=shapely.LineString([(0, 0), (8, 0)]))
    gap = gap_polygon(line, np.array([[2.0, 0.0], [6.0, 0.0]]), np.array([False, True]))
    assert gap.area == pytest.approx(8.0, rel=0.01)
