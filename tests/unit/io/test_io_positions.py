"""Facts about where rows stand: Chinese datums, systems row by row, zones in eastings, axes by name, positions that are none."""

import json

import numpy as np
import openpyxl
import pytest
from amounts import examples
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.base.crs import Crs, bd09_from_gcj02, gcj02_from_wgs84, transform
from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.parse.coordinate_systems import axis_of, content, false_east_m, likely_systems, sister, system_of
from lhasaplan.io.tables.columns import load_columns, understand
from lhasaplan.io.tables.filled_table import read_points
from lhasaplan.io.tables.positions import find_positions
from lhasaplan.io.tables.table_rows import TextRow, TextTable

LHASA = (91.1, 29.65)


def shifted(lon, lat):
    """Return the position in GCJ-02 and in BD-09, each as text of two columns."""
    gcj = gcj02_from_wgs84(np.array([lon]), np.array([lat]))
    both = gcj, bd09_from_gcj02(*gcj)
    return tuple(f"{x[0]:.9f},{y[0]:.9f}" for x, y in both)


GCJ, BD = shifted(*LHASA)


def written(tmp_path, text, name="cameras.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def spots(tmp_path, text, name="cameras.csv", **options):
    """Return longitude and latitude of each camera by its id."""
    found = read_file(written(tmp_path, text, name), **options)
    crs = Crs(found.crs)
    return {each.camera_id: tuple(float(value) for value in crs.to_lonlat(each.x_m, each.y_m)) for each in found.cameras}


def refused(tmp_path, text, name="cameras.csv", **options):
    with pytest.raises(InputError) as caught:
        read_file(written(tmp_path, text, name), **options)
    return [(fault.where.row, fault.where.column, str(fault)) for fault in caught.value.faults]


def near(found, lon, lat):
    """Say whether all positions lie within a metre of one."""
    return all(np.hypot((x - lon) * 96_600.0, (y - lat) * 111_000.0) < 1.0 for x, y in found.values())


@pytest.mark.parametrize("heading", ["datum", "坐标系", "coord_type", "Système de coordonnées", "Koordinatensystem", "CRS"])
def test_that_each_row_is_read_in_the_datum_that_it_names(tmp_path, heading):
    text = f"id,lon,lat,{heading}\nw,91.1,29.65,WGS-84\ng,{GCJ},GCJ-02\nb,{BD},BD09\na,{GCJ},高德\nc,{BD},百度坐标系\n"
    assert near(spots(tmp_path, text), *LHASA)


def test_that_a_datum_that_is_undone_is_told(tmp_path):
    found = read_file(written(tmp_path, f"id,lon,lat,坐标系\ng,{GCJ},GCJ-02\nb,{BD},BD-09\n"))
    assert [(remark.params["count"], remark.params["datum"]) for remark in found.remarks] == [(1, "gcj02"), (1, "bd09")]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("经度(GCJ02),纬度(GCJ02)", GCJ),
        ("lng_gcj02,lat_gcj02", GCJ),
        ("gcj02_lng,gcj02_lat", GCJ),
        ("Longitude (GCJ-02),Latitude (GCJ-02)", GCJ),
        ("高德经度,高德纬度", GCJ),
        ("bd_lng,bd_lat", BD),
        ("百度经度,百度纬度", BD),
        ("lon_bd09,lat_bd09", BD),
        ("gcj_lng,gcj_lat,lng,lat", f"{GCJ},91.1,29.65"),
        ("bd_lng,bd_lat,wgs84_lng,wgs84_lat", f"{BD},91.1,29.65"),
        ("bd_lng,bd_lat,wgs84_lng,wgs84_lat", f"{BD},,"),
        ("X(经度),Y(纬度)", "91.1,29.65"),
        ("X(纬度),Y(经度)", "29.65,91.1"),
        ("lat,lon", '"29°39\'0""N","E91°6\'00"""'),
        ("lat,lon", "北纬29°39′,东经91度6分0秒"),
        ("lat,lon", "29 39 00 N,91:06:00"),
    ],
)
def test_that_headings_and_cells_say_what_a_position_is(tmp_path, head, row):
    assert near(spots(tmp_path, f"id,{head}\na,{row}\n"), *LHASA)


