"""Facts about camera tables: headings, units, encodings, and all faults of a file at once."""

import math
from datetime import date

import openpyxl
import pytest

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.model.camera import Kind, Mount, Status
from lhasaplan.core.model.optics import LensClass
from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file


def imported(tmp_path, text, encoding="utf-8", **options):
    path = tmp_path / "cameras.csv"
    path.write_bytes(text.encode(encoding))
    return read_file(path, **options)


def faults(tmp_path, text, **options):
    with pytest.raises(InputError) as caught:
        imported(tmp_path, text, **options)
    return [(fault.where.row, fault.where.column, str(fault)) for fault in caught.value.faults]


def test_that_every_canonical_column_is_read(tmp_path):
    text = (
        "camera_id,name,lon,lat,mount_height_m,azimuth_deg,tilt_deg,hfov_deg,vfov_deg,lens_class,image_width_px,image_height_px,"
        "range_m,night_range_m,kind,mount,status,owner,purpose,installed_on,retention_days,sign,mask_px_wkt,mask_sector_deg,"
        "source,source_date\n"
        "A1,Gate,24.94,60.17,4.5,360,-90,68,40,rectilinear,1920,1080,60,30,fixed,pole,planned,City,Traffic,2020-05-06,3,yes,"
        '"POLYGON((0 0,100 0,100 50,0 0))","350,20",Survey,2024-01-02\n'
    )
    (camera,) = imported(tmp_path, text).cameras
    assert (camera.camera_id, camera.name, camera.mount_height_m, camera.azimuth_deg, camera.tilt_deg) == (
        "A1",
        "Gate",
        4.5,
        360.0,
        -90.0,
    )
    assert (camera.hfov_deg, camera.vfov_deg, camera.lens_class) == (68.0, 40.0, LensClass.RECTILINEAR)
    assert (camera.image_width_px, camera.image_height_px, camera.range_m, camera.night_range_m) == (1920, 1080, 60.0, 30.0)
    assert (camera.kind, camera.mount, camera.status) == (Kind.FIXED, Mount.POLE, Status.PLANNED)
    assert (camera.owner, camera.purpose, camera.installed_on, camera.retention_days) == ("City", "Traffic", "2020-05-06", 3.0)
    assert camera.mask_px == (((0.0, 0.0), (100.0, 0.0), (100.0, 50.0)),)
    assert (camera.mask_sector_deg, camera.sign, camera.source, camera.source_date) == (
        ((350.0, 20.0),),
        "yes",
        "Survey",
        "2024-01-02",
    )
    assert camera.extra == {}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Identifiant;Hauteur de pose (m);Azimut;Longitude;Latitude;Type de caméra\nA;4,5;90;2,35;48,85;dôme\n", "utf-8-sig"),
        ("Identifiant;Hauteur de pose (m);Azimut;Longitude;Latitude;Type de caméra\nA;4,5;90;2,35;48,85;dôme\n", "cp1252"),
        ("Kennung;Montagehöhe [m];Blickrichtung;Länge;Breite;Kameratyp\nA;4,5;90;2,35;48,85;Kuppel\n", "iso-8859-1"),
        ("编号,安装高度（米）,方位角,经度,纬度,摄像机类型\nA,4.5,90,2.35,48.85,半球\n", "gb18030"),
        ("编号,安装高度（米）,方位角,经度,纬度,摄像机类型\nA,4.5,90,2.35,48.85,半球\n", "utf-8"),
        ("Camera-ID\tMounting height\tBearing\tLng\tLat\tCamera Type\nA\t4.5\tE\t2.35\t48.85\tDome\n", "utf-8"),
    ],
)
def test_that_headings_in_four_languages_mean_the_same(tmp_path, text, encoding):
    (camera,) = imported(tmp_path, text, encoding).cameras
    assert (camera.camera_id, camera.mount_height_m, camera.azimuth_deg, camera.kind) == ("A", 4.5, 90.0, Kind.DOME)
    assert camera.extra == {}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso-8859-2"])
def test_that_croatian_names_survive_their_encoding(tmp_path, encoding):
    (camera,) = imported(
        tmp_path, "name;lon;lat\nMartićeva – Šubićeva žđ\n".replace("–", "-").replace("žđ\n", "žđ;16;45,8\n"), encoding
    ).cameras
    assert camera.name == "Martićeva - Šubićeva žđ"


