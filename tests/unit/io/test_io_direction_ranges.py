"""Directions that a source writes as a range: OpenStreetMap's sides of the picture, and the limits of a bearing."""

import pytest
from osm_files import Node, write

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.model.camera import DIRECTION_RANGE, Camera, Correction, is_reading_open
from lhasaplan.core.site.camera_placing import make_town, place_in
from lhasaplan.io.content.policy_files import load_camera_classes
from lhasaplan.io.importing.importer import read_file

CRS = Crs("EPSG:32635")


def tagged(tmp_path, **tags):
    tags = {key.replace("__", ":"): value for key, value in tags.items()}
    node = Node(id=5, location=(24.94, 60.17), tags={"man_made": "surveillance", **tags})
    return read_file(write(tmp_path / "c.osm.pbf", [node]))


def of_table(tmp_path, text):
    path = tmp_path / "cameras.csv"
    path.write_text(text, encoding="utf-8")
    return read_file(path).cameras


@pytest.mark.parametrize(
    ("text", "azimuth_deg", "hfov_deg"), [("239-284", 261.5, 45.0), ("350–30", 10.0, 40.0), ("NW - 330", 322.5, 15.0)]
)
def test_that_a_range_is_what_the_picture_shows_from_side_to_side(tmp_path, text, azimuth_deg, hfov_deg):
    imported = tagged(tmp_path, direction=text)
    (camera,) = imported.cameras
    assert (camera.azimuth_deg, camera.hfov_deg) == (azimuth_deg, hfov_deg)
    assert camera.extra[DIRECTION_RANGE]
    assert not [each for each in imported.remarks if "could not be read" in each.template]


def test_that_of_several_directions_each_is_read_as_it_stands(tmp_path):
    first, second = tagged(tmp_path, camera__direction="N;90-120").cameras
    assert (first.azimuth_deg, first.hfov_deg, second.azimuth_deg, second.hfov_deg) == (0.0, None, 105.0, 30.0)
    assert DIRECTION_RANGE not in first.extra


def test_that_a_range_too_wide_for_a_lens_keeps_the_limits_of_an_unknown_direction(tmp_path):
    (camera,) = tagged(tmp_path, direction="90-270").cameras
    assert (camera.azimuth_deg, camera.hfov_deg, camera.extra[DIRECTION_RANGE]) == (None, None, "90-270")


def test_that_a_compass_point_with_a_hyphen_is_no_range(tmp_path):
    (camera,) = tagged(tmp_path, direction="north-east").cameras
    assert (camera.azimuth_deg, camera.hfov_deg) == (45.0, None)


def test_that_a_table_says_the_same_and_an_angle_of_its_own_makes_the_range_one_of_bearings(tmp_path):
    head = "camera_id,lon,lat,azimuth_deg,hfov_deg\n"
    alone, same, other = of_table(tmp_path, f"{head}A,24.94,60.17,239-284,\nB,24.95,60.17,239-284,45\nC,24.96,60.17,239-284,90\n")
    assert [(each.azimuth_deg, each.hfov_deg) for each in (alone, same, other)] == [(261.5, 45.0), (261.5, 45.0), (None, 90.0)]
    assert {each.extra[DIRECTION_RANGE] for each in (alone, same, other)} == {"239-284"}


def placed(town_of_boxes, camera):
    (found,) = place_in(make_town(town_of_boxes, CRS), [camera], load_camera_classes())
    return found


@pytest.fixture
def no_houses():
    import numpy as np

    from lhasaplan.core.model.layer import Buildings

    none = np.empty(0, object)
    return Buildings(none, none, np.empty(0), np.empty(0), none, ())


FULL = {"image_width_px": 1920, "tilt_deg": 10.0, "mount_height_m": 4.0}


def test_that_the_controller_is_asked_which_it_is_until_somebody_has_said_so(no_houses):
    camera = Camera("c", 5e5, 6.67e6, azimuth_deg=261.5, hfov_deg=45.0, extra={DIRECTION_RANGE: "239-284"}, **FULL)
    found = placed(no_houses, camera)
    assert "direction_range" in found.assumed
    assert not found.certain
    assert found.views[0].swing_deg == 0.0
    said = Camera("c", 5e5, 6.67e6, azimuth_deg=261.5, hfov_deg=45.0, extra={DIRECTION_RANGE: "239-284"},
                  corrections=(Correction("hfov_deg", "45", "data sheet", "2026-01-01"),), **FULL)  # fmt: skip
    assert is_reading_open(camera)
    assert not is_reading_open(said)
    assert placed(no_houses, said).certain


def test_that_an_unknown_direction_turns_within_its_limits_only(no_houses):
    camera = Camera("c", 5e5, 6.67e6, hfov_deg=90.0, extra={DIRECTION_RANGE: "239-284"}, **FULL)
    (view,) = placed(no_houses, camera).views
    assert view.swing_deg == 22.5
    assert view.azimuth_deg == pytest.approx(261.5 - float(CRS.convergence_deg(5e5, 6.67e6)), abs=1e-6)
