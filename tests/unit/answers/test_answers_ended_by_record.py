"""Facts about records that alone end a view of a protected place: a short range or a mask is told with that view.

The lens shows f = 960 / tan 34 = 1,423 px at 1 m: a house at 20 m is due (71 px/m), at 10 m an error (142 px/m), and nothing
is due beyond 23 m (28 m at the corner of the picture).
"""

import json
from dataclasses import replace

import pytest
from answers_town import bare_camera, box, camera, house, layer, pack, reference_data, town
from assessment_values import assessment_json

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.ended_by_record import look_again
from lhasaplan.core.model.camera import Mount
from lhasaplan.report.facts.tables import all_tables
from lhasaplan.report.formats.gis import gis_layers
from lhasaplan.report.redaction import public_values

NEAR, FAR = house(1, -4, 10, -1, 18), house(2, 1, 20, 9, 28)  # west of the axis, an error; east of it, due
ALL, WEST, EAST = ((0.0, 360.0),), ((270.0, 0.0),), ((0.0, 90.0),)
HIDDEN = ((0.0, 0.0), (1920.0, 0.0), (1920.0, 1080.0), (0.0, 1080.0))
NONE = {"home": 0, "protected": 0, "dwelling_likely": 0, "use_unknown": 0}
NOTHING = dict.fromkeys(("range", "mask", "height", "picture", "indoor", "ground"), NONE)


def reported(*buildings, **changes):
    """Return (class, basis, by, grade) of what the record of the one camera ends, and the answers."""
    found = audit(town(*buildings, cameras=[camera(**changes)]), reference_data(pack()))
    return [(str(v.cls), v.basis, v.by, str(v.grade)) for v in found.cameras[0].ended_by_record], found


def sentences(found):
    return [(text, params) for text, params in found.notes if text.startswith(("Only the declared range", "Only declared masks"))]


def test_that_a_range_of_5_m_before_a_house_at_20_m_is_told_with_its_view():
    views, found = reported(FAR, range_m=5.0)
    assert not found.cameras[0].sightings
    assert views == [("home", "recorded", "range", "due")]
    assert found.totals["ended_by_record"] == {**NOTHING, "range": {**NONE, "home": 1}}
    ((text, params),) = sentences(found)
    assert text.startswith("Only the declared range ends")
    assert params == {"homes": 1, "protected": 0, "likely": 0, "cameras": ("c1",)}


@pytest.mark.parametrize("mask", [{"mask_sector_deg": ALL}, {"mask_px": (HIDDEN,)}], ids=["compass", "picture"])
def test_that_a_mask_of_everything_is_told(mask):
    views, found = reported(FAR, **mask)
    assert views == [("home", "recorded", "mask", "due")]
    assert found.totals["ended_by_record"] == {**NOTHING, "mask": {**NONE, "home": 1}}
    ((text, _),) = sentences(found)
    assert text.startswith("Only declared masks end")


def test_that_a_mask_that_hides_the_nearer_half_tells_the_graver_view():
    assert reported(NEAR, FAR, mask_sector_deg=WEST)[0] == [("home", "recorded", "mask", "error")]


def test_that_a_mask_that_hides_the_milder_half_ends_no_view():
    views, found = reported(NEAR, FAR, mask_sector_deg=EAST)
    assert not views
    assert not sentences(found)


def test_that_what_range_and_mask_end_only_together_is_told_of_both():
    both = [("home", "recorded", "range", "due"), ("home", "recorded", "mask", "due")]
    assert reported(FAR, range_m=5.0, mask_sector_deg=ALL)[0] == both


def test_that_a_wall_and_a_recorded_direction_are_no_word_of_a_record():
    shed = house(3, -20, 3, 20, 4, "shed", 9.0)
    assert not reported(shed, FAR, range_m=2.0)[0]
    assert not reported(FAR, range_m=5.0, azimuth=180.0)[0]


@pytest.mark.parametrize(("range_m", "looks"), [(60.0, False), (30.0, False), (19.0, True), (None, False)])
def test_that_only_a_range_short_of_the_last_due_view_is_looked_through_again(range_m, looks):
    project = town(FAR, cameras=[camera(range_m=range_m)])
    assert (look_again(make_context(project, reference_data(pack()), with_planned=False)) is not None) is looks


KIOSK = house(3, -1.5, -1.5, 1.5, 1.5, "kiosk", 3.0)


@pytest.mark.parametrize(
    ("by", "claims", "buildings"),
    [
        ("height", {"lens_z_m": -50.0}, [FAR]),
        ("height", {"mount_height_m": -50.0}, [FAR]),
        ("height", {"mount_height_m": 500.0}, [FAR]),
        ("picture", {"image_width_px": 16, "image_height_px": 9}, [FAR]),
        ("indoor", {"mount": Mount.INDOOR}, [FAR, KIOSK]),
        ("indoor", {"mount": Mount.INDOOR}, [FAR]),
    ],
)
def test_that_a_height_a_picture_or_a_place_indoors_that_alone_ends_a_view_is_told(by, claims, buildings):
    views, found = reported(*buildings, **claims)
    assert [(cls, each) for cls, _, each, _ in views] == [("home", by)]
    assert not found.cameras[0].sightings
    assert found.totals["ended_by_record"] == {**NOTHING, by: {**NONE, "home": 1}}
    assert sum(text.startswith("Only ") and "Check " in text for text, _ in found.notes) == 1


