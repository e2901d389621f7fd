import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import geopandas  # noqa: F401  (before the bench, which lets pyogrio do without it)
import numpy as np
import pytest
import shapely
from bench import audit_city, command, duel, report, row, table
from bench.floors import sight as floor_of_sight
from bench.floors.start import libraries_of
from bench.growth_picture import draw_growth
from bench.jobs import city, growth
from bench.ours import stages
from bench.rivals.shadows import Lens, Shadows
from bench.town import CORNER_X_M, CORNER_Y_M, Town, make_town
from bench.workload import Lenses, is_free, load, make_circles, make_points, make_sectors, save
from PIL import Image

FACTS = {"job", "size", "ours", "rival", "ratio", "unit", "note", "against", "target", "status", "floor", "least"}
TOWN = make_town(600.0)


def lens_at(x, y, z, reach=50.0, azimuth=90.0, hfov=90.0):
    """A camera with nothing masked and no blind zone."""
    columns = ([x], [y], [z], [azimuth], [0.0], [hfov], [180.0], [reach], [[np.nan] * 2], [[np.nan] * 4])
    return Lens(Lenses(*map(np.array, columns)), 0)


def test_that_a_row_holds_the_ratio_of_rival_to_ours():
    one = row.measured("sector", "150 m", 2.0, 500.0, "ms", "same job", "shapely")
    assert one.ratio == 250.0
    assert set(one.as_json()) == FACTS


@pytest.mark.parametrize(
    "one", [row.absent("a", "b", 1.0, "ms", "not here", "GDAL"), row.not_offered("a", "b", "no such function")]
)
def test_that_a_row_without_a_rival_has_no_ratio_and_says_why(one):
    assert (one.rival, one.ratio) == (None, None)
    assert one.status in table.cells(one)[-1]
    assert set(one.as_json()) == FACTS


def test_that_the_docs_keep_what_stands_round_the_table(tmp_path):
    path, (begin, end) = tmp_path / "page.md", table.markers("sight")
    path.write_text(f"before\n{begin}\nold\n{end}\nafter\n", "utf-8")
    table.write_between(path, table.markdown([table.cells(row.not_offered("a", "b", "c|d"))]), "sight")
    said = path.read_text("utf-8")
    assert said.startswith("before\n")
    assert said.endswith("\nafter\n")
    assert "old" not in said
    assert len({line.count("|") for line in said.splitlines() if line.startswith("|")}) == 1


def test_that_a_table_names_its_machine_only_where_the_page_has_not_done_so():
    machine = {
        "date": "2026-12-01",
        "load": 1.0,
        "cpu": "CPU",
        "cores": 2,
        "system": "Linux",
        "python": "3.11",
        "versions": {"a": "1"},
    }
    rows = [row.measured("a", "b", 1.0, 2.0, "s", "", "rival")]
    assert "CPU" not in report.page(rows, [], machine, "bench", "Machine: CPU, 2 cores, Linux,\nPython 3.11, a 1.")
    assert "CPU, 2 cores, Linux, Python 3.11, a 1" in report.page(rows, [], machine, "bench", "Machine: another")


@pytest.mark.parametrize("room", command.ROOMS)
def test_that_the_page_of_benchmarks_has_a_place_for_each_table(room):
    said = command.DOCS.read_text("utf-8")
    begin, end = map(said.index, table.markers(room))
    assert begin < end


def test_that_the_city_of_the_audit_is_made_again_from_its_size(tmp_path):
    size = audit_city.Size(buildings=50, places=10, cameras=4)
    audit_city.save_size(tmp_path, size)
    assert audit_city.read_size(tmp_path) == size
    here, there = (audit_city.city(audit_city.read_size(tmp_path)) for _ in range(2))
    assert here.cameras == there.cameras
    assert len(here.layers["buildings"]) == 50
    assert len(here.layers["places"]) == 10


def test_that_a_step_within_a_step_counts_apart():
    watch = stages.Stopwatch()
    with watch.step("outer"), watch.step("inner"):
        time.sleep(0.02)
    assert watch.spent_s["inner"] >= 0.02
    assert watch.spent_s["outer"] < watch.spent_s["inner"]
    assert set(watch.figures()) == {"outer", "inner", "outer CPU", "inner CPU"}


def test_that_an_unknown_job_is_refused(capsys):
    assert command.main(["sight", "--only", "nothing"]) == 2
    assert "sectors" in capsys.readouterr().err


def test_that_a_rival_that_stops_is_absent_with_its_last_words(tmp_path):
    outcomes = duel.fight(
        tmp_path, [duel.Side("nobody", "tests.bench.rivals.nobody"), duel.Side("away", "", absent="not here")], 1
    )
    assert "No module named" in outcomes[0].absent
    assert outcomes[1].absent == "not here"