def test_that_chinese_names_survive_gb18030(tmp_path):
    assert (
        imported(tmp_path, "名称,经度,纬度\n北京中路与林廓路口,91.1,29.65\n", "gb18030").cameras[0].name == "北京中路与林廓路口"
    )


def test_that_all_faults_are_told_with_row_and_column(tmp_path):
    text = (
        "camera_id,lon,lat,azimuth_deg,hfov_deg,tilt_deg,image_width_px,kind,installed_on,mask_sector_deg,mask_px_wkt\n"
        "A,24.94,60.17,372,0,91,19.5,drone,05/06/2020,90,POINT(1 1)\n"
        "\n"
        "A,24.94,,north-ish,121,,,,,,\n"
        "B,,,,,,,,,,\n"
    )
    found = faults(tmp_path, text)
    assert sorted((row, column) for row, column, _ in found if column) == sorted(
        [
            (2, "azimuth_deg"),
            (2, "hfov_deg"),
            (2, "tilt_deg"),
            (2, "image_width_px"),
            (2, "kind"),
            (2, "installed_on"),
            (2, "mask_sector_deg"),
            (2, "mask_px_wkt"),
            (4, "camera_id"),
            (4, "lat"),
            (4, "azimuth_deg"),
            (4, "hfov_deg"),
        ]
    )
    assert [row for row, column, _ in found if column is None] == [5]
    texts = [text for _, _, text in found]
    assert any(text.endswith("row 2, column azimuth_deg: 372 is outside 0 to 360") for text in texts)
    assert any("0 must be above 0 and at most 360" in text for text in texts)
    assert any("the id A is already used in row 2" in text for text in texts)


def test_that_a_wide_lens_is_a_fault_unless_it_is_equidistant(tmp_path):
    head = "lon,lat,hfov_deg,kind,lens_class\n"
    rows = "2,48,180,fisheye,\n2,48,180,fixed,equidistant\n2,48,120,fixed,rectilinear\n"
    assert len(imported(tmp_path, head + rows).cameras) == 3
    found = faults(tmp_path, head + rows + "2,48,121,fixed,\n2,48,150,fisheye,rectilinear\n")
    assert [(row, column) for row, column, _ in found] == [(5, "hfov_deg"), (6, "hfov_deg")]


def by_name(tmp_path, *rows):
    """Return the ids of rows without one by their names."""
    found = imported(tmp_path, "\n".join(("lon,lat,name", *rows))).cameras
    return {camera.name: camera.camera_id for camera in found}


def test_that_ids_that_are_missing_come_from_file_and_place_whatever_the_order_of_rows(tmp_path):
    rows = ("24.94,60.17,gate", "24.95,60.17,bridge", "24.94,60.17,pole")
    found = by_name(tmp_path, *rows)
    assert len(set(found.values())) == 3
    assert all(each.startswith("cameras.csv#") for each in found.values())
    assert by_name(tmp_path, *rows[::-1]) == found
    assert by_name(tmp_path, "24.96,60.17,new", "", *rows) == {**found, "new": by_name(tmp_path, "24.96,60.17,new")["new"]}


def test_that_unknown_columns_are_kept_and_named(tmp_path):
    found = imported(tmp_path, "lon,lat,Bezirk,leer\n24.94,60.17,Mitte,\n")
    assert found.cameras[0].extra == {"Bezirk": "Mitte"}
    assert [remark.params for remark in found.remarks] == [{"count": 2, "columns": "Bezirk, leer"}]


@pytest.mark.parametrize("heading", ["religion", "Religion", "denomination", "religion_near", "宗教", "Konfession", "culte"])
def test_that_the_faith_of_a_place_is_never_read_from_a_table(tmp_path, heading):
    found = imported(tmp_path, f"lon,lat,{heading}\n24.94,60.17,any\n")
    assert found.cameras[0].extra == {}
    assert [remark.template for remark in found.remarks] == ["the column {column} is never read by this program"]


