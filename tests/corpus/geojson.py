"""GeoJSON: buildings, places and cameras, whole and odd."""

import json
from typing import Any

import numpy as np

from corpus.case import Reader
from lhasaplan.core.base.crs import gcj02_from_wgs84

READER = Reader("GeoJSON", "buildings.geojson", {})
taken, refused = READER.taken, READER.refused
PARIS = (2.3522, 48.8566)


def square(lon: float = 2.3522, lat: float = 48.8566, size: float = 0.0002) -> list[list[list[float]]]:
    """Return the ring of a square whose south-western corner is given, in a polygon."""
    return [[[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]]


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    """Return a feature; a list is a polygon, a pair a point."""
    if isinstance(geometry, tuple):
        geometry = {"type": "Point", "coordinates": list(geometry)}
    elif isinstance(geometry, list):
        geometry = {"type": "Polygon", "coordinates": geometry}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: Any, **more: Any) -> str:
    """Return a collection of features as text."""
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)}, ensure_ascii=False)


def crs(name: str) -> dict[str, Any]:
    """Return the old way in which GeoJSON names a system."""
    return {"crs": {"type": "name", "properties": {"name": name}}}


def metres(x: float, y: float) -> list[list[list[float]]]:
    """Return a square of ten metres."""
    return square(x, y, 10.0)


HOUSE = feature(square(), id="h", height=9)
B1, B2 = {"buildings": 1}, {"buildings": 2}
NO_HEIGHTS = "heights are assumed"
taken("a house", collection(HOUSE), B1, at=PARIS, tags={"height": "9"})
taken(
    "houses of many pieces",
    collection(feature({"type": "MultiPolygon", "coordinates": [square(), square(2.353)]}, height=9)),
    B1,
    at=PARIS,
)
taken("a house with a yard", collection(feature([square()[0], square(2.35225, 48.85665, 0.00005)[0]], height=9)), B1, at=PARIS)
taken("corners with heights", collection(feature([[[*xy, 35.0] for xy in square()[0]]], height=9)), B1, at=PARIS)
taken("heights in feet", collection(feature(square(), HEIGHT_FT=30)), B1, tags={"height": "9.144"})
taken("heights as text with commas", collection(feature(square(), hauteur="12,5 m")), B1, tags={"height": "12,5 m"})
taken(
    "heights in Chinese", collection(feature(square(), 建筑高度=12, 名称="教学楼")), B1, tags={"height": "12", "name": "教学楼"}
)
taken("storeys", collection(feature(square(), geschosse=3)), B1, tags={"building:levels": "3"})
taken("no heights", collection(feature(square(), name="A")), B1, words=(NO_HEIGHTS,))
taken(
    "heights that are all null",
    collection(feature(square(), height=None), feature(square(2.353), height=None)),
    B2,
    words=("height", "2"),
)
taken("one feature alone", json.dumps(HOUSE), B1, at=PARIS)
taken(
    "lines of features",
    json.dumps(HOUSE) + "\n" + json.dumps(feature(square(2.353), height=4)) + "\n",
    B2,
    file="buildings.geojsonl",
    at=PARIS,
)
taken("a mark at the start", "\ufeff" + collection(HOUSE), B1, at=PARIS)
taken("an ending of .json", collection(HOUSE), B1, file="buildings.json", at=PARIS)
taken("degrees said as CRS 84", collection(HOUSE, **crs("urn:ogc:def:crs:OGC:1.3:CRS84")), B1, at=PARIS)
taken(
    "a metric system that is said",
    collection(feature(metres(652469.02, 6862035.26), height=9), **crs("urn:ogc:def:crs:EPSG::2154")),
    B1,
    at=PARIS,
    near_m=15.0,
)
taken("unclosed rings", collection(HOUSE, feature([square()[0][:-1]], id="b14", height=9)), B2, words=("1 outlines", "closed"))
taken(
    "places and houses told by tags",
    collection(feature(square(), building="yes", height=9), feature((2.3523, 48.8567), amenity="school")),
    {"buildings": 1, "places": 1},
    file="city.geojson",
)
taken("tags in capitals", collection(feature(square(), BUILDING="yes", HEIGHT="9")), B1, file="city.geojson")
taken(
    "roads",
    collection(feature({"type": "LineString", "coordinates": [[2.3522, 48.8566], [2.353, 48.857]]}, highway="residential")),
    {"roads": 1},
    file="roads.geojson",
    at=PARIS,
)
taken(
    "trees", collection(feature(PARIS, baumhoehe="12,5")), {"trees": 1}, file="trees.geojson", at=PARIS, tags={"height": "12,5"}
)
taken("areas with names", collection(feature(square(size=0.01), name="Nord")), {"areas": 1}, file="areas.geojson", at=PARIS)
taken(
    "cameras as points",
    collection(feature(PARIS, camera_id="A", azimuth_deg=90)),
    {"cameras": 1},
    file="cameras.geojson",
    at=PARIS,
    values={"azimuth_deg": 90.0},
)
taken(
    "cameras of OpenStreetMap",
    collection(feature(PARIS, man_made="surveillance", **{"camera:type": "dome"})),
    {"cameras": 1},
    file="osm.geojson",
    at=PARIS,
    values={"kind": "dome"},
)
taken(
    "signs as points",
    collection(feature(PARIS, sign_id="1", pictogram="yes")),
    {"signs": 1},
    file="signs.geojson",
    options={"kind": "signs"},
)
taken(
    "a tag of faith",
    collection(feature(PARIS, amenity="place_of_worship", religion="x", denomination="y")),
    {"places": 1},
    file="places.geojson",
    tags={"religion": None},
)
taken(
    "a collection in a feature",
    collection(
        feature(
            {
                "type": "GeometryCollection",
                "geometries": [{"type": "Polygon", "coordinates": square()}, {"type": "Point", "coordinates": [2.35, 48.85]}],
            },
            height=9,
        )
    ),
    B1,
    at=PARIS,
)
taken(
    "numbers of many digits",
    collection(feature([[[round(x, 15), y] for x, y in square()[0]]], height=9.000000000001)),
    B1,
    at=PARIS,
)
taken("a house across the date line", collection(feature(square(179.9999, -16.5), height=9)), B1, words=("territory",))