def test_that_towns_and_cameras_of_a_seed_are_the_same_again():
    again = make_town(600.0)
    assert np.array_equal(TOWN.corner_m, again.corner_m)
    assert np.array_equal(make_sectors(TOWN, 20).z, make_sectors(again, 20).z)
    assert not np.array_equal(make_town(600.0, seed=2).corner_m[:9], TOWN.corner_m[:9])


def test_that_footprints_are_valid_and_about_two_thousand_a_km2():
    assert shapely.is_valid(TOWN.polygons()).all()
    assert shapely.is_ccw(shapely.get_exterior_ring(TOWN.polygons())).all()
    assert 1400 < len(make_town(2000.0).top_m) / 4.0 < 2400


def test_that_cameras_and_points_stand_outside_buildings():
    lenses, points = make_sectors(TOWN, 50), make_points(TOWN, 100)
    assert is_free(TOWN, np.column_stack((lenses.x, lenses.y))).all()
    assert is_free(TOWN, points[:, :2], 0.0).all()
    assert (len(lenses), len(points)) == (50, 100)


def test_that_circles_stay_inside_the_town():
    lenses = make_circles(TOWN, 10)
    away = np.column_stack((lenses.x - CORNER_X_M, lenses.y - CORNER_Y_M))
    assert (away > 150.0).all()
    assert (away < 450.0).all()


def test_that_a_saved_workload_comes_back(tmp_path: Path):
    lenses = make_sectors(TOWN, 5)
    town, read, points, settings = load(save(tmp_path, TOWN, lenses, make_points(TOWN, 3), whole=True))
    assert np.array_equal(town.corner_m, TOWN.corner_m)
    assert np.array_equal(read.mask_box, lenses.mask_box, equal_nan=True)
    assert (points.shape, settings) == ((3, 3), {"whole": True})


def test_that_the_reference_sees_over_a_low_wall_beyond_its_shadow():
    # Lens 4.5 m, target plane 1.5 m, roof 3 m: the shadow of a wall at 12 m ends at 12 * (4.5 - 1.5) / (4.5 - 3) = 24 m.
    shadows = Shadows([shapely.box(10.0, -20.0, 12.0, 20.0)], [3.0])
    lit = shadows.lit(lens_at(0.0, 0.0, 4.5))
    assert lit.intersects(shapely.Point(9.9, 0.0))
    assert lit.intersects(shapely.Point(24.1, 0.0))
    assert not lit.intersects(shapely.box(10.1, -1.0, 23.9, 1.0))


def test_that_the_reference_does_not_see_past_a_high_wall():
    lit = Shadows([shapely.box(10.0, -60.0, 12.0, 60.0)], [30.0]).lit(lens_at(0.0, 0.0, 4.5))
    assert lit.area == pytest.approx(100.0)  # the right triangle before the wall


def test_that_the_bands_of_the_reference_end_where_a_data_sheet_says():
    # 1920 px and 68 degrees: 25 px/m at 56.9 m along the axis of a lens as high as the target.
    lens = lens_at(0.0, 0.0, 1.5, reach=100.0, hfov=68.0)
    shadows = Shadows([], [])
    coarse, *_, fine = shadows.bands(lens, shadows.sector(lens))
    assert coarse.bounds[2] == pytest.approx(56.9, abs=0.05)
    assert fine.bounds[2] == pytest.approx(5.7, abs=0.05)


def test_that_every_step_that_is_timed_is_one_of_the_audit():
    assert [name for name in stages.STEPS if not any(callable(getattr(where, name, None)) for where in stages.CHAIN)] == []


def test_that_a_line_of_growth_has_the_cost_of_the_first_size_beside_each():
    # 0.02 s for 1,000 cameras are 0.02 ms each; of two rounds the quicker one counts: 0.3 s for 10,000 are 0.03 ms.
    few = duel.Outcome("ours", [{"cpu_s": 0.02, "answers": 1_000, "index_s": 0.1, "peak_mb": 200.0}])
    many = duel.Outcome("ours", [{"cpu_s": spent, "answers": 10_000, "index_s": 1.0, "peak_mb": 400.0} for spent in (0.5, 0.3)])
    sizes = [city.Size(1_000, 1600.0, 5_000), city.Size(10_000, 5000.0, 50_000)]
    first, last = growth.lines("cameras", sizes, [few, many])
    assert (first.ours, first.rival, first.target) == (pytest.approx(0.02), pytest.approx(0.02), "")
    assert (last.ours, last.rival, last.target) == (pytest.approx(0.03), pytest.approx(0.02), "within 10 %")


def test_that_memory_is_told_by_what_it_holds():
    # A town of 1 km2 has 1,880 buildings: 1.88 MB are 1,049 bytes (2^20 / 1,000) each.
    found = {"answers": 1_024, "peak_mb": 300.0, "scene_mb": 1.88, "seen_mb": 3.0, "matrix_mb": 0.5}
    told = growth.held(city.Size(1_024, 1000.0, 5_000), duel.Outcome("ours", [found])).note
    assert "1,049 bytes a building" in told
    assert "3,072 bytes a camera" in told
    assert "512 bytes a camera" in told


