"""Tables that are read row by row and never guessed: cameras as they were approved, and signs."""

import pytest

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.model.camera import Status
from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file


def read(tmp_path, text, kind, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return read_file(path, kind, project_crs="EPSG:32635")


def test_that_a_baseline_is_cameras_with_the_date_of_their_approval(tmp_path):
    text = "camera_id;lon;lat;azimuth_deg;status;Date d'autorisation\nc1;24,94;60,17;90;autorisée;2025-03-01\n"
    found = read(tmp_path, text, "baseline")
    (one,) = found.baseline
    assert (one.camera_id, one.azimuth_deg, one.status, one.approved_on) == ("c1", 90.0, Status.OPERATING, "2025-03-01")
    assert (found.cameras, found.record.kind, found.record.features) == ((), "baseline", 1)
    assert (one.x_m, one.y_m) == pytest.approx(tuple(map(float, Crs("EPSG:32635").to_xy(24.94, 60.17))), abs=0.01)


def test_that_a_camera_may_have_several_versions_but_not_two_of_one_date(tmp_path):
    rows = "c1;24.94;60.17;2024-01-01\nc1;24.94;60.17;2025-01-01\n"
    assert len(read(tmp_path, f"id;lon;lat;approved on\n{rows}", "baseline").baseline) == 2
    with pytest.raises(InputError, match="the id c1 is already used in row 2"):
        read(tmp_path, f"id;lon;lat;approved on\n{rows}c1;24.94;60.17;2024-01-01\n", "baseline")


def test_that_all_faults_of_a_baseline_are_told_at_once(tmp_path):
    with pytest.raises(InputError) as caught:
        read(tmp_path, "id;lon;lat;azimuth;approved on\nc1;24.94;60.17;x;2025-01-01\nc2;24.94;60.17;90;\n", "baseline")
    assert [(fault.where.row, fault.where.column) for fault in caught.value.faults] == [(2, "azimuth"), (3, "approved on")]


def test_that_a_baseline_without_dates_is_refused(tmp_path):
    with pytest.raises(InputError, match="approved_on"):
        read(tmp_path, "id;lon;lat\nc1;24.94;60.17\n", "baseline")


def test_that_a_withdrawn_approval_is_read_as_removed(tmp_path):
    text = "id;lon;lat;status;approved on\nc1;24.94;60.17;widerrufen;2025-01-01\n"
    assert read(tmp_path, text, "baseline").baseline[0].status is Status.REMOVED


def test_that_signs_are_points_with_what_stands_on_them(tmp_path):
    text = "Schild-ID;lon;lat;Hinweistext;Piktogramm;Kameras;Datum;sonst\n"
    text += "S1;24.94;60.17;ja;nein;c1, c2;2026-01-05;x\n;24.95;60.17;;;;;\n"
    (layer,) = read(tmp_path, text, "signs").layers
    (known, own), again = layer.ids, read(tmp_path, "lon;lat;Hinweistext\n24.95;60.17;\n", "signs").layers[0].ids
    assert (layer.name, known, [own]) == ("signs", "S1", list(again))  # without an id it is called by where it stands
    assert layer.tags == ({"text": "yes", "pictogram": "no", "camera_ids": "c1;c2", "date": "2026-01-05"}, {})


def test_that_all_faults_of_a_table_of_signs_are_told_at_once(tmp_path):
    text = "sign_id;lon;lat;text\nS1;24.94;60.17;perhaps\nS1;24.94;60.17;yes\nS2;east;60.17;yes\n"
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, "signs")
    assert [fault.where.row for fault in caught.value.faults] == [2, 3, 4]


@pytest.mark.parametrize("kind", ["baseline", "signs"])
def test_that_map_extracts_are_no_such_table(tmp_path, kind):
    with pytest.raises(InputError, match="cannot be read from a file of this kind"):
        read(tmp_path, '<osm version="0.6"/>', kind, "town.osm")


@pytest.mark.parametrize(("heading", "kind"), [("sign_id", "signs"), ("Pictogram", "signs"), ("approved on", "baseline")])
def test_that_a_table_of_signs_or_approvals_is_not_taken_for_cameras_unless_that_is_said(tmp_path, heading, kind):
    text = f"{heading};lon;lat\n2025-01-01;24.94;60.17\n"
    with pytest.raises(InputError, match=rf"{heading} is one of a table of {kind}; say what the file holds \(.*--as\): {kind}"):
        read(tmp_path, text, None)
    assert len(read(tmp_path, text, "cameras").cameras) == 1


def test_that_points_of_a_vector_file_may_be_signs(tmp_path):
    text = (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"sign_id": "S7", "text": "yes"}, '
        '"geometry": {"type": "Point", "coordinates": [24.94, 60.17]}}]}'
    )
    (layer,) = read(tmp_path, text, "signs", "points.geojson").layers
    assert (list(layer.ids), layer.tags) == (["S7"], ({"text": "yes"},))


@pytest.mark.parametrize("kind", ["baseline", "signs"])
def test_that_a_table_with_headings_alone_is_refused_in_words(tmp_path, kind):
    with pytest.raises(InputError, match="nothing in this file"):
        read(tmp_path, "id,sign_id,lon,lat,approved_on\n", kind)


def feature(geometry):
    head = '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": '
    return head + geometry + "}]}"


@pytest.mark.parametrize("kind", ["baseline", "signs"])
@pytest.mark.parametrize("geometry", ["null", '{"type": "LineString", "coordinates": [[24.94, 60.17], [24.95, 60.17]]}'])
def test_that_a_row_without_a_point_is_named(tmp_path, kind, geometry):
    with pytest.raises(InputError, match="feature 1: each row of this table stands at a point"):
        read(tmp_path, feature(geometry), kind, "points.geojson")


def test_that_a_point_is_no_wall_of_a_floor_plan(tmp_path):
    with pytest.raises(InputError, match="nothing in this file"):
        read(tmp_path, feature('{"type": "Point", "coordinates": [24.94, 60.17]}'), "floor_walls", "plan.geojson")
