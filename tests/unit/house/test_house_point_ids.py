"""Points that are asked about: each has an id of its own."""

import pytest

from lhasaplan.errors import InputError
from lhasaplan.io.tables.filled_table import read_points


def test_that_two_points_of_one_id_are_told_with_both_rows(tmp_path):
    table = tmp_path / "points.csv"
    table.write_text("point_id,lon,lat\na,7.42,43.73\nb,7.42,43.73\na,7.43,43.73\n")
    with pytest.raises(InputError, match="row 4, column point_id: the id a is already used in row 2"):
        read_points(table)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("point_id;lon;lat\ncafé de l'été;7.42;43.73\n", "cp1252"),
        ("point_id\tlon\tlat\n大昭寺东门\t91.13\t29.65\n", "gb18030"),
        ("point_id,lon,lat\nodd,91.13,29.65\n", "utf-16"),
    ],
)
def test_that_points_are_read_in_any_encoding_and_separator_that_cameras_come_in(tmp_path, text, encoding):
    table = tmp_path / "points.csv"
    table.write_bytes(text.encode(encoding))
    (point,), _ = read_points(table)
    assert (point.point_id, point.height_m) == (text.splitlines()[1][: len(point.point_id)], 1.5)
    assert point.point_id in {"café de l'été", "大昭寺东门", "odd"}


def test_that_a_row_without_an_id_is_called_by_its_number_and_faults_name_row_and_column(tmp_path):
    table = tmp_path / "points.csv"
    table.write_text("x_m,y_m,height_m\n385001,6670002,4.5\n\n385003,north,\n385005,6670006,high\n")
    with pytest.raises(InputError) as refused:
        read_points(table, "EPSG:32635")
    assert "row 4, column y_m" in str(refused.value)
    assert "row 5, column height_m" in str(refused.value)
    table.write_text("x_m,y_m,height_m\n385001,6670002,4.5\n")
    (point,), _ = read_points(table, "EPSG:32635")
    assert (point.point_id, point.first, point.second, point.geographic, point.height_m) == (
        "1",
        385_001.0,
        6_670_002.0,
        False,
        4.5,
    )


@pytest.mark.parametrize(
    "text",
    [
        "ID;Lon;Lat;Höhe\nA1;7,42;43,73;2,5 m\n",
        "Name,Longitude,Latitude,Height (m)\nA1,7.42,43.73,2.5\n",
        "编号,经度,纬度,高度\nA1,7.42°,43.73°,2.5\n",
    ],
)
def test_that_points_are_understood_by_the_headings_and_numbers_that_a_camera_table_may_have(tmp_path, text):
    table = tmp_path / "points.csv"
    table.write_text(text)
    (point,), _ = read_points(table)
    assert (point.point_id, point.first, point.second, point.geographic, point.height_m) == ("A1", 7.42, 43.73, True, 2.5)
