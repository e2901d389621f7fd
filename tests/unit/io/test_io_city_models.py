"""Buildings of CityJSON and CityGML: hand-worked footprints and heights, parts, systems, lines, and what is refused."""

import json

import pytest
import shapely

from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file

X, Y = 85_000.0, 446_000.0  # in the Dutch grid
GABLE = [
    *((0, 0, 1), (10, 0, 1), (10, 8, 1), (0, 8, 1)),  # the ground, 1 m above the datum
    *((0, 0, 5), (10, 0, 5), (10, 8, 5), (0, 8, 5)),  # eaves
    *((0, 4, 9), (10, 4, 9)),  # ridge
]
SOLID = {
    "type": "Solid",
    "lod": "2.2",
    "boundaries": [
        [
            *([[0, 3, 2, 1]], [[4, 5, 9, 8]], [[8, 9, 6, 7]]),
            *([[0, 1, 5, 4]], [[2, 3, 7, 6]], [[1, 2, 6, 9, 5]], [[3, 0, 4, 8, 7]]),
        ]
    ],
    "semantics": {
        "surfaces": [{"type": "GroundSurface"}, {"type": "RoofSurface"}, {"type": "WallSurface"}],
        "values": [[0, 1, 1, 2, 2, 2, 2]],
    },
}


def model(objects, vertices=GABLE, **more):
    return {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
        "transform": {"scale": [0.001, 0.001, 0.001], "translate": [X, Y, 0.0]},
        "CityObjects": objects,
        "vertices": [[round(c * 1000) for c in corner] for corner in vertices],
        **more,
    }


def read(tmp_path, content, name="delft.city.json", project_crs="EPSG:28992", **how):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_file(path, project_crs=project_crs, **how)


def only(found):
    (layer,) = (each for each in found.layers if len(each))
    assert layer.name == "buildings"
    return layer


HOUSE = {"type": "Building", "attributes": {"function": "house", "measuredHeight": 99, "religion": "any"}, "geometry": [SOLID]}


def test_that_a_gabled_house_is_as_high_as_its_roof_on_average_over_its_ground(tmp_path):
    found = read(tmp_path, model({"b1": HOUSE}))
    layer = only(found)
    assert layer.geometry[0].equals(shapely.box(X, Y, X + 10, Y + 8))  # by the ground's part of a compound system
    tags = layer.tags[0]
    assert (tags["height"], tags["roof:ele"], tags["building"]) == ("6.00", "7.00", "house")  # roof from 5 to 9: 7; ground 1
    assert "religion" not in tags
    assert any("mean height" in str(remark) for remark in found.remarks)


def test_that_parts_have_heights_of_their_own_and_what_is_said_of_the_whole(tmp_path):
    low = [*GABLE, *((20, 0, 1), (24, 0, 1), (24, 4, 1), (20, 4, 1)), *((20, 0, 4), (24, 0, 4), (24, 4, 4), (20, 4, 4))]
    block = {"type": "MultiSurface", "lod": "1.2", "boundaries": [[[10, 13, 12, 11]], [[14, 15, 16, 17]], [[10, 11, 15, 14]]]}
    objects = {
        "b": {"type": "Building", "attributes": {"function": "school"}, "children": ["b-1", "b-2"]},
        "b-1": {"type": "BuildingPart", "parents": ["b"], "geometry": [SOLID]},
        "b-2": {"type": "BuildingPart", "parents": ["b"], "geometry": [block]},
    }
    layer = only(read(tmp_path, model(objects, low)))
    assert [tags["height"] for tags in layer.tags] == ["6.00", "3.00"]
    assert {tags["building"] for tags in layer.tags} == {"school"}
    assert layer.geometry[1].area == pytest.approx(16.0)


def test_that_the_finest_shape_counts_and_a_courtyard_is_a_hole(tmp_path):
    corners = [(0, 0, 0), (9, 0, 0), (9, 9, 0), (0, 9, 0), (3, 3, 0), (6, 3, 0), (6, 6, 0), (3, 6, 0)]
    coarse = {"type": "MultiSurface", "lod": "0", "boundaries": [[[0, 1, 2, 3]]]}
    fine = {"type": "MultiSurface", "lod": "1.3", "boundaries": [[[0, 1, 2, 3], [4, 7, 6, 5]]]}
    layer = only(read(tmp_path, model({"b": {"type": "Building", "geometry": [coarse, fine]}}, corners)))
    assert layer.geometry[0].area == pytest.approx(81.0 - 9.0)


def test_that_lines_of_cityjson_are_read_each_with_its_own_corners(tmp_path):
    head = model({}, [])
    line = {"type": "CityJSONFeature", "id": "b", "CityObjects": {"b": HOUSE}, "vertices": model({})["vertices"]}
    text = "\n".join(json.dumps(each) for each in (head, line))
    assert only(read(tmp_path, text, "delft.city.jsonl")).geometry[0].area == pytest.approx(80.0)


def test_that_a_model_without_a_system_takes_the_one_that_is_given(tmp_path):
    bare = model({"b": HOUSE}, metadata={})
    with pytest.raises(InputError, match="--crs EPSG:n"):
        read(tmp_path, bare, project_crs="")
    assert read(tmp_path, bare, project_crs="", crs="EPSG:28992").crs == "EPSG:28992"


@pytest.mark.parametrize("ring", [[0, 1, 99], [0, 1, -1]], ids=["beyond", "below"])
def test_that_a_corner_that_is_not_there_is_refused_by_the_name_of_the_building(ring, tmp_path):
    broken = {"type": "Building", "geometry": [{"type": "MultiSurface", "lod": "1", "boundaries": [[ring]]}]}
    with pytest.raises(InputError, match="at the object tower"):
        read(tmp_path, model({"tower": broken}))


