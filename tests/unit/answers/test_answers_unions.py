"""Ground joined square by square, and cut at a density once, is what joining it all, or band by band, gives."""

import numpy as np
import pytest
import shapely
from answers_town import X0, Y0, bare_camera, camera, house, reference_data, town

from lhasaplan.core.base.geometry_repair import cut_to_box, packed
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.demand.ground_in_view import TILE_M, ground_seen, union_m2, unions
from lhasaplan.core.sight import visibility_fields
from lhasaplan.core.sight.compiled.covered_area import MOST_EDGES, covered_m2
from lhasaplan.core.sight.sweep.fields import ground_at_least

RNG = np.random.default_rng(5)


def discs(count: int, width_m: float) -> list[shapely.Geometry]:
    middles = shapely.points(X0 + RNG.uniform(0, width_m, count), Y0 + RNG.uniform(0, width_m, count))
    rings = shapely.difference(shapely.buffer(middles, 90.0), shapely.buffer(middles, 20.0))
    return rings.tolist()


def test_that_a_square_on_many_squares_counts_once_each_metre():
    # Twelve squares of side 3 s, each shifted by s: 12 s + 2 s wide and 3 s high, where s is the side of a tile.
    side = TILE_M
    strips = [shapely.box(k * side, 0.0, (k + 3) * side, 3 * side) for k in range(12)]
    assert union_m2(strips) == pytest.approx(14 * side * 3 * side)


@pytest.mark.parametrize("count", [1, 23, 24, 60])
def test_that_squares_add_up_to_the_union(count):
    shapes = discs(count, 900.0)
    assert union_m2([*shapes, None, shapely.Polygon()]) == pytest.approx(shapely.union_all(shapes).area, rel=1e-12)


def test_that_crossing_edges_are_swept_exactly():
    # A cross of two bars of 10 by 2 covers 20 + 20 - 4, whichever way it is turned; its bars cross within slabs.
    cross = [shapely.box(X0 - 5, Y0 - 1, X0 + 5, Y0 + 1), shapely.box(X0 - 1, Y0 - 5, X0 + 1, Y0 + 5)]
    for angle in (0.0, 17.0, 45.0, 89.999):
        shapes = np.array([shapely.affinity.rotate(bar, angle, origin=(X0, Y0)) for bar in cross], object)
        assert covered_m2(shapes, (X0 - 9, Y0 - 9, X0 + 9, Y0 + 9)) == pytest.approx(36.0, abs=1e-6)


def test_that_walls_in_common_count_once_and_courtyards_stay_open():
    # Two blocks of 10 by 10 share a wall, one has a court of 4 by 4; a third lies on both and covers half of the court.
    court = shapely.difference(shapely.box(0, 0, 10, 10), shapely.box(3, 3, 7, 7))
    shapes = [court, shapely.box(10, 0, 20, 10), shapely.MultiPolygon([shapely.box(5, 2, 15, 8), shapely.box(5, 8, 15, 9)])]
    assert covered_m2(np.array(shapes, object), (0.0, 0.0, 150.0, 150.0)) == pytest.approx(200.0 - 8.0)


def test_that_shapes_that_touch_themselves_and_lines_are_swept_too():
    # A bow tie of two triangles of 1 m2 with one vertex in common, its half again, and a line.
    tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    half = shapely.Polygon([(0, 0), (1, 1), (0, 2)])
    assert covered_m2(
        np.array([tie, half, shapely.LineString([(0, 0), (9, 9)])], object), (0.0, 0.0, 150.0, 150.0)
    ) == pytest.approx(2.0)


@pytest.mark.parametrize("seed", range(6))
def test_that_a_sweep_gives_what_joining_gives(seed):
    rng = np.random.default_rng(seed)
    stars = []
    for _ in range(30):  # many corners round a middle, on a coarse grid: edges that lie on each other, corners on edges
        bearing, reach = np.sort(rng.uniform(0, 2 * np.pi, 40)), rng.uniform(5, 60, 40)
        x, y = rng.uniform(0, 90, 2)
        corners = np.column_stack([x + reach * np.cos(bearing), y + reach * np.sin(bearing)])
        stars.append(shapely.buffer(shapely.Polygon(2.0 * np.round(corners / 2.0)), 0.0))
    shapes = np.array(stars, object)
    assert covered_m2(shapes, (-100.0, -100.0, 200.0, 200.0)) == pytest.approx(shapely.union_all(shapes).area, abs=1e-6)


def test_that_what_lies_beyond_a_box_counts_for_nothing():
    # Two boxes reach far beyond a box of 100 by 100: one has its lower 40, one its eastern 30; together 100 * 40 + 60 * 30.
    shapes = [shapely.box(-900, -900, 900, 40), shapely.box(70, -50, 500, 800), shapely.box(-80, -80, -1, 300)]
    assert covered_m2(np.array(shapes, object), (0.0, 0.0, 100.0, 100.0)) == pytest.approx(4000.0 + 1800.0)