# As programs write them.
GEOMETRY = json.dumps(HOUSE["geometry"])
TOPOJSON = '{"type":"Topology","objects":{"b":{"type":"Polygon","arcs":[[0]]}},"arcs":[[[2.35,48.85],[2.351,48.85],[2.351,48.851],[2.35,48.85]]]}'
ESRI = (
    '{"geometryType":"esriGeometryPolygon","spatialReference":{"wkid":4326},"fields":[{"name":"height","type":"esriFieldTypeDouble"}],'
    '"features":[{"attributes":{"height":9},"geometry":{"rings":[[[2.35,48.85],[2.35,48.851],[2.351,48.851],[2.35,48.85]]]}}]}'
)
taken(
    "tags within tags", collection(feature(square(), tags={"building": "yes", "height": "9"})), B1, file="city.geojson", at=PARIS
)
taken("bounds beside the features", collection(HOUSE, bbox=[2, 48, 3, 49]), B1, at=PARIS)
taken("a feature that is null", '{"type":"FeatureCollection","features":[null,' + json.dumps(HOUSE) + "]}", B1, at=PARIS)
taken("a geometry alone", GEOMETRY, B1, at=PARIS, words=(NO_HEIGHTS,))
taken("TopoJSON", TOPOJSON, B1, file="buildings.json", at=(2.35, 48.85), near_m=200.0, words=("coordinate system",))
taken("JSON of Esri", ESRI, B1, file="buildings.json", at=(2.35, 48.85), tags={"height": "9"})
taken("a key twice", '{"type":"Feature","properties":{"height":9,"height":10},"geometry":' + GEOMETRY + "}", B1, at=PARIS)
taken(
    "a height that is NaN", '{"type":"Feature","properties":{"height":NaN},"geometry":' + GEOMETRY + "}", B1, words=("no height",)
)
taken(
    "heights as numbers and as texts",
    collection(feature(square(), height=9), feature(square(2.353), height="10 m")),
    B2,
    at=PARIS,
)
taken(
    "ids as numbers and as texts", collection({**HOUSE, "id": 1}, {**feature(square(2.353), height=4), "id": "b"}), B2, at=PARIS
)
taken(
    "an outline as a closed line", collection(feature({"type": "LineString", "coordinates": square()[0]}, height=9)), B1, at=PARIS
)
taken(
    "a camera as many points of one",
    collection(feature({"type": "MultiPoint", "coordinates": [list(PARIS)]}, camera_id="A", azimuth=1)),
    {"cameras": 1},
    file="cameras.geojson",
    at=PARIS,
)
refused(
    "a camera at two points",
    collection(feature({"type": "MultiPoint", "coordinates": [list(PARIS), [2.353, 48.857]]}, camera_id="A", azimuth=1)),
    "point",
    file="cameras.geojson",
    items=("feature 1",),
)
refused("a comma too many", collection(HOUSE)[:-2] + ",]}", "line 1")
refused("a comment above", "// houses\n" + collection(HOUSE))