def test_that_a_model_of_trees_alone_is_refused_and_one_with_a_house_takes_the_house(tmp_path):
    tree = {"type": "SolitaryVegetationObject", "geometry": [SOLID]}
    with pytest.raises(InputError, match="no buildings with shapes"):
        read(tmp_path, model({"t": tree}))
    assert len(only(read(tmp_path, model({"t": tree, "b": HOUSE})))) == 1


def gml(body, version="2.0", srs="urn:ogc:def:crs,crs:EPSG::28992,crs:EPSG::5709"):
    core = f'xmlns:core="http://www.opengis.net/citygml/{version}" xmlns:bldg="http://www.opengis.net/citygml/building/{version}"'
    spaces = f'{core} xmlns:gml="http://www.opengis.net/gml" xmlns:xAL="urn:oasis:names:tc:ciq:xsdschema:xAL:2.0"'
    box = f'<gml:boundedBy><gml:Envelope srsName="{srs}" srsDimension="3"/></gml:boundedBy>'
    member = f"<core:cityObjectMember>{body}</core:cityObjectMember>"
    return f'<?xml version="1.0"?><core:CityModel {spaces}>{box}{member}</core:CityModel>'


def polygon(*numbers, at=(X, Y)):
    ring = [GABLE[n] for n in (*numbers, numbers[0])]
    text = " ".join(f"{at[0] + x} {at[1] + y} {z}" for x, y, z in ring)
    ring = f"<gml:LinearRing><gml:posList>{text}</gml:posList></gml:LinearRing>"
    return f"<gml:surfaceMember><gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon></gml:surfaceMember>"


def surface(kind, *faces):
    shapes = f"<bldg:lod2MultiSurface><gml:MultiSurface>{''.join(faces)}</gml:MultiSurface></bldg:lod2MultiSurface>"
    return f"<bldg:boundedBy><bldg:{kind}>{shapes}</bldg:{kind}></bldg:boundedBy>"


LOD2 = "".join(
    (
        surface("GroundSurface", polygon(0, 3, 2, 1)),
        surface("RoofSurface", polygon(4, 5, 9, 8), polygon(8, 9, 6, 7)),
        surface("WallSurface", polygon(0, 1, 5, 4), polygon(2, 3, 7, 6)),
    )
)
LOD1 = f"<bldg:lod1Solid>{polygon(0, 3, 2, 1)}{polygon(4, 5, 6, 7)}</bldg:lod1Solid>"
HEAD = "<bldg:function>house</bldg:function><bldg:measuredHeight>99</bldg:measuredHeight>"
STREET = "<xAL:ThoroughfareName>Markt</xAL:ThoroughfareName><xAL:ThoroughfareNumber>7</xAL:ThoroughfareNumber>"
ADDRESS = f"<bldg:address>{STREET}</bldg:address>"


@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_that_a_gabled_house_of_citygml_is_as_high_as_its_roof_on_average(version, tmp_path):
    building = f'<bldg:Building gml:id="b1">{HEAD}{LOD1}{LOD2}{ADDRESS}</bldg:Building>'
    found = read(tmp_path, gml(building, version), "delft.gml")
    layer = only(found)
    assert layer.geometry[0].equals(shapely.box(X, Y, X + 10, Y + 8))
    tags = layer.tags[0]
    assert (tags["height"], tags["roof:ele"], tags["building"]) == ("6.00", "7.00", "house")
    assert (tags["addr:street"], tags["addr:housenumber"]) == ("Markt", "7")
    assert any("mean height" in str(remark) for remark in found.remarks)


def test_that_a_block_without_roofs_is_as_high_as_its_top_and_parts_know_what_is_said_of_the_whole(tmp_path):
    part = f'<bldg:consistsOfBuildingPart><bldg:BuildingPart gml:id="p1">{LOD1}</bldg:BuildingPart></bldg:consistsOfBuildingPart>'
    layer = only(read(tmp_path, gml(f'<bldg:Building gml:id="b1">{HEAD}{part}</bldg:Building>'), "delft.gml"))
    assert [(tags["height"], tags["building"]) for tags in layer.tags] == [("4.00", "house")]


def test_that_latitudes_come_first_where_a_urn_names_degrees_and_german_names_are_known(tmp_path):
    corners = "52.0 4.35 1 52.0 4.3502 1 52.0001 4.3502 1 52.0001 4.35 1 52.0 4.35 1"
    ring = f"<gml:LinearRing><gml:posList>{corners}</gml:posList></gml:LinearRing>"
    foot = f"<bldg:lod0FootPrint><gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon></bldg:lod0FootPrint>"
    body = f'<bldg:Building gml:id="b">{foot}</bldg:Building>'
    layer = only(read(tmp_path, gml(body, srs="urn:ogc:def:crs:EPSG::4326"), "delft.gml"))
    assert layer.geometry[0].area == pytest.approx(13.73 * 11.13, rel=0.02)  # 0.0002 by 0.0001 degrees at 52 north
    block = f"<bldg:lod1Solid>{polygon(0, 3, 2, 1, at=(5e5, 57e5))}</bldg:lod1Solid>"
    german = gml(f'<bldg:Building gml:id="b1">{block}</bldg:Building>', srs="urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH")
    assert only(read(tmp_path, german, "koeln.gml", project_crs="EPSG:25832")).geometry[0].area == pytest.approx(80.0)
