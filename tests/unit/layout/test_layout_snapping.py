"""Cameras drawn by hand snap to poles, crossings, walls, kerbs and roofs, and hang there as high as there is room."""

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Point, box

from lhasaplan.core.model.camera import Camera, Kind, Mount
from lhasaplan.core.model.layer import Buildings, Layer
from lhasaplan.core.sight.obstacles.building_index import stand_on
from lhasaplan.core.sight.obstacles.relief import level_relief, make_relief
from lhasaplan.core.site.snapping import SnapKind, hung, make_snap_targets, snap
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_camera_classes, load_snap_rules

USUAL = load_camera_classes()[Kind.FIXED]
RULES = load_snap_rules()


def layer(name, *features):
    shapes = np.empty(len(features), object)
    shapes[:] = [shape for shape, _ in features]
    return Layer(
        name, np.array([f"{name}/{k}" for k in range(len(features))], object), shapes, tuple(tags for _, tags in features)
    )


def buildings(*prisms):
    shapes = np.empty(len(prisms), object)
    shapes[:] = [shape for shape, _, _ in prisms]
    base, top = (np.array([prism[k] for prism in prisms], float) for k in (1, 2))
    ids = np.array([f"b{k}" for k in range(len(prisms))], object)
    return Buildings(ids, shapes, base, top, np.full(len(prisms), "height", object), ({},) * len(prisms))


# A street along y = 40 whose carriageway is 6 m wide, so that a pole stands at y = 36.5 or 43.5; a house of 9 m north of it.
STREET = layer("roads", (LineString([(0, 40), (100, 40)]), {"highway": "residential", "name": "High Street"}))
HOUSES = buildings((box(0, 60, 40, 80), 0.0, 9.0), (box(40, 60, 60, 80), 0.0, 5.0), (box(70, 60, 90, 80), 4.0, 7.0))


def targets(*points, relief=None, built=HOUSES, roads=STREET):
    layers = {"roads": roads, "places": layer("places", *points)}
    ground = relief or level_relief()
    return make_snap_targets(stand_on(built, ground), built.base_m > 0, ground, layers, RULES)


def test_that_in_the_open_nothing_is_snapped():
    assert snap(targets(), 50.0, 50.0, 2.0) is None


def test_that_a_pole_stands_half_a_metre_behind_the_kerb_on_the_side_of_the_pointer():
    north, south = snap(targets(), 50.0, 44.6, 2.0), snap(targets(), 50.0, 35.0, 2.0)
    assert (north.kind, north.x_m, north.y_m) == (SnapKind.KERB, 50.0, pytest.approx(43.5))
    assert south.y_m == pytest.approx(36.5)


def test_that_a_pointer_on_the_carriageway_snaps_to_the_nearer_kerb():
    assert snap(targets(), 50.0, 41.6, 2.0).y_m == pytest.approx(43.5)
    assert snap(targets(), 50.0, 40.0, 2.0) is None  # 3.5 m from either


def test_that_where_two_streets_meet_no_kerb_crosses_the_way():
    cross = (LineString([(50, 40), (50, 0)]), {"highway": "residential"})
    roads = layer("roads", (LineString([(0, 40), (50, 40)]), {"highway": "residential"}), cross,
                  (LineString([(50, 40), (100, 40)]), {"highway": "residential"}))  # fmt: skip
    assert snap(targets(roads=roads), 50.0, 38.0, 2.0) is None
    corner = snap(targets(roads=roads), 54.0, 36.0, 2.0)
    assert (corner.x_m, corner.y_m) == (pytest.approx(53.5, abs=0.51), pytest.approx(36.5, abs=0.51))


def test_that_a_footpath_has_no_kerb():
    assert (
        snap(targets(roads=layer("roads", (LineString([(0, 40), (100, 40)]), {"highway": "footway"}))), 50.0, 41.0, 2.0) is None
    )


