"""Facts about tables as offices keep them: feet, grouped digits, blanks in words, several sheets, one column of positions."""

import openpyxl
import pytest

from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.parse.cell_values import arc_deg
from lhasaplan.io.tables.filled_table import read_points


def table(tmp_path, text, **options):
    path = tmp_path / "cameras.csv"
    path.write_text(text, encoding="utf-8")
    return read_file(path, **options)


def book(tmp_path, **sheets):
    """Return a workbook with these sheets of rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(tmp_path / "cameras.xlsx")
    return tmp_path / "cameras.xlsx"


def templates(imported):
    return [remark.template for remark in imported.remarks]


@pytest.mark.parametrize("heading", ["Mount height (ft)", "mount_height_ft", "HEIGHT [feet]", "Height (ft)", "height_ft"])
def test_that_feet_in_a_heading_become_metres_and_are_told(tmp_path, heading):
    imported = table(tmp_path, f"id,lon,lat,{heading}\n1,-74.006,40.7128,15\n2,-74.007,40.7128,10 m\n")
    assert [camera.mount_height_m for camera in imported.cameras] == [pytest.approx(15 * 0.3048), 10.0]
    assert [(remark.params["column"], remark.params["other"][:1]) for remark in imported.remarks] == [(heading, "f")]


def test_that_a_unit_behind_the_number_counts(tmp_path):
    text = "id,lon,lat,mount_height_m,sensor_width_mm,tilt_deg\n1,24.94,60.17,15 ft,0.64 cm,0.5 rad\n"
    (camera,) = table(tmp_path, text).cameras
    assert camera.mount_height_m == pytest.approx(4.572)
    assert camera.sensor_width_mm == pytest.approx(6.4)
    assert camera.tilt_deg == pytest.approx(28.6479, abs=1e-4)


def test_that_feet_in_the_heading_of_points_become_metres(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("point_id,lon,lat,height (ft)\na,24.94,60.17,10\n", encoding="utf-8")
    assert read_points(path)[0][0].height_m == pytest.approx(3.048)


def test_that_signs_between_thousands_are_read_where_they_are_clear(tmp_path):
    text = "Nr.;Rechtswert;Hochwert\n1;356.789,12;5.645.678,5\n2;356 790;5'645'679\n"
    imported = table(tmp_path, text, crs="EPSG:25832")
    assert [(camera.x_m, camera.y_m) for camera in imported.cameras] == [(356789.12, 5645678.5), (356790.0, 5645679.0)]


def test_that_words_for_not_known_leave_a_value_unknown(tmp_path):
    text = "id,lon,lat,azimuth,mount_height_m,owner\n1,24.94,60.17,n/a,-,?\n2,24.95,60.17,90,unbekannt,City\n"
    cameras = table(tmp_path, text).cameras
    assert [(camera.azimuth_deg, camera.mount_height_m, camera.owner) for camera in cameras] == [
        (None, None, "?"),
        (90.0, None, "City"),
    ]


def test_that_degrees_minutes_and_seconds_are_degrees(tmp_path):
    text = "id;lat;lon\n1;48°51'36\"N;2°21'0\"E\n2;48.86 N;2.35\n"
    first, second = table(tmp_path, text).cameras
    assert (first.x_m, first.y_m) == pytest.approx((second.x_m, second.y_m))
    assert [arc_deg(each) for each in ("74.25 W", "33°30' S", "33°61'")] == [-74.25, -33.5, None]


@pytest.mark.parametrize(
    ("heading", "cells"), [("geo_point_2d", "48.85, 2.35"), ("location", "(48.85, 2.35)"), ("GPS", "48,85; 2,35")]
)
def test_that_one_column_may_hold_latitude_and_longitude(tmp_path, heading, cells):
    imported = table(tmp_path, f'id,{heading},azimuth\n1,"{cells}",90\n')
    plain = table(tmp_path, "id,lon,lat,azimuth\n1,2.35,48.85,90\n")
    assert (imported.cameras[0].x_m, imported.cameras[0].y_m) == (plain.cameras[0].x_m, plain.cameras[0].y_m)
    assert any("latitude and longitude" in template for template in templates(imported))


def test_that_two_whole_numbers_in_one_cell_are_no_position(tmp_path):
    with pytest.raises(InputError, match="no columns for the position"):
        table(tmp_path, 'id,size\n1,"4, 3"\n')


def test_that_a_quotation_mark_that_is_never_closed_is_refused_with_its_row(tmp_path):
    with pytest.raises(InputError) as caught:
        table(tmp_path, 'id,lon,lat,name\n1,2,48,plain\n2,2,48,"open\n3,2,48,lost\n')
    assert [fault.where.row for fault in caught.value.faults] == [3]


def test_that_the_line_in_which_excel_names_the_separator_is_no_heading(tmp_path):
    assert len(table(tmp_path, "sep=;\nid;lon;lat\n1;24,94;60,17\n").cameras) == 1


def test_that_a_sheet_of_notes_is_passed_over_and_sheets_left_out_are_named(tmp_path):
    cameras = [["id", "lon", "lat"], [1, 24.94, 60.17], [2, 24.95, 60.17]]
    path = book(tmp_path, Notes=[["All cameras of the town"], ["as of 2026"]], North=cameras, South=cameras)
    imported = read_file(path)
    assert len(imported.cameras) == 2
    assert [remark.params for remark in imported.remarks] == [{"sheet": "North", "others": "Notes, South"}]


def test_that_a_heading_over_two_columns_gives_way_to_the_headings_under_it(tmp_path):
    rows = [["Kameras", None, None], [], ["Kennung", "Position", None], [None, "Länge", "Breite"], ["K1", 24.94, 60.17]]
    (camera,) = read_file(book(tmp_path, Liste=rows)).cameras
    assert camera.camera_id == "K1"
    assert camera.x_m == table(tmp_path, "id,lon,lat\nK1,24.94,60.17\n").cameras[0].x_m


def test_that_a_number_of_days_in_a_column_of_dates_is_the_day_that_a_spreadsheet_means(tmp_path):
    (camera,) = read_file(book(tmp_path, A=[["id", "lon", "lat", "installed_on"], [1, 24.94, 60.17, 43957]])).cameras
    assert camera.installed_on == "2020-05-06"


def test_that_a_sheet_that_claims_every_row_of_excel_is_read(tmp_path):
    path = book(tmp_path, A=[["id", "lon", "lat"], [1, 24.94, 60.17]])
    made = openpyxl.load_workbook(path)
    made.active["XFD200000"].number_format = "0.00"
    made.save(path)
    assert len(read_file(path).cameras) == 1