def test_that_the_faith_of_a_place_cannot_hide_in_a_column_of_many_tags(tmp_path):
    text = """lon;lat;other_tags\n24.94;60.17;"{""religion"": ""any"", ""ward"": ""3""}"\n"""
    assert imported(tmp_path, text).cameras[0].extra == {"ward": "3"}


def test_that_a_weak_heading_counts_only_when_all_values_fit(tmp_path):
    fits = imported(tmp_path, "lon,lat,type,height\n24.94,60.17,dome,5\n")
    assert (fits.cameras[0].kind, fits.cameras[0].mount_height_m) == (Kind.DOME, 5.0)
    odd = imported(tmp_path, "lon,lat,type\n24.94,60.17,dome\n24.94,60.17,red_light\n")
    assert [camera.kind for camera in odd.cameras] == [None, None]
    assert [camera.extra for camera in odd.cameras] == [{"type": "dome"}, {"type": "red_light"}]


def test_that_x_and_y_are_metres_of_the_project(tmp_path):
    (camera,) = imported(tmp_path, "x_m;y_m\n385000,5;6672000\n", project_crs="EPSG:32635").cameras
    assert (camera.x_m, camera.y_m) == (385000.5, 6672000.0)


def test_that_metres_without_a_system_are_a_fault(tmp_path):
    assert "--crs" in faults(tmp_path, "x_m,y_m\n385000,6672000\n")[0][2]


def test_that_x_and_y_in_degrees_are_taken_so_and_said(tmp_path):
    found = imported(tmp_path, "X,Y\n24.94,60.17\n")
    assert found.crs == "EPSG:32635"
    assert "hold degrees" in str(found.remarks[0])


def test_that_wkt_points_are_read(tmp_path):
    a, b = (
        imported(tmp_path, "wkt;lon;lat\n;24.94;60.17\n").cameras[0],
        imported(tmp_path, "wkt\nPOINT (24.94 60.17)\n").cameras[0],
    )
    assert (a.x_m, a.y_m) == (b.x_m, b.y_m)


def test_that_no_position_at_all_is_one_fault(tmp_path):
    assert [row for row, _, _ in faults(tmp_path, "name,kind\nA,dome\nB,dome\n")] == [1]


def test_that_two_columns_without_heading_are_latitude_and_longitude_and_said(tmp_path):
    found = imported(tmp_path, "Lokacija;;\nA;45.81;15.99\n")
    assert found.crs == "EPSG:32633"
    assert "columns 2 and 3 have no heading" in str(found.remarks[0])


def test_that_a_heading_given_twice_and_a_row_too_long_are_faults(tmp_path):
    assert [row for row, _, _ in faults(tmp_path, "lon,lat,lat\n1,2,3,4\n")] == [1, 2]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"lon,lat\n", b"\x00\x01\x02\xff"])
def test_that_a_file_without_rows_is_an_input_error(tmp_path, content):
    (tmp_path / "cameras.csv").write_bytes(content)
    with pytest.raises(InputError):
        read_file(tmp_path / "cameras.csv")


def test_that_an_excel_sheet_gives_the_same_cameras(tmp_path):
    book = openpyxl.Workbook()
    book.create_sheet("empty", 0)
    sheet = book.worksheets[1]
    sheet.append(["camera_id", "lon", "lat", "azimuth_deg", "installed_on", "image_width_px"])
    sheet.append([7, 24.94, 60.17, 90, date(2020, 5, 6), 1920.0])
    book.save(tmp_path / "cameras.xlsx")
    (camera,) = read_file(tmp_path / "cameras.xlsx").cameras
    assert (camera.camera_id, camera.azimuth_deg, camera.installed_on, camera.image_width_px) == ("7", 90.0, "2020-05-06", 1920)


def test_that_faults_in_excel_have_the_row_of_the_sheet(tmp_path):
    book = openpyxl.Workbook()
    for row in (["lon", "lat", "azimuth_deg"], [24.94, 60.17, 90], [None, None, None], [24.94, 60.17, 400]):
        book.active.append(row)
    book.save(tmp_path / "cameras.xlsx")
    with pytest.raises(InputError, match=r"cameras\.xlsx,? row 4, column azimuth_deg: 400 is outside 0 to 360"):
        read_file(tmp_path / "cameras.xlsx")