# Shapes that are not sound: each is told, with its id.
BOW = [[[2.3522, 48.8566], [2.3524, 48.8568], [2.3524, 48.8566], [2.3522, 48.8568], [2.3522, 48.8566]]]
taken("a bow-tie", collection(feature(BOW, id="b7", height=9), HOUSE), B2, words=("b7",))
taken("a hole outside its ring", collection(feature([square()[0], square(2.36)[0]], id="b8", height=9)), B1, words=("b8",))
taken(
    "a hole within a hole",
    collection(
        feature([square()[0], square(2.35222, 48.85662, 0.0001)[0], square(2.35224, 48.85664, 0.00002)[0]], id="b9", height=9)
    ),
    B1,
    words=("b9",),
)
taken(
    "a house of no area",
    collection(feature([[[2.35, 48.85], [2.351, 48.85], [2.35, 48.85], [2.35, 48.85]]], id="b10", height=9), HOUSE),
    B1,
    words=("b10",),
)
taken("a house without geometry", collection(feature(None, id="b11", height=9), HOUSE), B1, words=("1 features",))
taken("points among houses", collection(feature(PARIS, height=3), HOUSE), B1, words=("1 features", "buildings"))
taken("a house twice", collection(feature(square(), id="1", height=9), feature(square(), id="1", height=9)), B2)
taken(
    "features that belong to no layer",
    collection(feature(square(), building="yes", height=9), feature(PARIS, colour="red")),
    B1,
    file="city.geojson",
    words=("1 features", "no layer"),
)
taken("a height that is absurd", collection(feature(square(), id="b12", height=9000)), B1, words=("9000",))
taken("a height below zero", collection(feature(square(), id="b13", height=-4)), B1, words=("-4",))

# Places that are not what they seem.
refused("longitude and latitude swapped, in the sea", collection(feature(square(48.8566, 120.35), height=9)), "latitude first")
refused("longitude and latitude swapped, on land", collection(feature(square(48.8566, 2.3522), height=9)), "swapped", "--crs")
refused("metres without a system", collection(feature(metres(652469.0, 6862035.0), height=9)), "--crs")
taken(
    "metres with the system given",
    collection(feature(metres(652469.02, 6862035.26), height=9)),
    B1,
    options={"crs": "EPSG:2154"},
    at=PARIS,
    near_m=15.0,
    words=("EPSG:2154",),
)
refused("half in degrees, half in metres", collection(HOUSE, feature(metres(652469.0, 6862035.0), height=9)), "--crs")
refused("degrees that are said to be metres", collection(HOUSE, **crs("urn:ogc:def:crs:EPSG::2154")), "--crs")
taken("a system that there is not", collection(HOUSE, **crs("urn:ogc:def:crs:EPSG::999999")), B1, at=PARIS, words=("999999",))
refused("all at zero", collection(feature(square(0.0, 0.0), height=9)), "0")
taken(
    "one corner at zero",
    collection(HOUSE, feature([[[0, 0], [2.353, 48.857], [2.3531, 48.857], [0, 0]]], id="z", height=9)),
    B1,
    words=("buildings/z", "across", "left out"),
)
refused(
    "a corner that is endless",
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"height":9},"geometry":{"type":"Polygon","coordinates":[[[1e999,48.8],[2.3,48.9],[2.4,48.8],[1e999,48.8]]]}}]}',
)
GCJ = tuple(float(each) for each in gcj02_from_wgs84(np.array(91.13), np.array(29.65)))
taken(
    "a datum of China, given",
    collection(feature(square(*GCJ), height=9)),
    B1,
    options={"datum": "gcj02"},
    at=(91.13, 29.65),
    near_m=1.0,
    words=("territory",),
)

