"""Translations, samples and point tables: what is read, and how a fault is told."""

import hashlib

import pytest

from lhasaplan.content import content_folder, font_files
from lhasaplan.errors import InputError
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.io.content.samples import read_sample, sample_names
from lhasaplan.io.tables.filled_table import read_points


def written(folder, text, name="points.csv"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_that_a_sentence_is_translated_with_its_values(tmp_path):
    written(tmp_path, '"There are {n} cameras" = "共 {n} 台摄像机"\n', "zh_CN/a.toml")
    assert load_translations("zh_CN", tmp_path)("There are {n} cameras", n=3) == "共 3 台摄像机"


def test_that_english_needs_no_catalogue(tmp_path):
    assert load_translations("en", tmp_path)("There are {n} cameras", n=3) == "There are 3 cameras"


def test_that_a_language_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(InputError, match="en, zh_CN, fr, de"):
        load_translations("it")


def test_that_a_broken_catalogue_is_told_by_its_name(tmp_path):
    written(tmp_path, "not toml", "fr/house.toml")
    with pytest.raises(InputError, match=r"house\.toml"):
        load_translations("fr", tmp_path)


def test_that_both_cities_are_shipped_with_their_files():
    assert sample_names() == ("helsinki", "hilltown")
    assert all(path.is_file() for path, _ in read_sample("helsinki").files)


def test_that_the_fictitious_town_says_that_it_is():
    assert read_sample("hilltown").synthetic
    assert not read_sample("helsinki").synthetic


def test_that_an_unknown_city_is_told_with_those_that_are_there():
    with pytest.raises(InputError, match="helsinki, hilltown"):
        read_sample("atlantis")


def test_that_a_decision_without_a_name_or_with_a_strange_field_is_told_by_its_row(tmp_path):
    written(tmp_path, '[sample]\ntitle = "T"\nconfirmations = "c.toml"\n', "town/sample.toml")
    text = '[[confirmation]]\npart_id="p"\npurpose="x"\nreason="y"\nmilder_means="z"\ndate="2026-01-01"\nmood="good"\n'
    written(tmp_path, text, "town/c.toml")
    with pytest.raises(InputError) as caught:
        read_sample("town", tmp_path)
    assert [fault.where.item for fault in caught.value.faults] == ["[1] by", "[1] mood"]


def test_that_points_in_degrees_and_in_metres_are_both_read(tmp_path):
    degrees, _ = read_points(written(tmp_path, "point_id,lon,lat\na,24.9,60.1\n"))
    metres, _ = read_points(written(tmp_path, "point_id,x_m,y_m,height_m\nb,385000,6670000,4\n"), "EPSG:32635")
    assert [(p.point_id, p.geographic, p.height_m) for p in (*degrees, *metres)] == [("a", True, 1.5), ("b", False, 4.0)]


def test_that_every_fault_of_a_point_table_is_told_with_row_and_column(tmp_path):
    path = written(tmp_path, "point_id,lon,lat\na,east,60.1\nb,24.9,\nc,24.9,91\n")
    with pytest.raises(InputError) as caught:
        read_points(path)
    assert [(fault.where.row, fault.where.column) for fault in caught.value.faults] == [(2, "lon"), (3, "lat"), (4, "lat")]


def test_that_a_point_table_without_positions_says_which_columns_it_needs(tmp_path):
    with pytest.raises(InputError, match="name them lon and lat, x_m and y_m, or wkt"):
        read_points(written(tmp_path, "point_id,street\na,b\n"))


def test_that_a_point_table_from_a_spreadsheet_with_a_byte_order_mark_is_read(tmp_path):
    assert read_points(written(tmp_path, "\ufeffpoint_id,lon,lat\na,24.9,60.1\n"))[0][0].point_id == "a"


def test_that_what_was_done_to_points_is_told(tmp_path):
    table = written(tmp_path, "编号,经度,纬度\n东,24.9,60.1\n")
    table.write_bytes(table.read_bytes() + "西,24.91,60.1\n".encode("gb18030"))
    points, remarks = read_points(table)
    assert [point.point_id for point in points] == ["东", "西"]
    assert [remark.where.row for remark in remarks] == [3]


def test_that_each_typeface_is_the_one_that_its_page_names():
    page = (content_folder("fonts") / "README.md").read_text("utf-8")
    for file in font_files():
        assert f"| `{file.name}` | `{hashlib.sha256(file.read_bytes()).hexdigest()}` |" in page
