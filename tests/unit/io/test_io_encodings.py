"""Facts about text in other encodings: what is whole is read, what is not is named, and nobody has to guess from mojibake."""

import json
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.parse.text_encoding import decode_pieces, wide_encoding

FRENCH = ("Café de la Gare", "Hôtel", "Société Générale", "Crèche", "Être à l'œuvre", "Maçonnerie")
CHINESE = ("住宅小区", "北京中路", "幼儿园", "人民医院", "派出所", "联通")
TRADITIONAL = ("住宅大樓", "臺北車站", "國民小學", "醫院門口", "派出所", "中山北路")
GERMAN = ("Müllerstraße", "Grünanlage", "Städtisches Gebäude", "Fußgängerzone", "Löwe", "Höhe")


def lines(names):
    return ["camera_id,name,lon,lat\n", *(f"C{number},{name},7.4{number},43.7\n" for number, name in enumerate(names))]


def read(tmp_path, content, name="cameras.csv"):
    (tmp_path / name).write_bytes(content)
    return read_file(tmp_path / name)


def names_of(imported):
    return tuple(camera.name for camera in imported.cameras)


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        *((FRENCH, each) for each in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be")),
        *((GERMAN, each) for each in ("utf-8", "cp1252", "iso-8859-1", "utf-16-le")),
        *((CHINESE, each) for each in ("utf-8", "gbk", "gb18030", "utf-16", "utf-16-le")),
        *((TRADITIONAL, each) for each in ("utf-8", "big5", "gb18030", "utf-16-be")),
    ],
)
def test_that_names_survive_the_encoding_of_their_table(tmp_path, names, encoding):
    found = read(tmp_path, "".join(lines(names)).encode(encoding))
    assert names_of(found) == names
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("names", "odd", "encoding"),
    [(FRENCH, "Pâtisserie", "cp1252"), (FRENCH, "住宅小区", "gbk"), (CHINESE, "拉萨市", "gbk"), (CHINESE, "Café", "cp1252")],
)
def test_that_a_row_pasted_in_another_encoding_is_read_alone_and_named(tmp_path, names, odd, encoding):
    rows = [line.encode() for line in lines((*names, "X"))]
    rows[-1] = rows[-1].replace(b"X", odd.encode(encoding))
    found = read(tmp_path, b"".join(rows))
    assert names_of(found) == (*names, odd)
    assert [(remark.where.row, "another encoding" in remark.template) for remark in found.remarks] == [(len(names) + 2, True)]


@pytest.mark.parametrize(("names", "encoding", "odd"), [(FRENCH, "cp1252", "Pâtisserie"), (CHINESE, "gbk", "拉萨市")])
def test_that_a_row_of_utf8_in_an_older_table_is_read_as_that(tmp_path, names, encoding, odd):
    rows = [line.encode(encoding) for line in lines((*names, "X"))]
    rows[-1] = rows[-1].replace(b"X", odd.encode())
    found = read(tmp_path, b"".join(rows))
    assert names_of(found) == (*names, odd)
    assert [remark.params for remark in found.remarks] == [{"encoding": "UTF-8"}]


@pytest.mark.parametrize("names", [FRENCH, CHINESE])
def test_that_a_broken_letter_is_refused_with_its_row_and_nothing_else(tmp_path, names):
    rows = [line.encode() for line in lines(names)]
    letter = next(byte for byte in rows[3] if byte > 0x7F)
    rows[3] = rows[3].replace(bytes([letter]), b"", 1)
    with pytest.raises(InputError) as caught:
        read(tmp_path, b"".join(rows).replace("ê".encode(), "ê".encode()))
    assert [fault.where.row for fault in caught.value.faults] == [4]


def test_that_a_row_in_quotes_over_several_lines_is_counted_as_one(tmp_path):
    rows = ["camera_id,name,lon,lat\n", 'A,"Café\nde\nla Gare",7.4,43.7\n', "B,Crèche,7.4,43.7\n", "C,X,7.4,43.7\n"]
    content = "".join(rows).encode().replace(b"X", b"H\xf4tel")
    (remark,) = read(tmp_path, content).remarks
    assert remark.where.row == 4


def test_that_a_mark_in_the_middle_of_joined_files_is_no_letter(tmp_path):
    rows = lines(("Café", "Gare"))
    found = read(tmp_path, ("\ufeff" + rows[0] + rows[1] + "\ufeff" + rows[2]).encode())
    assert [camera.camera_id for camera in found.cameras] == ["C0", "C1"]


def test_that_rows_of_zero_bytes_are_named(tmp_path):
    rows = [line.encode() for line in lines(FRENCH)]
    rows[4] = b"\0" * len(rows[4][:-1]) + b"\n"
    with pytest.raises(InputError, match="zero bytes") as caught:
        read(tmp_path, b"".join(rows))
    assert [fault.where.row for fault in caught.value.faults] == [5]


def test_that_bytes_without_any_text_are_refused(tmp_path):
    with pytest.raises(InputError, match="no text that can be read"):
        read(tmp_path, bytes(range(128, 256)) * 3 + b"\0\n\0\n" * 99)


def test_that_wide_text_is_told_from_bytes_by_its_zeros():
    assert wide_encoding("lon,lat\n".encode("utf-16-le")) == "utf-16-le"
    assert wide_encoding("lon,lat\n".encode("utf-16-be")) == "utf-16-be"
    assert wide_encoding(b"lon,lat\n7.4,43.7\0\n") is None