@pytest.mark.parametrize("title", ["坐标系：GCJ-02", "# datum: GCJ-02", "Coordinate system = gcj02"])
def test_that_a_title_says_the_datum_of_a_table(tmp_path, title):
    assert near(spots(tmp_path, f"{title},,\nid,lon,lat\na,{GCJ}\n"), *LHASA)


def test_that_the_datum_of_a_sheet_counts_in_a_workbook_too(tmp_path):
    book = openpyxl.Workbook()
    for line in (
        ["id", "经度", "纬度", "坐标类型"],
        ["g", *map(float, GCJ.split(",")), "火星坐标"],
        ["b", *map(float, BD.split(",")), "BD-09"],
    ):
        book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    found = read_file(tmp_path / "a.xlsx")
    assert near({c.camera_id: tuple(map(float, Crs(found.crs).to_lonlat(c.x_m, c.y_m))) for c in found.cameras}, *LHASA)


def test_that_a_datum_that_is_only_spoken_of_must_be_settled(tmp_path):
    text = f"id,lon,lat,remark\na,{GCJ},surveyed on a map in GCJ-02\nb,91.1,29.65,\n"
    ((row, column, said),) = refused(tmp_path, text)
    assert (row, column) == (2, "remark")
    assert "--datum gcj02, or --datum wgs84" in said
    assert near(spots(tmp_path, f"id,lon,lat,remark\na,{GCJ},surveyed on a map in GCJ-02\n", datum="gcj02"), *LHASA)
    assert near(spots(tmp_path, "id,lon,lat,remark\na,91.1,29.65,converted from GCJ-02\n", datum="wgs84"), *LHASA)


def test_that_a_number_like_a_datum_is_no_datum(tmp_path):
    assert near(spots(tmp_path, "id,lon,lat,pole\nBD-09,91.1,29.65,BD-08\nBD-10,91.1,29.65,BD-09\n"), *LHASA)


@pytest.mark.parametrize("name", ["cameras_gcj02.csv", "cameras.csv"])
def test_that_the_name_of_a_file_and_a_text_beside_it_must_be_settled(tmp_path, name):
    if name == "cameras.csv":
        (tmp_path / "cameras.txt").write_text("Exported by the survey office.\nCoordinates: GCJ-02\n", encoding="utf-8")
    text = f"id,lon,lat\na,{GCJ}\n"
    assert len(refused(tmp_path, text, name)) == 1
    assert near(spots(tmp_path, text, name, datum="gcj02"), *LHASA)


def test_that_all_faults_of_systems_are_told_with_their_rows(tmp_path):
    text = f"id,lon,lat,坐标系\na,91.1,29.65,\nb,{GCJ},GCJ-02\nc,{BD},local\nd,0,0,WGS84\n"
    assert [(row, column) for row, column, _ in refused(tmp_path, text)] == [(2, "坐标系"), (4, "坐标系"), (5, None)]


def test_that_a_datum_of_the_caller_and_one_of_the_file_must_agree(tmp_path):
    text = f"id,lon,lat,datum\na,{GCJ},GCJ-02\n"
    assert near(spots(tmp_path, text, datum="gcj02"), *LHASA)
    assert [row for row, _, _ in refused(tmp_path, text, datum="bd09")] == [2]


