import numpy as np
import pytest
import shapely
from bench.accuracy.finding import Finding, not_offered, spread
from bench.accuracy.lines import Hills, Walls, in_picture
from bench.rivals.planar_walls import neighbourhoods
from bench.rivals.plane_rings import load_rings, save_rings
from bench.rivals.shadows import Lens
from bench.table import FINDING_HEADINGS, finding_cells
from bench.workload import Lenses


def lens_at(z, reach=60.0):
    """A level pinhole of 90 degrees that looks east from the origin; nothing is masked."""
    columns = ([0.0], [0.0], [z], [90.0], [0.0], [90.0], [90.0], [reach], [[np.nan] * 2], [[np.nan] * 4])
    return Lens(Lenses(*map(np.array, columns)), 0)


def test_that_a_line_is_cut_where_it_meets_a_wall_below_its_top():
    # Lens 4.5 m, targets 1.5 m, roof 3 m, its far wall at 12 m: hidden up to 24 m.
    walls = Walls(np.array([shapely.box(10.0, -20.0, 12.0, 20.0)]), np.array([3.0]))
    xy = np.array(((9.0, 0.0), (13.0, 0.0), (23.9, 0.0), (24.1, 0.0)))
    assert walls.hide(lens_at(4.5), xy, np.full(4, 1.5)).tolist() == [False, True, True, False]


def test_that_a_crest_hides_what_lies_behind_it():
    # A ridge of 5 m in the cell that is centred 20.5 m east; lens 4.5 m.
    height = np.zeros((40, 60))
    height[:, 20] = 5.0
    hills = Hills(height, np.array((0.0, 20.0, 1.0)))
    assert hills.at(np.array([20.5, 21.0]), np.array([0.0, 0.0])) == pytest.approx([5.0, 2.5])
    xy = np.array(((15.0, 0.0), (30.0, 0.0)))
    assert hills.hide(lens_at(4.5), xy, np.full(2, 1.5)).tolist() == [False, True]


def test_that_a_picture_ends_at_range_width_and_blind_zone():
    xy = np.array(((50.0, 0.0), (61.0, 0.0), (10.0, 11.0), (1.0, 0.0)))
    assert in_picture(lens_at(4.5), xy, np.full(4, 1.5)).tolist() == [True, False, False, False]


def test_that_tools_of_the_plane_get_joined_holes_inside_a_box(tmp_path):
    houses = np.array([shapely.box(5, 0, 10, 5), shapely.box(10, 0, 15, 5), shapely.box(400, 0, 410, 5)])
    save_rings(tmp_path / "rings.npz", neighbourhoods(houses, [0.0], [0.0], 20.0))
    box, *holes = load_rings(tmp_path / "rings.npz")[0]
    assert len(holes) == 1
    assert shapely.Polygon(box).contains(shapely.Polygon(holes[0]))
    assert shapely.Polygon(holes[0]).area == pytest.approx(50.0, rel=0.01)


@pytest.mark.parametrize("finding", [Finding("a", "b", {"IoU": 0.9999}, "c", True), not_offered("a", "no terrain")])
def test_that_a_finding_fills_every_heading(finding):
    assert len(finding_cells(finding)) == len(FINDING_HEADINGS)
    assert set(finding.as_json()) == {"what", "size", "figures", "asked", "is_met", "note", "worst", "status"}


def test_that_a_spread_tells_least_and_middle():
    assert spread(np.array([0.5, 1.0, 1.0])) == pytest.approx({"min": 0.5, "p5": 0.55, "median": 1.0})