def test_that_a_broken_excel_file_is_an_input_error(tmp_path):
    (tmp_path / "cameras.xlsx").write_bytes(b"no sheet")
    with pytest.raises(InputError, match=r"cameras\.xlsx"):
        read_file(tmp_path / "cameras.xlsx")


def test_that_gcj02_positions_are_set_back_by_hundreds_of_metres(tmp_path):
    text = "lon,lat\n91.1,29.65\n"
    (plain,), (shifted,) = imported(tmp_path, text).cameras, imported(tmp_path, text, datum="gcj02").cameras
    distance = ((plain.x_m - shifted.x_m) ** 2 + (plain.y_m - shifted.y_m) ** 2) ** 0.5
    assert 100.0 < distance < 900.0


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "houses"},
        {"datum": "mars"},
        {"crs": "EPSG:1"},
        {"project_crs": "EPSG:3857"},
        {"kind": "terrain"},
        {"kind": "roads"},
    ],
)
def test_that_a_request_that_makes_no_sense_is_refused(tmp_path, options):
    with pytest.raises(InputError):
        imported(tmp_path, "lon,lat\n1.5,2.5\n", **options)


def test_that_a_file_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_file(tmp_path / "nothing.csv")


def test_that_a_table_of_trees_becomes_a_layer_of_points(tmp_path):
    (layer,) = imported(tmp_path, "lon;lat;Baumart;Höhe;religion\n24,94;60,17;Linde;9,5;x\n", kind="trees").layers
    assert layer.tags == ({"natural": "tree", "Baumart": "Linde", "species": "Linde", "Höhe": "9,5", "height": "9,5"},)
    assert layer.geometry[0].geom_type == "Point"
    (again,) = imported(tmp_path, "lon;lat;Baumart\n24,95;60,17;Ahorn\n24,94;60,17;Linde\n", kind="trees").layers
    assert list(layer.ids) == list(again.ids)[1:]  # it is called by where it stands


def test_that_a_table_of_places_tells_all_rows_without_position(tmp_path):
    found = faults(tmp_path, "lon,lat,amenity\n24.94,60.17,bench\n,,bench\n24.94,95,bench\n", kind="places")
    assert [(row, column) for row, column, _ in found] == [(3, None), (4, "lat")]


def test_that_a_title_above_the_headings_is_left_out_and_rows_keep_their_numbers(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "Cameras of the city, 2026"
    sheet.merge_cells("A1:D1")
    sheet["A3"], sheet["B3"], sheet["C3"] = "camera_id", "lon", "lat"
    sheet["A4"], sheet["B4"], sheet["C4"] = "A1", 24.94, 60.17
    sheet["A6"], sheet["B6"], sheet["C6"] = "A2", "here", 60.17
    book.save(tmp_path / "cameras.xlsx")
    with pytest.raises(InputError, match="row 6, column lon: here is no number"):
        read_file(tmp_path / "cameras.xlsx")
    sheet["B6"] = 24.95
    book.save(tmp_path / "cameras.xlsx")
    assert [camera.camera_id for camera in read_file(tmp_path / "cameras.xlsx").cameras] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("text", "azimuth_deg"),
    [
        ("nordost", 45.0),
        ("Süd-West", 225.0),
        ("nord-est", 45.0),
        ("ouest", 270.0),
        ("西南", 225.0),
        ("正东", 90.0),
        ("NNW", 337.5),
    ],
)
def test_that_directions_are_read_in_the_words_of_a_table_s_language(tmp_path, text, azimuth_deg):
    (camera,) = imported(tmp_path, f"camera_id,lon,lat,azimuth\nA,24.94,60.17,{text}\n").cameras
    assert camera.azimuth_deg == azimuth_deg


@pytest.mark.parametrize("text", ["NO", "O", "WN", "news"])
def test_that_a_direction_that_is_another_in_another_language_or_none_is_a_fault(tmp_path, text):
    ((row, column, _),) = faults(tmp_path, f"camera_id,lon,lat,azimuth\nA,24.94,60.17,{text}\n")
    assert (row, column) == (2, "azimuth")


