"""Facts about many faults at once: none hides another, none drowns the others, and libraries do not chatter."""

import json
import warnings

import pytest

from lhasaplan.cli.run import quiet_streams
from lhasaplan.core.base.translations import count_of, first_of_each, shortened
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.parse.cell_values import number
from lhasaplan.io.parse.raw_import import few
from lhasaplan.io.tables.filled_table import read_points


def rows_of(tmp_path, text, name="cameras.csv", reader=read_file):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        reader(tmp_path / name)
    return [(fault.where.row, fault.where.column) for fault in caught.value.faults]


def test_that_a_row_that_is_too_long_hides_no_other_fault(tmp_path):
    text = "lon,lat,azimuth_deg\n7.4,43.7,400\n7.4,43.7,10,x,y\n7.4,43.7,up\n7.4\n"
    assert rows_of(tmp_path, text) == [(2, "azimuth_deg"), (3, None), (4, "azimuth_deg"), (5, "lat")]


def test_that_a_heading_that_comes_twice_hides_no_other_fault(tmp_path):
    assert rows_of(tmp_path, "lon,lat,name,name,azimuth_deg\n7.4,43.7,a,b,400\n") == [(1, None), (2, "azimuth_deg")]


def test_that_a_table_of_points_tells_all_of_its_faults(tmp_path):
    text = "point_id,lon,lat\na,7.4,43.7,x\nb,7.4,north\n"
    assert rows_of(tmp_path, text, reader=read_points) == [(2, None), (3, "lat")]


def test_that_points_of_a_map_tell_every_fault(tmp_path):
    def feature(azimuth, kind="Point", place=(7.4, 43.7)):
        shape = {"type": kind, "coordinates": place}
        return {"type": "Feature", "properties": {"azimuth_deg": azimuth, "hfov_deg": "60"}, "geometry": shape}

    line = feature("10", "LineString", [[7.4, 43.7], [7.5, 43.7]])
    content = {"type": "FeatureCollection", "features": [feature("400"), line, feature("up")]}
    (tmp_path / "cameras.geojson").write_text(json.dumps(content))
    with pytest.raises(InputError) as caught:
        read_file(tmp_path / "cameras.geojson", "cameras")
    assert sorted(fault.where.item for fault in caught.value.faults) == ["feature 1", "feature 2", "feature 3"]


@pytest.mark.parametrize("text", ["1,920", "1.920", "1 920", "1\u00a0920", "1\u202f920", "1\u2009920", "1’920", "1'920"])
def test_that_a_sign_between_thousands_is_understood(tmp_path, text):
    row = f"lon;lat;image_width_px;mount_height_m\n7.4;43.7;{text};4,500\n"
    (tmp_path / "cameras.csv").write_text(row, encoding="utf-8")
    (camera,) = read_file(tmp_path / "cameras.csv").cameras
    assert (camera.image_width_px, camera.mount_height_m) == (1920, 4.5)  # 4.5 m can be meant, 1.92 px cannot


def test_that_a_number_that_fits_neither_way_is_told_as_it_was_written(tmp_path):
    text = 'lon,lat,image_width_px\n7.4,43.7,"900,000"\n'
    assert rows_of(tmp_path, text) == [(2, "image_width_px")]
    assert number("1,920") == 1.92


def test_that_a_few_faults_are_told_as_they_are_and_many_with_their_number_and_the_total():
    faults = [Fault("{value} is no number", Where("a.csv", row, "lat"), {"value": "x"}) for row in range(2, 4002)]
    others = [Fault("this value is missing", Where("a.csv", 7, "lon"))]
    assert shortened(faults[:20]) == tuple(faults[:20])
    lines = [str(fault) for fault in shortened([*faults, *others])]
    assert lines[:2] == ["a.csv row 2, column lat: x is no number", "a.csv row 3, column lat: x is no number"]
    assert lines[5:] == [
        "a.csv: and 3995 more like the one before",
        "a.csv row 7, column lon: this value is missing",
        "4001 faults in all",
    ]


def test_that_what_a_reader_counted_is_told_in_one_count_with_what_is_left_out_later():
    remarks = [Fault("{value} is no height", Where("a.osm", item=str(row)), {"value": "x"}) for row in range(54)]
    read = few(remarks)
    assert [str(line) for line in read[49:]] == ["a.osm, 49: x is no height", "a.osm: and 4 more like the one before"]
    told = first_of_each([*read, Fault("this value is missing", Where("a.osm"))])
    assert [str(line) for line in told[4:]] == [
        "a.osm, 4: x is no height",
        "a.osm: and 49 more like the one before",
        "a.osm: this value is missing",
    ]
    assert count_of(read) == 54
    assert str(shortened(read)[-1]) == "54 faults in all"


def test_that_what_libraries_warn_of_never_reaches_the_screen(capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with quiet_streams():
            warnings.warn("Measured (M) geometry types are not supported", UserWarning, stacklevel=1)
    assert capsys.readouterr().err == ""
