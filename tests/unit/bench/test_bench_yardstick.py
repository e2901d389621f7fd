"""The open yardstick: its truth by hand-worked figures and by a slower second look, its scorer, and what this program scores."""

import json
import math
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from lhasaplan.api.projects import inside
from lhasaplan.core.sight import seen_pieces
from lhasaplan.core.sight.walls.piece_columns import Mounts
from lhasaplan.workflow.answers import audit_context
from tests.bench.yardstick import __main__ as command
from tests.bench.yardstick.files import cells_of, truth_of, write_raster
from tests.bench.yardstick.scenes import SCENES, X0, Y0, box, camera, lens_of, points_of, solids_of, terrain_of, wall_spots
from tests.bench.yardstick.scoring import (
    EDGE,
    FOLDER,
    HIDDEN,
    NOT_ASKED,
    NOT_IN_PICTURE,
    VISIBLE,
    asked_of,
    cells_at,
    read_raster,
    read_rows,
    score_cells,
    score_rows,
    score_scene,
)
from tests.bench.yardstick.tools import TOOLS, ask_grass, ask_ours, project_of
from tests.bench.yardstick.truth import (
    INSIDE,
    PICTURE,
    RANGE,
    SEEN,
    SOLID,
    are_between_ranges,
    are_near_edge,
    ground_m,
    in_picture,
    is_line_free,
    metres_inside,
    rise_over_line_m,
    see,
)

LENS = np.array([0.0, 0.0, 4.0])
LEVEL = camera("a", tilt_deg=0.0)


def reason_of(point, *solids, looks=LEVEL, terrain=None):
    return int(see(looks, LENS, np.array([point], float), solids, terrain)[0][0])


def seen(point, *solids, looks=LEVEL, terrain=None):
    found, density = see(looks, LENS, np.array([point], float), solids, terrain)
    return found[0] == SEEN, float(density[0])


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
    assert metres_inside(LENS, np.array([[0.0, 30.0, 4.0]]), yard)[0] == pytest.approx(8.0)


def test_that_ground_between_cells_is_bilinear_and_hides_what_is_behind_a_crest():
    heights = np.zeros((20, 20))
    heights[8, :] = 6.0  # a crest along the row at y = 23
    terrain = heights, -20.0, 40.0, 2.0
    assert ground_m(terrain, 0.0, 22.0) == pytest.approx(3.0)
    assert not seen((0.0, 30.0, 1.5), terrain=terrain)[0]
    assert seen((0.0, 15.0, 1.5), terrain=terrain)[0]


def test_that_a_fisheye_that_looks_down_shows_all_round_and_density_counts_by_distance():
    looks = camera("a", kind="fisheye", tilt_deg=90.0, hfov_deg=180.0, image_width_px=2000, range_m=25.0)
    inside, density = in_picture(looks, np.array([[3.0, 0.0, -4.0], [0.0, -3.0, -4.0], [0.0, 3.0, 0.1]]))
    assert inside.tolist() == [True, True, False]
    assert density[:2] == pytest.approx([2000 / math.pi / 5.0] * 2)


def test_that_a_point_says_why_it_is_not_seen():
    wall = {"rings": [box(-5, 10, 5, 11)], "base_m": -1.0, "top_m": 3.0}
    spots = {(0.0, 60.01, 4.0): RANGE, (0.0, -5.0, 4.0): PICTURE, (0.0, 20.0, 1.5): SOLID, (0.0, 10.5, 1.5): INSIDE}
    assert {spot: reason_of(spot, wall) for spot in spots} == spots


def test_that_a_lens_on_a_roof_sees_the_street_only_beyond_the_line_over_its_own_edge():
    roof = {"rings": [box(-9, -9, 9, 2)], "base_m": -1.0, "top_m": 3.0}
    # 1 m above the roof and 2 m behind its edge: the line falls 1 m in 2, and is 1.5 m high at 5 m.
    looks = camera("a", tilt_deg=25.0)
    assert not seen((0.0, 4.9, 1.5), roof, looks=looks)[0]
    assert seen((0.0, 5.1, 1.5), roof, looks=looks)[0]


