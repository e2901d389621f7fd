"""Facts about OpenStreetMap files as Overpass and editors write them: another order, ids below zero, positions in the ways."""

import json
import zipfile

import pytest

from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file

CORNERS = {1: (11.0, 48.0), 2: (11.001, 48.0), 3: (11.001, 48.001), 4: (11.0, 48.001)}
HOUSE = {"building": "house"}


def node(key, at, sign=""):
    return f"<node id='{sign}{key}' lon='{at[0]}' lat='{at[1]}'/>"


def way(key, refs, tag, sign="", positions=False):
    """Return a way as XML, with the positions of its nodes in it where that is asked for."""
    at = (f" lon='{CORNERS[ref][0]}' lat='{CORNERS[ref][1]}'" if positions else "" for ref in refs)
    nds = "".join(f"<nd ref='{sign}{ref}'{where}/>" for ref, where in zip(refs, at, strict=True))
    return f"<way id='{sign}{key}'>{nds}<tag k='{tag[0]}' v='{tag[1]}'/></way>"


NODES = "".join(node(*each) for each in CORNERS.items())
WAYS = way(6, (1, 3), ("highway", "residential")) + way(5, (1, 2, 3, 4, 1), ("building", "house"))


def osm(path, body):
    path.write_text(f"<osm version='0.6'>{body}</osm>", encoding="utf-8")
    return path


def answer(path, *elements, **more):
    """Return the path of the JSON of Overpass with these elements."""
    head = {"version": 0.6, "generator": "Overpass API", "osm3s": {"timestamp_osm_base": "2026-05-31T10:00:00Z"}}
    path.write_text(json.dumps({**head, **more, "elements": elements}), encoding="utf-8")
    return path


def areas_m2(imported):
    return {
        layer.name: {key: round(shape.area) for key, shape in zip(layer.ids, layer.geometry, strict=True)}
        for layer in imported.layers
    }


@pytest.fixture
def in_order(tmp_path):
    return areas_m2(read_file(osm(tmp_path / "in-order.osm", NODES + WAYS)))


def test_that_ways_before_their_nodes_are_read_as_if_they_came_after(tmp_path, in_order):
    assert set(in_order["buildings"]) == {"way/5"}
    assert set(in_order["roads"]) == {"way/6"}
    assert areas_m2(read_file(osm(tmp_path / "body-first.osm", WAYS + NODES))) == in_order


def test_that_positions_in_the_ways_do_as_well_as_nodes(tmp_path, in_order):
    body = way(6, (1, 3), ("highway", "residential"), positions=True) + way(
        5, (1, 2, 3, 4, 1), ("building", "house"), positions=True
    )
    assert areas_m2(read_file(osm(tmp_path / "geom.osm", body))) == in_order


def test_that_what_was_never_uploaded_keeps_its_id_below_zero(tmp_path, in_order):
    drawn = "".join(node(*each, sign="-") for each in CORNERS.items()) + way(5, (1, 2, 3, 4, 1), ("building", "house"), sign="-")
    assert areas_m2(read_file(osm(tmp_path / "drawn.osm", drawn))) == {"buildings": {"way/-5": in_order["buildings"]["way/5"]}}


def test_that_a_thing_that_a_second_statement_repeats_without_tags_counts_once(tmp_path, in_order):
    bare = "<way id='5'>" + "".join(f"<nd ref='{ref}'/>" for ref in (1, 2, 3, 4, 1)) + "</way>"
    assert areas_m2(read_file(osm(tmp_path / "twice.osm", WAYS + bare + NODES))) == in_order


def test_that_a_way_cut_at_the_edge_of_an_extract_is_still_told_as_broken(tmp_path):
    imported = read_file(osm(tmp_path / "cut.osm", NODES + WAYS.replace("<nd ref='4'/>", "<nd ref='44'/>")))
    assert [remark.where.item for remark in imported.remarks] == ["way/5"]


def test_that_the_json_of_overpass_is_read_in_each_of_its_forms(tmp_path, in_order):
    nodes = [{"type": "node", "id": key, "lon": lon, "lat": lat} for key, (lon, lat) in CORNERS.items()]
    refs = {"type": "way", "id": 5, "nodes": [1, 2, 3, 4, 1], "tags": HOUSE}
    geometry = [{"lon": CORNERS[ref][0], "lat": CORNERS[ref][1]} for ref in refs["nodes"]]
    bare = {"type": "way", "id": 5, "geometry": geometry, "tags": HOUSE}
    forms = {"body": (refs, *nodes), "geom": ({**refs, "geometry": geometry},), "bare": (bare,)}
    for name, elements in forms.items():
        imported = read_file(answer(tmp_path / f"{name}.json", *elements))
        assert areas_m2(imported) == {"buildings": in_order["buildings"]}, name
        assert imported.record.date == "2026-05-31"


def test_that_the_outline_of_a_relation_may_stand_in_its_members(tmp_path, in_order):
    geometry = [{"lon": CORNERS[ref][0], "lat": CORNERS[ref][1]} for ref in (1, 2, 3, 4, 1)]
    member = {"type": "way", "ref": 5, "role": "outer", "geometry": geometry}
    yard = {"type": "relation", "id": 9, "members": [member], "tags": {"type": "multipolygon", **HOUSE}}
    imported = read_file(answer(tmp_path / "relation.json", yard))
    assert areas_m2(imported) == {"buildings": {"relation/9": in_order["buildings"]["way/5"]}}


def test_that_an_answer_without_outlines_says_what_to_ask_for(tmp_path):
    camera = {"type": "node", "id": 1, "lon": 11.0, "lat": 48.0, "tags": {"man_made": "surveillance"}}
    middle = {"type": "way", "id": 5, "center": {"lon": 11.0, "lat": 48.0}, "tags": HOUSE}
    (remark,) = read_file(answer(tmp_path / "center.json", camera, middle)).remarks
    assert (remark.params["count"], "out geom;" in remark.template) == (1, True)
    with pytest.raises(InputError, match="out geom;"):
        read_file(osm(tmp_path / "center.osm", "<way id='5'><center lat='48.0' lon='11.0'/><nd ref='1'/></way>"))


def test_that_an_answer_that_ran_out_of_time_is_told_as_incomplete(tmp_path):
    reason = "runtime error: Query timed out"
    camera = {"type": "node", "id": 1, "lon": 11.0, "lat": 48.0, "tags": {"man_made": "surveillance"}}
    files = (
        answer(tmp_path / "late.json", camera, remark=reason),
        osm(tmp_path / "late.osm", NODES + WAYS + f"<remark> {reason} </remark>"),
    )
    for file in files:
        assert [remark.params["reason"] for remark in read_file(file).remarks] == [reason]


def test_that_a_json_file_that_breaks_off_is_refused_in_words(tmp_path):
    (tmp_path / "cut.json").write_text('{"version": 0.6, "elements": [{"type": "node", "id": 1', encoding="utf-8")
    with pytest.raises(InputError, match="the JSON of this file breaks off or is wrong at line 1"):
        read_file(tmp_path / "cut.json")


def test_that_a_zipped_file_is_read_as_the_file_in_it(tmp_path, in_order):
    with zipfile.ZipFile(tmp_path / "town.osm.zip", "w") as archive:
        archive.write(osm(tmp_path / "town.osm", NODES + WAYS), "town.osm")
    imported = read_file(tmp_path / "town.osm.zip")
    assert areas_m2(imported) == in_order
    assert imported.record.kind == "osm"