def test_that_a_lamp_goes_before_the_kerb_that_it_stands_at():
    lamp = (Point(50.0, 44.0), {"highway": "street_lamp"})
    found = snap(targets(lamp), 51.0, 43.6, 2.0)
    assert (found.kind, found.x_m, found.y_m) == (SnapKind.POLE, 50.0, 44.0)


def test_that_a_camera_that_hangs_already_makes_its_pole_one_to_snap_to():
    found = snap(targets(), 20.5, 50.0, 2.0, more_poles=[(20.0, 50.0)])
    assert (found.kind, found.x_m, found.y_m) == (SnapKind.POLE, 20.0, 50.0)


def test_that_a_crossing_has_a_place_behind_either_kerb():
    crossing = (Point(30.0, 40.2), {"highway": "crossing"})
    north, south = (snap(targets(crossing), 31.0, y, 2.0) for y in (43.0, 37.0))
    assert {north.kind, south.kind} == {SnapKind.CROSSING}
    assert (north.x_m, north.y_m) == (pytest.approx(30.0), pytest.approx(43.5))
    assert (south.x_m, south.y_m) == (pytest.approx(30.0), pytest.approx(36.5))


def test_that_crossings_of_several_streets_each_have_the_places_that_they_have_alone():
    bent = LineString([(60.0, 0.0), (60.0, 30.0), (90.0, 30.0)]), {"highway": "residential"}
    streets = layer("roads", (STREET.geometry[0], STREET.tags[0]), bent)
    spots = [(30.0, 40.2), (59.5, 10.0), (12.0, 39.1), (30.0, 70.0), (75.0, 31.0)]
    several = [(Point(x, y), {"highway": "crossing"}) for x, y in spots]
    found = targets(*several, roads=streets).crossings
    beside = [
        [(30.0, 43.5), (30.0, 36.5)],
        [(56.5, 10.0), (63.5, 10.0)],
        [(12.0, 43.5), (12.0, 36.5)],
        [(75.0, 33.5), (75.0, 26.5)],
    ]
    assert found == pytest.approx(np.concatenate(beside)), "left of each street before right; the fourth has no street near"
    np.testing.assert_array_equal(found, np.concatenate([targets(each, roads=streets).crossings for each in several]))


def test_that_a_crossing_far_from_any_street_is_none():
    crossing = (Point(30.0, 50.0), {"highway": "crossing"})
    assert snap(targets(crossing), 30.0, 50.5, 2.0) is None


def test_that_a_wall_is_snapped_to_from_outside_and_from_inside_and_looks_outward():
    outside, inside = snap(targets(), 20.0, 58.5, 2.0), snap(targets(), 20.0, 61.5, 2.0)
    for found in (outside, inside):
        assert (found.kind, found.x_m, found.y_m) == (SnapKind.FACADE, 20.0, pytest.approx(59.95))
        assert (found.outward_deg, found.roof_m) == (pytest.approx(180.0), 9.0)


def test_that_no_camera_hangs_on_a_wall_between_two_houses():
    between = snap(targets(), 40.0, 70.0, 2.0)  # on the party wall: what is meant is the roof
    assert (between.kind, between.roof_m) == (SnapKind.ROOF, 9.0)


def test_that_a_roof_over_the_ground_has_no_wall_but_a_roof():
    assert snap(targets(), 80.0, 58.5, 2.0) is None
    assert snap(targets(), 80.0, 61.0, 2.0).kind is SnapKind.ROOF


def test_that_well_inside_a_footprint_the_roof_is_meant():
    found = snap(targets(), 20.0, 70.0, 2.0)
    assert (found.kind, found.x_m, found.y_m, found.roof_m) == (SnapKind.ROOF, 20.0, 70.0, 9.0)


def test_that_on_a_slope_a_roof_is_so_high_above_the_ground_before_its_wall():
    # The ground falls by a tenth to the south: at y = 70, the middle of the house, it is 7 m, at y = 60 it is 6 m.
    rows = np.array([[12.0, 12.0], [2.0, 2.0]])  # cell centres at y = 120 and y = 20
    slope = make_relief(rows, -50.0, 170.0, 100.0)
    found = snap(targets(relief=slope, built=buildings((box(0, 60, 40, 80), 0.0, 9.0))), 20.0, 58.5, 2.0)
    assert found.roof_m == pytest.approx(7.0 + 9.0 - 6.0, abs=0.02)