def test_that_the_ground_between_two_ridges_of_a_grid_is_a_parabola_along_a_slanting_line():
    # Heights 0, 8 over 8, 0 at the middles of four cells of 2 m: along the diagonal the patch is 16 u (1 - u), 4 m at its middle.
    terrain = np.array([[8.0, 0.0], [0.0, 8.0]]), 0.0, 4.0, 2.0
    start, end = np.array([1.0, 1.0, 1.0]), np.array([3.0, 3.0, 1.0])
    assert ground_m(terrain, 2.0, 2.0) == pytest.approx(4.0)
    assert rise_over_line_m(start, end, terrain) == pytest.approx(3.0)


def test_that_a_point_within_5_cm_of_a_shadow_is_near_an_edge_and_one_farther_off_is_not():
    wall = {"rings": [box(-5, 10, 5, 11)], "base_m": -1.0, "top_m": 3.0}
    # Over the far edge, 1 m below the lens at 11 m, the shadow at 22 m ends at 2 m.
    heights = np.array([[0.0, 22.0, z] for z in (1.93, 1.97, 2.03, 2.07)])
    assert are_near_edge(LEVEL, LENS, heights, [wall], None).tolist() == [False, True, True, False]


def test_that_a_point_within_range_on_the_plan_and_not_along_the_line_is_near_an_edge():
    # 4 m below the lens a line of 60 m reaches 59.867 m on the plan.
    low = np.array([[0.0, 59.8, 0.0], [0.0, 59.9, 0.0], [0.0, 60.1, 0.0]])
    assert are_between_ranges(LEVEL, low - LENS).tolist() == [False, True, False]


def test_that_spots_stand_before_every_metre_of_wall_in_open_air_and_not_before_a_party_wall():
    spots = list(wall_spots(SCENES["level"]))
    assert sum(where[0] == 1 for *_, where in spots) == (12 + 10) * 2 * 9
    sides = {where[:3] for *_, where in wall_spots(SCENES["party-walls"])}
    assert (1, 2, 5) not in sides  # the first house is 5 m high, its neighbour to the east 7.5 m
    assert (2, 4, 5) in sides  # whose western wall rises above it


def test_that_a_wall_of_a_yard_looks_into_the_yard():
    west = [x for x, y, _, (_, side, *_) in wall_spots(SCENES["courtyards"]) if side == 8]
    assert set(west) == {-9.0 + 0.1}