def test_that_a_cell_cut_within_a_letter_loses_only_that_letter():
    found = decode_pieces(["幼儿园".encode(), "住宅小区".encode()[:-1]], may_be_cut=True)
    assert found.texts == ("幼儿园", "住宅小")
    assert not found.odd
    assert not found.doubtful


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)))
def test_that_text_in_utf8_is_never_taken_for_anything_else(texts):
    found = decode_pieces([text.encode() for text in texts])
    assert found.texts == tuple(texts)
    assert (found.odd, found.doubtful) == ({}, ())


# Shapefiles

SQUARES = [shapely.box(7.4 + 0.01 * number, 43.7, 7.401 + 0.01 * number, 43.701) for number in range(6)]


def shapefile(tmp_path, names, encoding, said):
    path = tmp_path / "buildings.shp"
    cells = np.array(names, object)
    pyogrio.raw.write(
        path, shapely.to_wkb(SQUARES), [cells], ["name"], geometry_type="Polygon", crs="EPSG:4326", encoding=encoding
    )
    path.with_suffix(".cpg").unlink()
    if said:
        path.with_suffix(".cpg").write_text(said)
    return path


def as_zip(path):
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        for part in path.parent.glob("buildings.*"):
            if part.suffix != ".zip":
                archive.write(part, part.name)
    return path.with_suffix(".zip")


def texts_of(imported):
    return tuple(tags["name"] for tags in imported.layers[0].tags)


def on_texts(imported):
    return [str(remark) for remark in imported.remarks if "texts" in remark.template or "encoding" in remark.template]


@pytest.mark.parametrize(
    ("names", "encoding", "said", "words"),
    [
        (CHINESE, "GBK", "GBK", ""),
        (CHINESE, "GBK", "936", ""),
        (CHINESE, "GBK", "", "are read as GB 18030"),
        (CHINESE, "GBK", "UTF-8", "are GB 18030"),
        (CHINESE, "GBK", "ISO-8859-1", "are GB 18030"),
        (CHINESE, "UTF-8", "UTF-8", ""),
        (CHINESE, "UTF-8", "", ""),
        (CHINESE, "UTF-8", "ISO 8859-1", "are UTF-8"),
        (CHINESE, "UTF-8", "GBK", "are UTF-8"),
        (FRENCH, "ISO-8859-1", "88591", ""),
        (FRENCH, "CP1252", "", "are read as Windows-1252"),
        (FRENCH, "CP1252", "UTF-8", "are Windows-1252"),
    ],
)
def test_that_a_shapefile_is_read_by_its_bytes_whatever_it_says(tmp_path, names, encoding, said, words):
    written = tuple(name.replace("œ", "oe") for name in names)
    path = shapefile(tmp_path, written, encoding, said)
    for each in (path, as_zip(path)):
        found = read_file(each, "buildings")
        assert texts_of(found) == written
        assert len(on_texts(found)) == bool(words)
        assert words in "".join(on_texts(found))


def test_that_the_names_of_fields_are_decoded_too(tmp_path):
    path = tmp_path / "buildings.shp"
    pyogrio.raw.write(
        *(path, shapely.to_wkb(SQUARES), [np.array(["12"] * 6, object)], ["高度"]),
        **{"geometry_type": "Polygon", "crs": "EPSG:4326", "encoding": "GBK"},
    )
    path.with_suffix(".cpg").write_text("UTF-8")
    assert "高度" in read_file(path).layers[0].tags[0]


def test_that_one_cell_in_another_encoding_is_named_by_its_feature(tmp_path):
    path = shapefile(tmp_path, FRENCH, "UTF-8", "UTF-8")
    table = path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace("Hôtel".encode(), b"H\xf4tel "))
    found = read_file(path)
    assert texts_of(found)[1] == "Hôtel"
    assert ["buildings/1" in text for text in on_texts(found)] == [True]


# Maps that are text


def geojson(names):
    features = [
        {"type": "Feature", "properties": {"building": "yes", "name": name}, "geometry": shapely.geometry.mapping(square)}
        for name, square in zip(names, SQUARES, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("names", "encoding"),
    [(CHINESE, "gbk"), (TRADITIONAL, "big5"), (FRENCH, "cp1252"), (CHINESE, "utf-16"), (FRENCH, "utf-16-le")],
)
def test_that_geojson_in_another_encoding_is_read_with_a_remark(tmp_path, names, encoding):
    found = read(tmp_path, geojson(names).encode(encoding), "town.geojson")
    assert texts_of(found) == names
    assert len(on_texts(found)) == (0 if encoding.startswith("utf") else 1)


def test_that_one_text_of_a_geojson_in_another_encoding_is_named(tmp_path):
    content = geojson(FRENCH).encode().replace("Crèche".encode(), b"Cr\xe8che")
    found = read(tmp_path, content, "town.geojson")
    assert texts_of(found) == FRENCH
    assert ["Crèche" in text and "line 1" in text for text in on_texts(found)] == [True]


def test_that_xml_is_read_in_the_encoding_that_it_declares(tmp_path):
    path = tmp_path / "buildings.gml"
    pyogrio.raw.write(
        path, shapely.to_wkb(SQUARES), [np.array(CHINESE, object)], ["name"], geometry_type="Polygon", crs="EPSG:4326"
    )
    path.with_suffix(".xsd").unlink()
    text = path.read_text("utf-8").replace('encoding="utf-8"', 'encoding="GBK"')
    path.write_bytes(text.encode("gbk"))
    assert texts_of(read_file(path)) == CHINESE