def test_that_long_needles_through_each_other_are_halved_until_they_fit():
    # Each crosses nearly every cell on its way, so that pieces wait for room many times over.
    rng = np.random.default_rng(3)
    ends = rng.uniform(0.0, 1000.0, (60, 3, 2))
    ends[:, 2] = ends[:, 1] + rng.uniform(-1.0, 1.0, (60, 2))
    shapes = shapely.polygons(ends)
    assert covered_m2(shapes, (0.0, 0.0, 1200.0, 1200.0)) == pytest.approx(
        shapely.union_all(shapely.intersection(shapes, shapely.box(0, 0, 1200, 1200))).area, rel=1e-9
    )


def test_that_nothing_covers_nothing():
    assert union_m2([None, shapely.MultiPolygon()]) == 0.0


def test_that_cameras_are_joined_each_for_itself():
    shapes = [np.array(discs(count, 100.0), object) for count in (0, 1, 2, 3)]
    found = unions(shapes)
    assert found[0].is_empty
    assert found[1] is shapes[1][0]
    for one, parts in zip(found, shapes, strict=True):
        assert one.area == pytest.approx(shapely.union_all(parts).area)


def test_that_ground_is_cut_at_a_density_as_its_bands_say():
    # The range of 60 m ends beyond 56.9 m, where 1920 pixels at 68 degrees fall to 25 px/m; a bare camera's wide end too.
    cameras = [camera("near", range_m=30.0), camera("far"), camera("steep", tilt_deg=40.0), bare_camera("bare", 5.0, 3.0)]
    context = make_context(town(house(1, -8, 12, 8, 20), cameras=cameras), reference_data(), with_planned=False)
    fields = visibility_fields(context.view_table.views, context.scene)
    for density in (25.0, 62.5):
        cut = ground_at_least(context.view_table.views, fields, context.scene, density)
        by_bands = [ground_seen(field, density) for field in fields]
        assert shapely.area(shapely.symmetric_difference(cut, by_bands)).max() < 0.01
        assert shapely.is_valid(cut).all()
    assert ground_at_least(context.view_table.views, fields, context.scene, 25.0)[0] is fields[0].geometry


def test_that_packing_leaves_every_point_where_it_is_and_what_is_empty_empty():
    shapes = np.array([shapely.union_all(discs(6, 300.0)), shapely.MultiPolygon(), shapely.box(0, 0, 1, 1), None], object)
    assert [None if s is None else shapely.to_wkb(s) for s in packed(shapes)] == [
        None if s is None else shapely.to_wkb(s) for s in shapes
    ]


# A view that looks past a corner leaves a hair of ground, which runs into the square and back along the same line.
HAIR = shapely.Polygon(
    [
        *((385375.61806273327, 6671507.497836572), (385003.5290294454, 6671104.2768218685)),
        *((385340.0, 6671468.899678303), (385340.71942210407, 6671834.496100603)),
    ]
)
BESIDE_IT = (385053.7, 6671103.7, 385203.7, 6671253.7)


def test_that_a_hair_of_ground_in_a_square_is_not_taken_for_the_whole_square():
    (cut,) = cut_to_box(np.array([HAIR], object), BESIDE_IT)
    assert cut.area == pytest.approx(HAIR.intersection(shapely.box(*BESIDE_IT)).area, abs=0.01)
    assert cut.area < 1.0


def test_that_unmapped_ground_cut_off_along_squares_leaves_the_union_as_it_is():
    # Discs without what lies in every second square of 20 m, as ground far from buildings is cut off.
    x0, y0 = round(X0 / 20.0) * 20.0, round(Y0 / 20.0) * 20.0
    board = shapely.union_all(
        [
            shapely.box(x0 + 20 * k, y0 + 20 * n, x0 + 20 * k + 20, y0 + 20 * n + 20)
            for k in range(45)
            for n in range(k % 2, 45, 2)
        ]
    )
    shapes = [shapely.difference(disc, board) for disc in discs(40, 800.0)]
    shapes += [shapely.affinity.translate(HAIR, x0 - 385000.0, y0 - 6671100.0)]
    assert union_m2(shapes) == pytest.approx(shapely.union_all(shapes).area, rel=1e-9)


def test_that_many_lenses_on_one_pole_are_added_up_as_shapely_does_and_not_edge_by_edge():
    turns = np.linspace(0.0, 2.0 * np.pi, 300, endpoint=False)
    fans = np.array(
        [
            shapely.Polygon([(700.0, 700.0), *((700 + 60 * np.cos(t + a), 700 + 60 * np.sin(t + a)) for a in (0.0, 0.5))])
            for t in turns
        ],
        object,
    )
    assert 2 * len(fans) > MOST_EDGES
    assert union_m2(fans) == pytest.approx(shapely.union_all(fans).area, rel=1e-9)
