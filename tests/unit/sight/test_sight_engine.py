import subprocess
import sys
import threading

import numpy as np
import pytest
import shapely
from sight_town import full_circle, town, view
from sources import ROOT

from lhasaplan.core.sight import densities, make_scene, visibility_fields, warm_up, warming
from lhasaplan.core.sight.compiled import compilation
from lhasaplan.core.sight.obstacles.building_index import sort_targets
from lhasaplan.core.sight.sweep.near_to_far import MOST_IN_CACHE
from lhasaplan.errors import Cancelled, InputError


def street(houses=60):
    """A street of houses that touch, on both sides."""
    rows = [(shapely.box(10 * k, side, 10 * k + 10, side + 8), 0.0, 6.0 + k % 3) for k in range(houses) for side in (-14, 6)]
    return make_scene(town(*rows))


def test_that_full_circles_have_no_seam_and_are_valid():
    fields = visibility_fields([full_circle(5.0 + 7 * k, 0.0, 3.0 + k % 9, 80.0) for k in range(60)], street())
    assert all(field.geometry.is_valid and field.geometry.geom_type == "MultiPolygon" for field in fields)
    assert all(len(field.geometry.geoms[0].interiors) == 0 for field in fields[::9])  # lens 3 m, all roofs higher


def test_that_many_views_come_back_in_their_order():
    places = np.random.default_rng(3).uniform((0, -5), (600, 5), (200, 2))
    fields = visibility_fields([full_circle(x, y, 3.0, 20.0) for x, y in places], street())
    assert all(field.geometry.distance(shapely.Point(*place)) < 1e-6 for field, place in zip(fields, places, strict=True))


def test_that_scratch_grows_when_a_view_meets_very_many_walls():
    comb = [(shapely.box(x, y, x + 0.4, y + 0.4), 0.0, 2.0) for x in range(-60, 60, 2) for y in range(4, 84, 2)]
    (field,) = visibility_fields([view(z=12.0, range_m=90.0, hfov=110.0)], make_scene(town(*comb)))
    assert field.geometry.is_valid
    assert 1000 < field.area_m2 < 90.0**2 * np.radians(110) / 2


def test_that_a_job_can_be_cancelled_between_batches():
    reported = []

    def cancel(share, _step):
        reported.append(share)
        if share > 0.0:
            raise Cancelled

    many = [full_circle(5.0 + k % 600, 0.0, 3.0, 80.0) for k in range(1000)]
    with pytest.raises(Cancelled):
        visibility_fields(many, street(), progress=cancel)
    with pytest.raises(Cancelled):
        densities(many, np.random.default_rng(1).uniform((0, -5, 1), (600, 5, 2), (500, 3)), street(), progress=cancel)
    assert threading.active_count() < 10


def test_that_warming_up_says_when_nothing_can_be_kept(monkeypatch):
    assert warm_up() is None or not compilation.IS_KEPT
    monkeypatch.setattr(warming, "IS_KEPT", False)
    assert "cannot be stored" in str(warm_up())


def test_that_the_sweep_over_relief_can_be_warmed_too():
    assert warm_up(over_relief=True) is None or not compilation.IS_KEPT


def test_that_a_folder_that_cannot_be_made_is_no_place_to_keep_kernels(tmp_path):
    (tmp_path / "file").write_text("")
    assert not compilation._is_writable(str(tmp_path / "file" / "inside"))


def test_that_importing_sight_does_not_load_the_compiler():
    code = "import sys, lhasaplan.core.sight, lhasaplan.core.site.camera_placing; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_that_a_point_exactly_below_a_lens_that_can_look_down_is_seen():
    lens = full_circle(z=6.0)  # 180 degrees upright: from straight up to straight down
    scene = make_scene(town((shapely.box(100, 100, 110, 110), 0.0, 9.0)))
    below, beside = densities([lens], np.array([(0.0, 0.0, 1.5), (0.01, 0.0, 1.5)]), scene).toarray()[:, 0]
    assert below == pytest.approx(beside, rel=1e-3)
    assert below > 0


def test_that_a_building_far_from_all_others_is_named_before_the_cells_between_them_fill_the_memory():
    near = [(shapely.box(20 * k, 0, 20 * k + 10, 8), 0.0, 6.0) for k in range(5)]
    with pytest.raises(InputError, match=r"800 by 500 km.*building b5 lies farthest"):
        make_scene(town(*near, (shapely.box(800_000, 500_000, 800_008, 500_008), 0.0, 6.0)))


def test_that_few_points_far_apart_lie_in_a_grid_of_few_cells():
    corners_and_middle = np.array([(0.0, 0.0, 1.5), (24e3, 0.0, 1.5), (0.0, 24e3, 1.5), (24e3, 24e3, 1.5), (12e3, 12e3, 1.5)])
    targets = sort_targets(corners_and_middle)
    assert targets.columns * targets.rows <= 100  # of 16 m there would be 2,250,000
    assert targets.number.tolist() == [0, 1, 4, 2, 3]
    assert targets.cell_start[-1] == 5


def test_that_a_lens_sees_the_same_of_its_points_where_another_lies_far_away():
    lens, scene = full_circle(z=6.0), make_scene(town((shapely.box(5, -40, 8, 40), 0.0, 9.0)))
    near = np.array([(x, y, 1.5) for x in range(-40, 44, 8) for y in range(-40, 44, 8)], float)
    far = np.array([(30e3, 30e3, 1.5)])
    alone, beside = densities([lens], near, scene).toarray(), densities([lens], np.vstack((near, far)), scene).toarray()
    assert 0 < np.count_nonzero(alone) < len(near)
    assert beside.tolist() == [*alone.tolist(), [0.0]]


def test_that_a_lens_sees_the_same_in_a_town_too_large_for_the_cache_as_in_its_own_corner_of_it():
    place = [(shapely.box(30 * k + 5, 30 * n + 5, 30 * k + 25, 30 * n + 20), 0.0, 9.0) for k in range(8) for n in range(8)]
    far = [(shapely.box(x, 2000 + y, x + 5, 2005 + y), 0.0, 9.0) for x in range(0, 2500, 10) for y in range(0, 2500, 10)]
    assert len(far) > MOST_IN_CACHE
    lenses, points = [view(0.0, y) for y in (0.0, 60.0, 120.0)], np.mgrid[0:200:9, 0:200:9].reshape(2, -1).T
    xyz = np.column_stack((points, np.full(len(points), 1.5)))
    corner, whole = make_scene(town(*place)), make_scene(town(*place, *far))
    assert [each.geometry for each in visibility_fields(lenses, whole)] == [
        each.geometry for each in visibility_fields(lenses, corner)
    ]
    seen = densities(lenses, xyz, corner).toarray()
    assert seen.any()
    assert (densities(lenses, xyz, whole).toarray() == seen).all()