def test_that_a_table_in_web_mercator_is_read_and_the_project_gets_a_grid_of_true_metres(tmp_path):
    # 6378137 m times the longitude in radians; at 60.17 N a web Mercator metre is half of one.
    text = "camera_id,x,y\nA,2776308.1,8438455.3\n"
    found = imported(tmp_path, text, crs="EPSG:3857")
    lon, lat = Crs(found.crs).to_lonlat([found.cameras[0].x_m], [found.cameras[0].y_m])
    assert found.crs == "EPSG:32635"
    assert lon[0] == pytest.approx(math.degrees(2776308.1 / 6378137), abs=1e-6)
    assert lat[0] == pytest.approx(math.degrees(2 * math.atan(math.exp(8438455.3 / 6378137)) - math.pi / 2), abs=1e-6)


def test_that_azimuths_below_zero_are_counted_anticlockwise_and_told(tmp_path):
    found = imported(tmp_path, "camera_id,lon,lat,azimuth_deg\nA,24.94,60.17,-90\nB,24.94,60.17,-0.5°\nC,24.94,60.17,20\n")
    (remark,) = found.remarks
    assert remark.params == {"count": 2}
    assert "-90 is west" in str(remark)
    assert [camera.azimuth_deg for camera in found.cameras] == [270.0, 359.5, 20.0]


@pytest.mark.parametrize("azimuth", ["-181", "361"])
def test_that_an_azimuth_beyond_any_way_of_counting_is_refused(azimuth, tmp_path):
    ((_, column, _),) = faults(tmp_path, f"camera_id,lon,lat,azimuth_deg\nA,24.94,60.17,{azimuth}\n")
    assert column == "azimuth_deg"


def test_that_tilts_below_zero_are_told_to_look_up(tmp_path):
    found = imported(tmp_path, "camera_id,lon,lat,tilt_deg\nA,24.94,60.17,-10\nB,24.94,60.17,-5\nC,24.94,60.17,20\n")
    (remark,) = found.remarks
    assert remark.params == {"count": 2}
    assert "look up" in str(remark)
    assert [camera.tilt_deg for camera in found.cameras] == [-10.0, -5.0, 20.0]


@pytest.mark.parametrize(
    "text",
    [
        "Kameras, Stand 2026\nid;lon;lat\nA;24,94;60,17\n",
        "id;lon;lat\nA;24,94;60,17\nB;24,95;60,18\nC;24,96;60,19\n",
        "id,lon,lat,name\nA,24.94,60.17,a;b;c;d\nB,24.95,60.18,a;b;c;d\n",
        "id|lon|lat\nA|24,94|60,17\n",
    ],
)
def test_that_the_sign_between_cells_is_the_one_that_most_lines_agree_on(tmp_path, text):
    camera = imported(tmp_path, text).cameras[0]
    lon, lat = Crs("EPSG:32635").to_lonlat([camera.x_m], [camera.y_m])
    assert (camera.camera_id, round(lon[0], 6), round(lat[0], 6)) == ("A", 24.94, 60.17)


def test_that_what_rules_ask_of_a_record_is_found_under_headings_in_four_languages(tmp_path):
    headings = "id;lon;lat;Fin d'autorisation;Nächste Überprüfung;停用日期;Off during assemblies;Incidents par an"
    path = tmp_path / "cameras.csv"
    path.write_text(f"{headings}\nc1;24.94;60.17;31.05.2027;2026-12-01;2028年1月2日;Nein;3\n", "utf-8")
    found = read_file(path, "cameras", project_crs="EPSG:32635")
    assert dict(found.cameras[0].extra) == {
        "authorisation_expires": "2027-05-31",
        "review_date": "2026-12-01",
        "end_date": "2028-01-02",
        "assembly_off": "no",
        "incidents_served": "3",
    }
    assert not any("not understood" in str(remark.template) for remark in found.remarks)


def test_that_a_date_of_a_record_that_cannot_be_read_is_a_fault_with_its_row(tmp_path):
    path = tmp_path / "cameras.csv"
    path.write_text("id,lon,lat,review_date,assembly_off\nc1,24.94,60.17,soon,perhaps\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_file(path, "cameras", project_crs="EPSG:32635")
    assert [(fault.where.row, fault.where.column) for fault in caught.value.faults] == [(2, "review_date"), (2, "assembly_off")]