@pytest.mark.parametrize("claims", [{"mount_height_m": 0.5}, {"mount_height_m": 90.0}, {"image_width_px": 320}])
def test_that_a_height_and_a_picture_that_cameras_have_are_not_looked_through_again(claims):
    project = town(FAR, cameras=[camera(**claims)])
    assert look_again(make_context(project, reference_data(pack()), with_planned=False)) is None


def test_that_a_camera_indoors_whose_walls_hide_nothing_protected_ends_no_view():
    assert not reported(KIOSK, house(2, 1, 200, 9, 208), mount=Mount.INDOOR)[0]


def test_that_a_range_that_still_reaches_the_house_ends_nothing():
    views, found = reported(FAR, range_m=24.0)
    assert [str(each.grade) for each in found.cameras[0].sightings] == ["due"]
    assert not views


def test_that_a_possible_view_is_told_at_its_graver_end():
    cameras = [replace(bare_camera(), range_m=1.0)]
    found = audit(town(NEAR, cameras=cameras), reference_data(pack()))
    assert [(v.basis, v.by) for v in found.cameras[0].ended_by_record] == [("assumed", "range")]


def test_that_unknown_use_is_never_due_so_nothing_of_it_ends():
    assert not reported(house(1, -4, 10, 4, 18, "yes"), range_m=1.0)[0]


def test_that_nothing_is_told_of_a_drawn_place_but_in_private():
    refuge = layer("places", ("node/9", box(-4, 10, -1, 18), {"lhasaplan": "protected"}))
    found = audit(town(FAR, cameras=[camera(range_m=5.0)], places=refuge), reference_data(pack()))
    assert {str(v.cls) for v in found.cameras[0].ended_by_record} == {"home", "protected"}
    assert found.disclosed is not None
    assert {str(v.cls) for v in found.disclosed.cameras[0].ended_by_record} == {"home"}
    assert found.disclosed.totals["ended_by_record"]["range"] == {**NONE, "home": 1}


def test_that_json_lists_the_views_and_a_coarse_output_names_no_camera():
    project = town(FAR, cameras=[camera("way/77", range_m=5.0)])
    found = audit(project, reference_data(pack()))
    (row,) = assessment_json(public_values(project, found)[1])["cameras"]
    assert row["ended_by_record"] == [{"class": "home", "basis": "recorded", "by": "range", "grade": "due"}]
    coarse = json.dumps(assessment_json(public_values(project, replace(found, public_precision_deg=0.01))[1]))
    assert "way/77" not in coarse
    assert '"homes": 1, "protected": 0, "likely": 0, "cameras": ["camera-0001"]' in coarse


def test_that_of_many_cameras_the_first_20_are_named_and_the_rest_counted():
    cameras = [camera(f"c{n:02}", range_m=5.0) for n in range(23)]
    ((text, params),) = sentences(audit(town(FAR, cameras=cameras), reference_data(pack())))
    assert text.endswith("{cameras} and {more} more.")
    assert (len(params["cameras"]), params["more"], params["homes"]) == (20, 3, 23)


@pytest.mark.parametrize("east_m", [-150_000.0, -90_000.0, -30_000.0, 30_000.0, 90_000.0, 150_000.0])
def test_that_a_mask_of_the_whole_circle_is_whole_wherever_grid_north_leans(east_m):
    away = camera(x=east_m, mask_sector_deg=ALL)
    found = audit(town(house(1, east_m - 9, 20, east_m + 9, 28), cameras=[away]), reference_data(pack()))
    assert not found.cameras[0].sightings
    assert [(v.by, str(v.grade)) for v in found.cameras[0].ended_by_record] == [("mask", "due")]


def columns_of(found):
    """The three columns of the cameras in the workbook, and of the GeoPackage's layer of cameras."""
    names = ("ended_by_range", "ended_by_mask", "ended_grade")
    table = next(table for table in all_tables(found, Translations()) if table.name == "cameras")
    layer = next(layer for layer in gis_layers(found, Translations()) if layer.name == "cameras")
    return [table.column(name)[0] for name in names], [layer.rows[0][name] for name in names]


def test_that_workbook_and_geopackage_name_the_class_that_a_range_ends():
    assert columns_of(reported(FAR, range_m=5.0)[1]) == ([("home",), (), "due"], ["home", "", "due"])


def test_that_workbook_and_geopackage_name_the_class_that_a_mask_ends():
    assert columns_of(reported(NEAR, mask_sector_deg=ALL)[1]) == ([(), ("home",), "error"], ["", "home", "error"])


def test_that_a_record_that_ends_no_view_has_empty_columns():
    assert columns_of(reported(FAR)[1]) == ([(), (), ""], ["", "", ""])