# What hangs there


def test_that_on_a_wall_a_camera_keeps_its_height_below_the_eaves():
    wall = snap(targets(), 20.0, 58.5, 2.0)
    low, high = (hung(Camera("K", 0.0, 0.0, mount_height_m=height), wall, USUAL) for height in (4.0, 12.0))
    assert (low.mount, low.mount_height_m, low.y_m) == (Mount.WALL, 4.0, pytest.approx(59.95))
    assert high.mount_height_m == 8.8  # 0.2 m below the eaves


def test_that_on_a_roof_a_camera_stands_a_metre_above_it_and_comes_down_again():
    roof = snap(targets(), 20.0, 70.0, 2.0)
    above = hung(Camera("K", 0.0, 0.0, mount_height_m=4.0, lens_z_m=31.0), roof, USUAL)
    assert (above.mount, above.mount_height_m, above.lens_z_m) == (Mount.ROOF, 10.0, None)
    down = hung(above, snap(targets(), 50.0, 44.0, 2.0), USUAL)
    assert (down.mount, down.mount_height_m) == (Mount.POLE, USUAL.mount_height_m.typical)


def test_that_a_height_that_is_not_recorded_is_the_usual_one():
    assert hung(Camera("K", 0.0, 0.0), snap(targets(), 50.0, 44.0, 2.0), USUAL).mount_height_m == 4.5


def test_that_a_camera_hung_so_is_where_the_audit_has_it():
    from lhasaplan.core.site.mounting import mount_camera

    tree = shapely.STRtree(HOUSES.polygons)
    for at in ((20.0, 58.5), (20.0, 70.0), (50.0, 44.0)):
        camera = hung(Camera("K", 0.0, 0.0, mount_height_m=4.0), snap(targets(), *at, 2.0), USUAL)
        where = mount_camera(camera, USUAL, HOUSES, tree)
        assert (where.x_m, where.y_m, where.mount, where.moved_m) == (camera.x_m, camera.y_m, camera.mount, 0.0)
        assert where.lens_z_m.typical == camera.mount_height_m


def test_that_every_wrong_key_of_the_file_is_named_at_once(tmp_path):
    path = tmp_path / "snapping.toml"
    path.write_text('kerb_m = -1\ncrossing_reach_m = 3.0\ncrossing = 2\n[poles]\nhighway = "lamp"\n[crossings]\n')
    with pytest.raises(InputError) as refused:
        load_snap_rules(path)
    assert all(key in str(refused.value) for key in ("kerb_m", "crossing", "poles.highway"))


def test_that_a_lamp_of_the_layer_of_poles_is_one_to_snap_to():
    lamps = layer("poles", (Point(50.0, 50.0), {"highway": "street_lamp"}))
    found = make_snap_targets(HOUSES, HOUSES.base_m > 0, level_relief(), {"poles": lamps}, RULES)
    assert snap(found, 50.5, 50.5, 2.0).kind is SnapKind.POLE


def test_that_every_tag_that_the_layer_of_poles_takes_is_a_pole_to_snap_to():
    from lhasaplan.core.rules.audit_policy import has_any
    from lhasaplan.io.content.layer_spec import load_layer_specs

    taken = [("highway", "street_lamp"), ("man_made", "utility_pole"), ("man_made", "flagpole"), ("power", "pole")]
    specs = load_layer_specs()
    assert {specs.claim({key: value}, "point").name for key, value in taken} == {"poles"}
    assert all(has_any({key: value}, RULES.poles) for key, value in taken)


def test_that_a_lamp_with_the_tags_of_a_protected_place_is_a_place():
    from lhasaplan.io.content.layer_spec import load_layer_specs

    assert load_layer_specs().claim({"highway": "street_lamp", "amenity": "place_of_worship"}, "point").name == "places"