# Files that are not whole.
WHOLE = collection(HOUSE, feature(square(2.353), height=4))
refused("cut off", WHOLE[: len(WHOLE) // 2])
refused("an empty file", "")
refused("an empty object", "{}")
refused("a list of numbers", "[1, 2, 3]")
refused("no features", collection(), "nothing")
refused("features that are no list", '{"type":"FeatureCollection","features":{"a":1}}')
refused("a page of the web", "<html><body>404</body></html>", "web page|html")
taken(
    "a bad byte in one name of three",
    collection(
        feature(square(), id="n0", height=9, name="东门派出所"),
        feature(square(2.353), id="n1", height=9, name="西门X"),
        feature(square(2.354), id="n2", height=9, name="南门幼儿园"),
    )
    .encode()
    .replace("西门X".encode(), b"\xe8\xa5\xbf\xe9\x97X"),
    {"buildings": 3},
    words=("西", "broken"),
)
taken(
    "GB 18030",
    collection(feature(square(), height=9, name="东门派出所"), feature(square(2.353), height=9, name="西门小学校")).encode(
        "gb18030"
    ),
    B2,
    tags={"name": "东门派出所"},
    words=("GB 18030",),
)
taken("UTF-16", WHOLE.encode("utf-16"), B2, at=PARIS)
refused("brackets a hundred thousand deep", "[" * 100_000)
refused(
    "coordinates as text",
    collection(feature({"type": "Polygon", "coordinates": [[["2.3", "48.8"], ["2.4", "48.8"], ["2.4", "48.9"]]]}, height=9)),
)
refused(
    "coordinates of one number",
    collection(feature({"type": "Point", "coordinates": [2.3]}, camera_id="A", azimuth=1)),
    file="cameras.geojson",
)
refused("a geometry of a kind that there is not", collection(feature({"type": "Sphere", "coordinates": [2.3, 48.8]}, height=9)))
refused("nobody knows what it is", collection(feature(square(), colour="red")), "--as", file="data.geojson")
refused(
    "cameras of which three are wrong",
    collection(
        feature((2.35, 48.85), camera_id="A", azimuth=400),
        feature((2.351, 48.85), camera_id="B", kind="laser"),
        feature((2.352, 48.85), camera_id="C", hfov=170),
    ),
    "400",
    "laser",
    "170",
    file="cameras.geojson",
    items=("feature 1", "feature 2", "feature 3"),
)
refused(
    "a camera without a point and one with a bad value",
    collection(feature(None, camera_id="A"), feature((2.351, 48.85), camera_id="B", azimuth=400)),
    "400",
    file="cameras.geojson",
    items=("feature 1", "feature 2"),
)
refused(
    "a camera that is a house",
    collection(feature(square(), camera_id="A")),
    "point",
    file="cameras.geojson",
    items=("feature 1",),
)
refused("signs asked of houses", collection(HOUSE), "point", options={"kind": "signs"})
refused("terrain asked of houses", collection(HOUSE), "terrain", options={"kind": "terrain"})

FIRST = READER.taken("a first file of houses", collection(HOUSE, feature(square(2.353), height=4)), B2)
refused("the same name without anything", collection(), "nothing", before=FIRST)
taken("the same name with less", collection(HOUSE), B1, before=FIRST, words=("replaced", "2"))
refused(
    "the same name, other data that would empty the layer",
    collection(feature(PARIS, amenity="school", building="no")),
    "buildings",
    before=FIRST,
    options={"kind": "places"},
)
