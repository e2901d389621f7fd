"""The open yardstick: its truth by hand-worked figures, its scorer, and what this program scores."""

import math

import numpy as np
import pytest

from tests.bench.yardstick.files import FOLDER, read_rows, truth_of
from tests.bench.yardstick.scenes import SCENES, box, camera
from tests.bench.yardstick.scoring import rows_of_raster, score
from tests.bench.yardstick.tools import ask_ours
from tests.bench.yardstick.truth import ground_m, in_picture, metres_inside, see

LENS = np.array([0.0, 0.0, 4.0])
LEVEL = camera("a", tilt_deg=0.0)


def seen(point, *solids, looks=LEVEL, terrain=None):
    found, density = see(looks, LENS, np.array([point], float), solids, terrain)
    return bool(found[0]), float(density[0])


def test_that_1920_pixels_over_68_degrees_show_25_per_metre_at_56_9_metres():
    is_seen, density = seen((0.0, 56.93, 4.0))
    assert is_seen
    assert density == pytest.approx(25.0, abs=0.01)


def test_that_the_picture_ends_at_half_its_angle_and_density_counts_by_depth():
    edge = math.tan(math.radians(34.0)) * 20.0
    assert seen((edge - 0.01, 20.0, 4.0))[0]
    assert not seen((edge + 0.01, 20.0, 4.0))[0]
    assert seen((edge - 0.01, 20.0, 4.0))[1] == pytest.approx(seen((0.0, 20.0, 4.0))[1])


def test_that_a_wall_hides_the_foot_of_what_is_behind_it_and_not_its_top():
    wall = {"rings": [box(-5, 10, 5, 11)], "base_m": -1.0, "top_m": 3.0}
    assert not seen((0.0, 20.0, 1.5), wall)[0]  # the line is 2.75 m high at 10 m
    assert seen((0.0, 20.0, 2.4), wall)[0]  # 3.2 m at 10 m, 3.12 m at 11 m


def test_that_a_line_under_a_deck_is_free_and_one_through_it_is_not():
    deck = {"rings": [box(-5, 10, 5, 20)], "base_m": 3.5, "top_m": 5.0}
    assert not seen((0.0, 30.0, 3.0), deck)[0]  # 3.67 m at 10 m: in the deck until 3.5 m at 15 m
    assert seen((0.0, 30.0, 1.0), deck)[0]  # 3.0 m at 10 m


def test_that_a_line_over_a_courtyard_is_outside_of_the_building_there():
    yard = {"rings": [box(-9, 10, 9, 30), box(-6, 14, 6, 26)], "base_m": 0.0, "top_m": 9.0}
    assert metres_inside(LENS, np.array([0.0, 30.0, 4.0]), yard) == pytest.approx(8.0)


def test_that_ground_between_cells_is_bilinear_and_hides_what_is_behind_a_crest():
    heights = np.zeros((20, 20))
    heights[8, :] = 6.0  # a crest along the row at y = 23
    terrain = heights, -20.0, 40.0, 2.0
    assert ground_m(terrain, 0.0, 22.0) == pytest.approx(3.0)
    assert not seen((0.0, 30.0, 1.5), terrain=terrain)[0]
    assert seen((0.0, 15.0, 1.5), terrain=terrain)[0]


def test_that_a_fisheye_that_looks_down_shows_all_round_and_density_counts_by_distance():
    looks = camera("a", kind="fisheye", tilt_deg=90.0, hfov_deg=180.0, image_width_px=2000, range_m=25.0)
    inside, density = in_picture(looks, *np.array([[3.0, 0.0, -4.0], [0.0, -3.0, -4.0], [0.0, 3.0, 0.1]]).T)
    assert inside.tolist() == [True, True, False]
    assert density[:2] == pytest.approx([2000 / math.pi / 5.0] * 2)


def test_that_a_scorer_counts_what_is_right_wrong_and_missed():
    known = (("1", "1", "50"), ("2", "1", "80"), ("3", "0", ""))
    truth = [{"camera_id": "a", "point_id": name, "seen": is_seen, "density_px_m": px} for name, is_seen, px in known]
    one, other = {"point_id": "1", "seen": 1, "density_px_m": 51.0}, {"point_id": "3", "seen": "1"}
    found = score(truth, [{"camera_id": "a", **each} for each in (one, other)])
    assert (found.seen, found.right, found.wrongly_seen, found.missed) == (2, 1, 1, 1)
    assert (found.precision, found.recall, found.density_off_percent) == (0.5, 0.5, pytest.approx(2.0))


def test_that_a_raster_answers_with_the_cell_in_which_a_point_lies():
    cells = np.array([[0, 1], [1, 0]])
    rows = rows_of_raster("a", cells, 0.0, 2.0, 1.0, [("p", 1.5, 1.5), ("q", 1.5, 0.5), ("r", 9.0, 9.0)])
    assert [row["seen"] for row in rows] == [1, 0, 0]


@pytest.mark.parametrize("name", ["between-storeys", "decks"])
def test_that_the_truth_that_is_shipped_is_what_rays_give(name):
    shipped = read_rows(FOLDER / name / "truth.csv")
    assert [list(map(str, row)) for row in truth_of(SCENES[name])] == [list(row.values()) for row in shipped]


@pytest.mark.nightly
@pytest.mark.parametrize("name", SCENES)
def test_that_this_program_sees_what_is_seen_and_nothing_else(name):
    answers, _ = ask_ours(name)
    found = score(read_rows(FOLDER / name / "truth.csv"), answers)
    assert (found.precision, found.recall) == (1.0, 1.0)
    assert found.density_off_percent < 0.05


@pytest.mark.nightly
def test_that_every_truth_is_what_rays_give():
    for name, scene in SCENES.items():
        rows = [list(map(str, row)) for row in truth_of(scene)]
        assert rows == [list(row.values()) for row in read_rows(FOLDER / name / "truth.csv")], name
