"""Facts about where a file lies: swapped degrees, another country, a grid that does not measure there, the 180th meridian."""

import pytest

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.crs import choose_crs, length_error
from lhasaplan.core.project.project import Project
from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file
from lhasaplan.ports import NamedPoint
from lhasaplan.workflow.place_checks import APART, AT_SEA, ELSEWHERE, SWAPPED, WRONG_LENGTHS


def table(tmp_path, *spots, name="cameras.csv"):
    path = tmp_path / name
    rows = (f"{name}-{number},{lon},{lat}" for number, (lon, lat) in enumerate(spots))
    path.write_text("id,lon,lat\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def take(path, project=None, **options):
    return workflow.import_file(open_services(), project or Project(packs=("eu-gdpr", "municipal-safety")), path, **options)


def sentences(path, project=None, **options):
    return [remark.template for remark in take(path, project, **options)[1].remarks]


@pytest.mark.parametrize(
    ("spot", "expected"),
    [
        ((24.94, 60.17), []),  # Helsinki
        ((48.85, 2.35), [SWAPPED]),  # Paris swapped, in the sea off Somalia
        ((48.21, 16.37), [SWAPPED]),  # Vienna swapped, in Yemen
        ((-23.55, -46.63), [AT_SEA]),  # São Paulo swapped
        ((-46.63, -23.55), [ELSEWHERE]),  # and as it is
    ],
)
def test_that_the_first_file_tells_where_it_lies(tmp_path, spot, expected):
    path = table(tmp_path, spot)
    assert sentences(path, crs="EPSG:4326") == expected  # whoever names the system knows the place
    if {*expected} & {SWAPPED, AT_SEA}:
        with pytest.raises(InputError, match="Are longitude and latitude swapped"):
            take(path)
    else:
        assert sentences(path) == expected


def test_that_a_pack_without_a_territory_still_doubts_a_place_at_sea(tmp_path):
    project = Project(packs=("municipal-safety",))
    assert sentences(table(tmp_path, (60.17, 24.94)), project, crs="EPSG:4326") == [AT_SEA]
    assert sentences(table(tmp_path, (-46.63, -23.55)), project) == []


def test_that_a_latitude_beyond_the_pole_is_not_asked_for(tmp_path):
    assert sentences(table(tmp_path, (-118.24, 34.05))) == [ELSEWHERE]


def test_that_a_grid_of_another_part_of_the_world_is_told_with_a_better_one(tmp_path):
    remarks = take(table(tmp_path, (24.94, 60.17)), crs="EPSG:32631")[1].remarks
    assert [(remark.template, remark.params["better"]) for remark in remarks] == [(WRONG_LENGTHS, "EPSG:32635")]


def test_that_the_length_error_of_a_zone_is_that_of_a_transverse_mercator_map():
    """In the middle 0.9996; away from it 1 / cos of the angle between, to the third order: 3 degrees at the equator."""
    assert length_error("EPSG:32635", 27.0, 60.17) == pytest.approx(0.0004, abs=1e-6)
    assert length_error("EPSG:32635", 30.0, 0.0) == pytest.approx(0.9996 * 1.001382 - 1.0, abs=2e-5)
    assert length_error("EPSG:32635", 120.0, 0.0) > 1.0


def test_that_a_file_far_from_the_rest_is_told(tmp_path):
    project, _ = take(table(tmp_path, (24.94, 60.17)))
    assert sentences(table(tmp_path, (24.95, 60.18), name="near.csv"), project) == []
    assert sentences(table(tmp_path, (23.76, 61.50), name="tampere.csv"), project) == [APART]


def test_that_data_on_both_sides_of_the_180th_meridian_get_the_zone_beside_it(tmp_path):
    """The median of -179.99 and 179.98 is in Africa; the cameras stand three hundredths of a degree apart: 3.2 km."""
    imported = read_file(table(tmp_path, (179.98, -16.8), (-179.99, -16.8)))
    assert imported.crs in {"EPSG:32760", "EPSG:32701"}
    first, second = imported.cameras
    assert second.x_m - first.x_m == pytest.approx(3196, abs=5)


def test_that_a_shape_across_the_180th_meridian_is_no_girdle_of_the_world(tmp_path):
    ring = [[179.999, -16.8], [-179.999, -16.8], [-179.999, -16.801], [179.999, -16.801], [179.999, -16.8]]
    path = tmp_path / "buildings.geojson"
    path.write_text(f'{{"type": "Polygon", "coordinates": [{ring}]}}', encoding="utf-8")
    imported = read_file(path)
    assert imported.crs in {"EPSG:32760", "EPSG:32701"}
    assert imported.layers[0].geometry[0].area == pytest.approx(213 * 110.7, rel=0.01)


def test_that_the_middle_of_one_side_is_the_plain_median():
    assert choose_crs([24.0, 24.5, 170.0], [60.0, 60.0, 60.0]) == "EPSG:32635"


def test_that_a_spot_or_points_with_latitude_first_are_refused_and_not_called_unseen(tmp_path):
    project, _ = take(table(tmp_path, (24.94, 60.17)))
    near, swapped = NamedPoint("a", 24.9401, 60.1701, geographic=True), NamedPoint("b", 60.17, 24.94, geographic=True)
    witnesses, is_inside = workflow.who_sees_spot(open_services(), project, 24.9401, 60.1701)
    assert ([witness.camera_id for witness in witnesses], is_inside) == (["cameras.csv-0"], False)
    with pytest.raises(InputError, match="Write the longitude first"):
        workflow.who_sees_spot(open_services(), project, 60.17, 24.94)
    with pytest.raises(InputError, match="Are longitude and latitude swapped"):
        workflow.sight(open_services(), project, [swapped])
    assert {pair.point_id for pair in workflow.sight(open_services(), project, [near, swapped])} == {"a"}