def test_that_the_benchmarks_start_as_the_launcher_starts_them():
    words = [sys.executable, "-m", "tests.bench", "sight", "--only", "nothing"]
    started = subprocess.run(words, cwd=duel.ROOT, capture_output=True, text=True, check=False)
    assert (started.returncode, started.stderr.split(":")[0]) == (2, "no such job")


def test_that_the_picture_of_growth_has_a_line_for_each_of_its_three_questions(tmp_path):
    sizes = [("more cameras", "1,000 cameras, 4,800 buildings"), ("more cameras", "10,000 cameras, 47,000 buildings")]
    sizes += [("more buildings", "1,000 cameras, 10,000 buildings"), ("camera of 5 m", "1,000 cameras, 4,800 buildings")]
    rows = [row.measured(job, size, 0.03, 0.03, "ms CPU/camera", "", "the first size") for job, size in sizes]
    assert Image.open(draw_growth(rows, tmp_path / "growth.png")).size == (960, 290)


def test_that_a_floor_has_a_column_and_a_line_only_where_a_table_has_any():
    machine = {"date": "2026-12-01", "load": 1.0, "cpu": "", "cores": 2, "system": "", "python": "", "versions": {}}
    rows = [row.measured("circle, polygon", "150 m", 0.5, 2.0, "s", "", "shapely")]
    rows += [row.measured("city", "150 m", 1.0, 3.0, "s", "", "shapely")]
    assert "loor" not in report.page(rows, [], machine, "bench", "")
    least = "each wall read once"
    said = report.page([rows[0].over(0.125, least), rows[1]], [], machine, "bench", "")
    assert "| job | ours | rival | ratio | floor |" in said
    assert "| circle, polygon | 0.5 | 2 | 4 | 0.125 |" in said
    assert "| city | 1 | 3 | 3 |  |" in said
    assert said.endswith("*circle*: each wall read once.")


def test_that_the_floor_of_a_start_imports_nothing_that_the_program_does_without(tmp_path):
    # json is imported by the command itself and by none of the libraries that it names.
    words = (sys.executable, "-c", "import colorsys, wave")
    names = libraries_of(words, dict(os.environ), tmp_path)
    assert {"colorsys", "wave"} <= set(names)
    assert "numpy" not in names
    order, page = tmp_path / "order.json", tmp_path / "page.docx"
    with zipfile.ZipFile(page, "w") as packed:
        packed.writestr("word", "seen " * 1_000)
    order.write_text(json.dumps({"imports": names, "read": [str(page)], "written": [str(page)]}), "utf-8")
    words = [sys.executable, "-m", "tests.bench.floors.start", str(order)]
    done = subprocess.run(words, cwd=duel.ROOT, capture_output=True, text=True, check=True)
    whole, worked = map(float, done.stdout.split())
    assert 0.0 < worked < whole < 60.0
    with zipfile.ZipFile(tmp_path / "order.json-0") as packed:
        assert packed.read("word") == b"seen " * 1_000


def test_that_the_floor_of_a_view_reads_the_walls_before_the_camera_alone_and_writes_each_point():
    # A lens 5 m west of a house of four walls and 5 m east of another one looks 30 m east, 90 degrees wide. Squares count from
    # (71, -20), 16 m beyond the least corner: the middle of the eastern walls' square is (111, 4), in view, that of the others
    # (95, 4), behind. From there the ends of the eastern walls add up to 2 * (34 + 42 + 42 + 34) east, 2 * (16 + 16 + 24 + 24)
    # north, and their heights to 4 * 7.
    east = [(105.0, -4.0), (113.0, -4.0), (113.0, 4.0), (105.0, 4.0)]
    corner = np.array([*east, *((x - 18.0, y) for x, y in east)])
    walls = floor_of_sight.walls_by_cell(Town(100.0, corner, np.array([0, 4, 8]), np.array([7.0, 9.0]), np.zeros((0, 2))))
    eye = np.array([(100.0, 0.0, 30.0, 1.0, 0.0, np.cos(np.radians(45.0)))])
    ring, pair = np.full((3, 2), np.nan), np.empty(0, [("density", np.float32), ("camera", np.int32)])
    rest = np.array([[0, 0], [3, 0]]), walls, floor_of_sight.LEVEL, np.zeros((1, 2)), ring, pair
    assert floor_of_sight.read_and_write(eye * (11.0, 1.0, 1.0, 1.0, 1.0, 1.0), *rest) == 0.0  # a kilometre further on
    assert floor_of_sight.read_and_write(eye, *rest) == 304.0 + 160.0 + 28.0
    assert np.array_equal(ring, np.tile((100.0, 0.0), (3, 1)))