@pytest.mark.parametrize("name", SCENES)
def test_that_the_truth_agrees_with_a_second_look_at_every_centimetre(name):
    scene = SCENES[name]
    terrain, solids, named = terrain_of(scene), solids_of(scene), {each[0]: each[1:4] for each in points_of(scene)}
    lenses = {each["camera_id"]: lens_of(each, terrain) for each in scene["cameras"]}
    rows = read_rows(FOLDER / name / "truth.csv")
    asked = [each for each in rows if each["reason"] in ("", "solid", "ground") and each["near_edge"] == "0"]
    for row in asked[:: max(1, len(asked) // 60)]:
        x, y, above = named[row["point_id"]]
        point = np.array([x, y, float(ground_m(terrain, x, y)) + above])
        assert is_line_free(lenses[row["camera_id"]], point, solids, terrain) == (row["seen"] == "1"), (name, row)


def rows_of(*each):
    return [dict(zip(("camera_id", "point_id", "seen", "density_px_m", "reason", "near_edge"), row, strict=True)) for row in each]


TRUE = rows_of(("a", "1", "1", "50", "", "0"), ("a", "2", "1", "80", "", "0"), ("a", "3", "0", "", "solid", "0"))


def test_that_a_scorer_counts_what_is_right_wrong_and_missed():
    one, other = {"point_id": "1", "seen": 1, "density_px_m": 51.0}, {"point_id": "3", "seen": "1"}
    found = score_rows(TRUE, [{"camera_id": "a", **each} for each in (one, other)])
    assert (found.seen, found.right, found.wrongly_seen) == (2, 1, 1)
    assert (found.precision, found.recall, found.density_off_percent) == (0.5, 0.5, pytest.approx(2.0))


def test_that_pairs_near_an_edge_and_points_in_a_solid_are_not_scored():
    unsure = rows_of(("a", "4", "1", "9", "", "1"), ("a", "5", "0", "", "inside a solid", "0"))
    found = score_rows(TRUE + unsure, [{"camera_id": "a", "point_id": each, "seen": 1} for each in ("1", "2", "5")])
    assert (found.seen, found.precision, found.recall) == (2, 1.0, 1.0)


CELLS = np.array([[VISIBLE, VISIBLE, HIDDEN], [EDGE, NOT_ASKED, NOT_IN_PICTURE]])


def test_that_cells_at_an_edge_or_inside_are_not_scored_and_cells_outside_the_picture_only_of_a_tool_with_a_lens():
    said = np.array([[True, False, True], [True, True, True]])
    with_lens, without = score_cells(CELLS, said), score_cells(CELLS, said, has_lens=False)
    assert (with_lens.seen, with_lens.right, with_lens.wrongly_seen) == (2, 1, 2)
    assert (without.precision, without.recall) == (0.5, 0.5)


def test_that_a_raster_of_another_cell_and_extent_answers_with_the_cell_in_which_a_middle_lies(tmp_path):
    write_raster(tmp_path / "truth.tif", CELLS.astype(np.uint8), 0.0, 1.0, 0.5, NOT_ASKED)
    write_raster(tmp_path / "said.tif", np.array([[1, 0]], np.uint8), 0.0, 1.0, 1.0)
    said = cells_at(tmp_path / "truth.tif", tmp_path / "said.tif")
    assert said.tolist() == [[True, True, False], [True, True, False]]
    write_raster(tmp_path / "said.tif", np.array([[1]], np.uint8), 0.5, 1.0, 0.5)
    assert cells_at(tmp_path / "truth.tif", tmp_path / "said.tif").tolist() == [[False, True, False], [False, False, False]]


def test_that_no_data_of_a_raster_is_not_seen(tmp_path):
    shape = {"driver": "GTiff", "height": 1, "width": 2, "count": 1, "dtype": "float32", "nodata": 255.0}
    with rasterio.open(tmp_path / "said.tif", "w", transform=from_origin(0, 1, 1, 1), **shape) as to:
        to.write(np.array([[255.0, 7.5]], np.float32), 1)
    assert read_raster(tmp_path / "said.tif", nodata_is_0=True)[0].tolist() == [[0.0, 7.5]]


def test_that_a_folder_of_tables_rasters_and_seconds_is_scored_from_the_command_line(tmp_path, capsys):
    truth = read_rows(FOLDER / "level" / "truth.csv")
    lines = ["camera_id,point_id,seen", *(f"{row['camera_id']},{row['point_id']},{row['seen']}" for row in truth)]
    (tmp_path / "level.csv").write_text("\n".join(lines))
    (tmp_path / "level").mkdir()
    (tmp_path / "level" / "a.tif").write_bytes((FOLDER / "level" / "cells_a.tif").read_bytes())
    (tmp_path / "seconds.csv").write_text("scene,seconds\nlevel,1.5\n")
    assert command.main(["score", str(tmp_path), "--no-lens"]) == 0
    printed = capsys.readouterr().out
    assert "| level | 1.0000 / 1.0000 | 1.0000 / 1.0000 | 1.0000 / 1.0000 | - | 1.500 |" in printed
    assert "| hill | - | - | - | - | - |" in printed


def test_that_a_scene_says_how_much_it_asks_and_what_shows_fewer_than_ten_is_not_scored(tmp_path):
    asked = asked_of("between-storeys")
    assert asked["walls"].seen >= 10 > asked["cells"].seen
    (tmp_path / "between-storeys").mkdir()
    cells = (FOLDER / "between-storeys" / "cells_a.tif").read_bytes()
    (tmp_path / "between-storeys" / "a.tif").write_bytes(cells)
    assert score_scene("between-storeys", tmp_path) == {}


def test_that_the_tables_of_a_page_are_put_between_its_marks(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{command.MARKS[0]}old\n{command.MARKS[1]}after\n")
    command.write_between(page, "new")
    assert page.read_text() == f"before\n{command.MARKS[0]}\nnew\n{command.MARKS[1]}after\n"


def test_that_a_tool_that_is_not_installed_is_absent(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ask_grass(tmp_path).startswith("absent: ")


def test_that_the_scorer_needs_nothing_of_the_program():
    code = "import sys, json, tests.bench.yardstick.__main__ as it; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert not {each for each in json.loads(done.stdout) if each.split(".")[0] in ("lhasaplan", "shapely", "geopandas", "pandas")}


@pytest.mark.parametrize("name", ["between-storeys", "decks"])
def test_that_the_truth_that_is_shipped_is_what_rays_give(name):
    shipped = [list(row.values()) for row in read_rows(FOLDER / name / "truth.csv")]
    assert [list(map(str, row)) for row in truth_of(SCENES[name])] == shipped
    cells = cells_of(SCENES[name], SCENES[name]["cameras"][0])[2]
    assert np.array_equal(read_raster(FOLDER / name / "cells_a.tif")[0], cells)


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ours")
    assert ask_ours(folder) == ""
    return folder


@pytest.mark.nightly
@pytest.mark.parametrize("name", SCENES)
def test_that_this_program_sees_what_is_seen_and_nothing_else(name, ours):
    found = score_scene(name, ours, has_lens=False)
    assert {what: (each.precision, each.recall) for what, each in found.items()} == dict.fromkeys(found, (1.0, 1.0))
    assert max(each.density_off_percent or 0.0 for each in found.values()) < 0.05
    assert found


def rows_of_walls(scene):
    """Return each side of the buildings as the engine takes it, building on the left, and its place by building and side."""
    rows, place = [], {}
    for number, solid in enumerate(solids_of(scene)[: len(scene["solids"])], start=1):
        outer = len(solid["rings"][0]) - 1
        sides = [side for ring in solid["rings"] for side in pairwise(ring)]
        for side, (a, b) in enumerate(sides, start=1):
            first, last = (a, b) if side <= outer else (b, a)
            place[number, side] = len(rows)
            ends = first[0] + X0, first[1] + Y0, last[0] + X0, last[1] + Y0
            rows.append([*ends, max(solid["base_m"], -1.0), solid["top_m"], number - 1])
    return np.array(rows, float), place


@pytest.mark.nightly
@pytest.mark.parametrize("name", SCENES)
def test_that_the_walls_that_an_audit_sees_are_those_of_the_truth(name):
    scene, (rows, place) = SCENES[name], rows_of_walls(SCENES[name])
    city = audit_context(*inside(project_of(FOLDER / name)))
    views, names = [each.views[0] for each in city.placed], [each.camera.camera_id for each in city.placed]
    mounts = Mounts(np.full(len(views), -1), np.full((len(views), 4), np.nan))
    pieces = seen_pieces(views, mounts, rows, city.guarded, 0.001)
    spots = {each[0]: each[1:] for each in points_of(scene)}
    wrong = []
    for row in read_rows(FOLDER / name / "truth.csv"):
        if row["point_id"].startswith("p") or row["near_edge"] == "1":
            continue
        x, y, above, where = spots[row["point_id"]]
        wall, z = place[where[:2]], above + float(ground_m(terrain_of(scene), x, y))
        way = rows[wall, 2:4] - rows[wall, :2]
        along = (np.array([x + X0, y + Y0]) - rows[wall, :2]) @ way / np.linalg.norm(way)
        start, end, low0, low1, high0, high1, *_ = pieces.figure[
            (pieces.wall == wall) & (pieces.viewer == names.index(row["camera_id"]))
        ].T
        share = (along - start) / np.maximum(end - start, 1e-9)
        is_seen = (start <= along) & (along <= end) & (low0 + share * (low1 - low0) <= z) & (z <= high0 + share * (high1 - high0))
        if bool(is_seen.any()) != (row["seen"] == "1"):
            wrong.append(row)
    assert wrong == []


@pytest.mark.nightly
@pytest.mark.parametrize("tool", [each for each in TOOLS if each != "lhasaplan"])
def test_that_a_tool_of_rasters_is_scored_or_absent(tool, tmp_path):
    why_not = TOOLS[tool](tmp_path)
    if why_not:
        assert why_not.startswith("absent: ")
        return
    assert score_scene("voids", tmp_path, has_lens=False)["cells"].recall > 0.9


@pytest.mark.nightly
def test_that_every_truth_is_what_rays_give():
    for name, scene in SCENES.items():
        rows = [list(map(str, row)) for row in truth_of(scene)]
        assert rows == [list(row.values()) for row in read_rows(FOLDER / name / "truth.csv")], name
        for each in scene["cameras"]:
            shipped = read_raster(FOLDER / name / f"cells_{each['camera_id']}.tif")[0]
            assert np.array_equal(shipped, cells_of(scene, each)[2]), name