def test_that_each_row_is_read_in_the_epsg_code_that_it_names(tmp_path):
    x, y = (float(value) for value in Crs("EPSG:32635").to_xy(24.94, 60.17))
    tm = [float(value) for value in Crs("EPSG:3067").to_xy(24.94, 60.17)]
    text = f"id,x,y,epsg\na,{x},{y},32635\nb,{tm[0]},{tm[1]},EPSG:3067\nc,24.94,60.17,4326\nd,{x},{y},ETRS89 / UTM zone 35N\n"
    found = spots(tmp_path, text)
    assert all(np.hypot((lon - 24.94) * 55_000.0, (lat - 60.17) * 111_000.0) < 1.0 for lon, lat in found.values())
    assert len(found) == 4
    bad = refused(tmp_path, f"id,x,y,epsg\na,{x},{y},32635\nb,{x},{y},99999\nc,{x},{y},\nd,{x},{y},27700\n")
    assert [(row, column) for row, column, _ in bad] == [(3, "epsg"), (4, "epsg"), (5, None)]


def test_that_the_system_in_a_heading_counts_before_the_projects(tmp_path):
    x, y = Crs("EPSG:2154").to_xy(2.35, 48.85)
    for head in ("X (EPSG:2154),Y (EPSG:2154)", "x lambert 93,y lambert 93", "X L93,Y L93"):
        found = spots(tmp_path, f"id,{head}\na,{float(x)},{float(y)}\n", project_crs="EPSG:32631")
        assert found["a"] == pytest.approx((2.35, 48.85), abs=1e-6)


@pytest.mark.parametrize(
    ("head", "row", "crs"),
    [
        ("x,y", "30609451,4100000", "EPSG:25830"),
        ("X(北),Y(东)", "4100000,30609451", "EPSG:25830"),
        ("X (Hochwert),Y (Rechtswert)", "4100000,609451", "EPSG:25830"),
        ("Nord,Ost", "4100000,609451", "EPSG:25830"),
        ("Y / Easting,X / Northing", "609451,4100000", "EPSG:25830"),
        ("纵坐标X,横坐标Y", "4100000,30609451", "EPSG:25830"),
    ],
)
def test_that_axes_and_zones_are_those_that_the_headings_and_eastings_name(tmp_path, head, row, crs):
    found = read_file(written(tmp_path, f"id,{head}\na,{row}\n"), project_crs=crs)
    assert (found.cameras[0].x_m, found.cameras[0].y_m) == pytest.approx((609_451.0, 4_100_000.0), abs=0.001)


@pytest.mark.parametrize(
    ("heading", "axis"),
    [
        ("X(北)", "y_m"),
        ("Y(东)", "x_m"),
        ("x", None),
        ("N", None),
        ("N(m)", "y_m"),
        ("Rechtswert [m]", "x_m"),
        ("North gate", None),
        ("X-Est", "x_m"),
    ],
)
def test_that_the_word_beside_a_letter_names_the_axis(heading, axis):
    assert axis_of(heading) == axis


def test_that_metres_that_lie_nowhere_are_refused_with_what_would_be_right(tmp_path):
    turned = refused(tmp_path, "id,x,y\na,3380000,512345\nb,3380100,512445\n", project_crs="EPSG:4547")
    assert [row for row, _, _ in turned] == [2, 3]
    assert all("exchanged" in text and "easting and northing" in text for _, _, text in turned)
    ((_, _, far),) = refused(tmp_path, "id,x,y\na,650000,6860000\n", project_crs="EPSG:4547")
    assert "lies nowhere in EPSG:4547" in far
    ((_, _, unknown),) = refused(tmp_path, "id,x,y\na,38512345,3380000\n")
    assert "EPSG:4526" in unknown


def test_that_the_column_that_says_something_is_taken(tmp_path):
    for head, row in (
        ("lon,longitude,lat", "0,91.1,29.65"),
        ("lon,lat,longitude,latitude", "0,0,91.1,29.65"),
        ("lon,longitude,lat", ",91.1,29.65"),
    ):
        assert near(spots(tmp_path, f"id,{head}\na,{row}\n"), *LHASA)
    assert [row for row, _, _ in refused(tmp_path, "id,lon,longitude,lat\na,91.1,91.1,29.65\nb,90.1,91.1,29.65\n")] == [3]


def test_that_rows_among_which_a_sign_or_an_axis_is_exchanged_are_refused(tmp_path):
    good = "".join(f"g{n},{24.9 + n / 100},60.17\n" for n in range(6))
    bad = "a,0,0\nb,-24.93,60.17\nc,60.17,24.93\nd,0,60.17\ne,24.93,-60.17\n"
    found = refused(tmp_path, f"id,lon,lat\n{good}{bad}")
    assert [row for row, _, _ in found] == [8, 9, 10, 11, 12]
    assert "as longitude 24.93, latitude 60.17" in found[1][2]


def test_that_sides_of_the_other_axis_and_latitudes_beyond_the_pole_are_refused(tmp_path):
    found = refused(tmp_path, "id,lat,lon\na,116.4,39.9\nb,48°51'E,2°21'\nc,nan,2\nd,inf,2\n")
    assert [(row, column) for row, column, _ in found] == [(2, "lat"), (3, "lat"), (4, "lat"), (5, "lat")]
    assert "exchange their headings" in found[0][2]


def feature(lon, lat, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": [lon, lat]}}


def collection(tmp_path, features, name="cameras.geojson", **members):
    return written(tmp_path, json.dumps({"type": "FeatureCollection", **members, "features": features}, ensure_ascii=False), name)


def test_that_features_are_read_in_the_datum_that_a_property_or_member_names(tmp_path):
    (gx, gy), (bx, by) = (tuple(map(float, text.split(","))) for text in (GCJ, BD))
    mixed = collection(
        tmp_path,
        [
            feature(*LHASA, coord_type="wgs84", azimuth_deg=1),
            feature(gx, gy, coord_type="gcj02"),
            feature(bx, by, coord_type="BD-09"),
        ],
    )
    whole = collection(tmp_path, [feature(gx, gy, azimuth_deg=1)], "b.geojson", coordinate_system="GCJ-02")
    for path in (mixed, whole):
        found = read_file(path, kind="cameras")
        assert near({c.camera_id: tuple(map(float, Crs(found.crs).to_lonlat(c.x_m, c.y_m))) for c in found.cameras}, *LHASA)
    places = read_file(collection(tmp_path, [feature(gx, gy, 坐标系="GCJ-02", amenity="school")], "places.geojson"))
    point = places.layers[0].geometry[0]
    assert near({"a": tuple(map(float, Crs(places.crs).to_lonlat(point.x, point.y)))}, *LHASA)


def test_that_signs_approvals_places_and_asked_points_are_read_alike(tmp_path):
    text = f"id,lon,lat,坐标系,approved_on\na,{GCJ},GCJ-02,2020-01-02\n"
    for kind in ("signs", "baseline", "places", "trees"):
        found = read_file(written(tmp_path, text), kind=kind)
        x, y = (found.baseline[0].x_m, found.baseline[0].y_m) if found.baseline else found.layers[0].geometry[0].coords[0]
        assert near({"a": tuple(map(float, Crs(found.crs).to_lonlat(x, y)))}, *LHASA)
    (point,), _ = read_points(written(tmp_path, text))
    assert near({"a": (point.first, point.second)}, *LHASA)
    with pytest.raises(InputError, match="0, 0"):
        read_points(written(tmp_path, "point_id,lon,lat\na,0,0\n"))


def test_that_zones_are_numbered_as_in_the_register_of_epsg():
    for family in content()["zones"]:
        low, high = family["codes"]
        for code in (low, high):
            zone = family["first"] + code - low
            from pyproj import CRS

            crs = CRS.from_epsg(code)
            kind = "UTM" if "UTM" in crs.name or "MGA" in crs.name else "GK"
            middle = next(each.value for each in crs.coordinate_operation.params if each.name == "Longitude of natural origin")
            wide = (low, high) in {
                (4491, 4501),
                (4502, 4512),
                (2327, 2337),
                (2338, 2348),
                (21413, 21423),
                (21453, 21463),
                (28404, 28432),
            }
            expected = zone * 6 - 183 if kind == "UTM" else zone * 6 - 3 if wide else zone * 3
            assert (middle + 180) % 360 == (expected + 180) % 360
            assert false_east_m(f"EPSG:{code}") in {500_000.0, zone * 1e6 + 500_000.0}


@pytest.mark.parametrize(
    ("word", "crs"),
    [
        ("Lambert-93", "EPSG:2154"),
        ("UTM 32N", "EPSG:32632"),
        ("UTM 30S", None),
        ("urn:ogc:def:crs:EPSG::25832", "EPSG:25832"),
        ("Gauß-Krüger Zone 4", "EPSG:31468"),
        ("moon", None),
    ],
)
def test_that_a_system_is_known_by_its_names(word, crs):
    assert getattr(system_of(word), "crs", None) == crs


def test_that_the_systems_that_are_proposed_set_a_position_where_it_belongs():
    x, y = (float(value) for value in Crs("EPSG:2154").to_xy(2.35, 48.85))
    assert "EPSG:2154" in likely_systems(x, y)
    assert "EPSG:2154" in likely_systems(x, y, "EPSG:32631")
    assert "EPSG:25830" in likely_systems(30_609_451.0, 4_100_000.0)


def table_of(headings, *rows):
    return TextTable("a.csv", tuple(headings), tuple(TextRow(number, tuple(row)) for number, row in enumerate(rows, start=2)))


def found_in(table, crs=""):
    faults = []
    places = find_positions(table, understand(table.headings, load_columns()), crs, faults)
    assert not faults
    return places


@examples(20, nightly=180)
@given(
    st.lists(
        st.tuples(st.floats(91.0, 91.3), st.floats(29.5, 29.8), st.sampled_from(["wgs84", "GCJ-02", "BD-09"])),
        min_size=1,
        max_size=6,
    ),
    st.permutations(range(4)),
)
def test_that_mixed_datums_lie_within_a_metre_of_their_originals_in_any_order_of_columns(rows, order):
    cells = []
    for number, (lon, lat, datum) in enumerate(rows):
        gcj, bd = shifted(lon, lat)
        cells.append([str(number), *{"wgs84": f"{lon!r},{lat!r}", "GCJ-02": gcj, "BD-09": bd}[datum].split(","), datum])
    headings = ["id", "lon", "lat", "datum"]
    places = found_in(table_of([headings[i] for i in order], *([line[i] for i in order] for line in cells)))
    for (x, y), (lon, lat, _) in zip(places.xy, rows, strict=True):
        assert np.hypot((x - lon) * 96_600.0, (y - lat) * 111_000.0) < 1.0


@examples(20, nightly=180)
@given(
    st.sampled_from(["EPSG:32630", "EPSG:25832", "EPSG:4547", "EPSG:31467", "EPSG:4526", "EPSG:2383"]),
    st.integers(-1, 1),
    st.floats(430_000.0, 570_000.0),
    st.floats(5_150_000.0, 5_250_000.0),
)
def test_that_an_easting_with_its_zone_gives_the_same_point_as_the_system_of_that_zone(crs, beside, east, north):
    own = next(
        f["first"] + int(crs[5:]) - f["codes"][0] for f in content()["zones"] if f["codes"][0] <= int(crs[5:]) <= f["codes"][1]
    )
    zone = own + beside
    other = sister(crs, zone)
    places = found_in(table_of(["x", "y"], [str(zone * 1e6 + east), str(north)]), crs)
    plain = east + (false_east_m(other) - 500_000.0)
    want = transform(other, "EPSG:4326", plain, north)
    got = transform(places.crs, "EPSG:4326", *places.xy[0])
    assert (float(got[0]), float(got[1])) == pytest.approx((float(want[0]), float(want[1])), abs=1e-8)
