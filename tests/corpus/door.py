"""What must not pass the door: pointers to servers, side files that are believed, outlines larger than anything of their kind."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ezdxf
import ezdxf.units

from corpus.case import Reader
from corpus.geojson import collection, crs, feature, metres, square

POINTING = Reader("pointers to servers", "houses.gml")
BESIDE = Reader("files beside a map", "city.gml")
VAST = Reader("outlines and drawings", "buildings.geojson", {})
READERS = (POINTING, BESIDE, VAST)
Write = Callable[[Path], object]
SERVER = "http://127.0.0.1:9"  # the port that discards
B1 = {"buildings": 1}

POINTERS = {
    "a WFS of GDAL": "<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>",
    "capabilities of a WFS": '<?xml version="1.0"?><wfs:WFS_Capabilities version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0"/>',
    "a virtual map": '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{url}/a.json</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
    "a WMS of GDAL": '<GDAL_WMS><Service name="WMS"><ServerUrl>{url}?</ServerUrl><Layers>a</Layers></Service></GDAL_WMS>',
    "a WMTS of GDAL": "<GDAL_WMTS><GetCapabilitiesUrl>{url}</GetCapabilitiesUrl></GDAL_WMTS>",
    "a WCS of GDAL": "<WCS_GDAL><ServiceURL>{url}?</ServiceURL><CoverageName>a</CoverageName></WCS_GDAL>",
    "a virtual raster": '<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
    "<SourceFilename>/vsicurl/{url}/a.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>",
}
POINTED = "only points to other files or services"


def _written_in(encoding: str, text: str) -> bytes:
    return text.format(url=SERVER).encode(encoding)


for _what, _text in POINTERS.items():
    for _name in ("a.gml", "a.kml", "a.geojson", "a.json", "a.csv", "a.tif", "a.asc", "a.fgb", "a.gpkg"):
        POINTING.refused(f"{_what} called {_name}", _written_in("utf-8", _text), POINTED, file=_name)
    for _encoding in ("utf-16", "utf-16-be", "utf-32", "utf-8-sig"):
        POINTING.refused(f"{_what} in {_encoding}", _written_in(_encoding, _text), POINTED)


def _zip(name: str, content: bytes, *more: tuple[str, bytes]) -> Write:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for each, what in ((name, content), *more):
                archive.writestr(each, what)

    return make


for _what, _text in POINTERS.items():
    POINTING.refused(f"{_what} in a zip", _zip("a.gml", _written_in("utf-8", _text)), "damaged", file="a.zip")

WFS = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" xmlns:app="http://example.org/app"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {more}
 xsi:schemaLocation="http://example.org/app {url}?service=WFS&amp;version=1.1.0&amp;request=DescribeFeatureType&amp;typeName=app:buildings">
{features}</wfs:FeatureCollection>"""
HOUSE = """<gml:featureMember><app:buildings gml:id="b.{n}"><app:height>9</app:height><app:geom>
<gml:Polygon srsName="EPSG:4326"><gml:exterior><gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>
</app:geom></app:buildings></gml:featureMember>"""
RING = "2.3522 48.8566 2.3524 48.8566 2.3524 48.8568 2.3522 48.8568 2.3522 48.8566"


def wfs(count: int = 1, more: str = "") -> str:
    """Return the answer of a server with houses."""
    return WFS.format(url=SERVER, more=more, features="".join(HOUSE.format(n=n, ring=RING) for n in range(count)))


POINTING.taken("the answer of a server that names its schema", wfs(), B1, file="buildings.gml", at=(2.3522, 48.8566))
POINTING.taken("the answer of a server in UTF-16", wfs().replace("UTF-8", "UTF-16").encode("utf-16"), B1, file="buildings.gml")
POINTING.taken("the answer of a server in a zip", _zip("buildings.gml", wfs().encode()), B1, file="buildings.zip")

PLACES = """<?xml version="1.0"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml">
<gml:featureMember><ogr:places fid="places.1"><ogr:amenity>school</ogr:amenity><ogr:geom><gml:Point srsName="EPSG:4326">
<gml:coordinates>2.35,48.85</gml:coordinates></gml:Point></ogr:geom></ogr:places></gml:featureMember></ogr:FeatureCollection>"""
GFS = """<GMLFeatureClassList><GMLFeatureClass><Name>places</Name><ElementPath>places</ElementPath><GeometryType>1</GeometryType>
<SRSName>EPSG:4326</SRSName></GMLFeatureClass></GMLFeatureClassList>"""


def _with(text: str, *beside: tuple[str, str]) -> Write:
    def make(path: Path) -> None:
        path.write_text(text, "utf-8")
        for ending, what in beside:
            path.with_suffix(ending).write_text(what, "utf-8")

    return make


for _name, _beside in {
    "a GML alone": (),
    "a .gfs that hides a tag": ((".gfs", GFS),),
    "a .gfs of noise": ((".gfs", "\0" * 99),),
    "a .xsd that hides a tag": ((".xsd", "<schema/>"),),
    "a .resolved.gml of something else": ((".resolved.gml", PLACES.replace("school", "bar")),),
}.items():
    BESIDE.taken(_name, _with(PLACES, *_beside), {"places": 1}, tags={"amenity": "school"})
BESIDE.taken(
    "a .gfs in the zip",
    _zip("city.gml", PLACES.encode(), ("city.gfs", GFS.encode())),
    {"places": 1},
    file="city.zip",
    tags={"amenity": "school"},
)

LAND = [[[6.0, 47.5], [15.0, 47.5], [15.0, 55.0], [6.0, 55.0], [6.0, 47.5]]]
PARIS_M = (652469.0, 6862035.0)
LAMBERT = crs("urn:ogc:def:crs:EPSG::2154")


def with_corner(number: int, x: float, y: float) -> list[list[list[float]]]:
    """Return a small square of which one corner lies elsewhere."""
    ring = square(2.353)
    ring[0][number] = [x, y]
    return ring


def house(shape: Any, name: str = "bad") -> dict[str, Any]:
    """Return a building with a height."""
    return feature(shape, id=name, height=9)


GOOD = house(square(), "good")
VAST.taken(
    "a house as large as a land",
    collection(GOOD, house(LAND)),
    B1,
    words=("1,084 km across", "give it as areas", "left out"),
    items=("bad",),
)
VAST.refused(
    "nothing but a house as large as a land", collection(house(LAND)), "1,084 km across", "give it as areas", items=("bad",)
)
for _number, _at in ((1, (0.0, 48.8566)), (2, (0.0, 0.0)), (3, (2.3522, 0.0)), (2, (-2.353, 48.8568)), (1, (23.53, 48.8566))):
    VAST.taken(
        f"corner {_number + 1} at {_at[0]:g}, {_at[1]:g}",
        collection(GOOD, house(with_corner(_number, *_at))),
        B1,
        words=(f"its corner {_number + 1} lies", "km from the others"),
        items=("bad",),
    )
VAST.taken(
    "a house in millimetres among others",
    collection(house(metres(*PARIS_M), "good"), house([[[x + 20_000.0 * i, y + 10_000.0 * j] for i, j in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]
    for x, y in (PARIS_M,)]), **LAMBERT),
    B1,
    words=("22.4|22 km across", "millimetres"),
    items=("bad",),
)  # fmt: skip
VAST.taken("the longest house that there may be", collection(house([[[x + PARIS_M[0], y + PARIS_M[1]] for x, y in
    ((0, 0), (3070, 0), (3070, 20), (0, 20), (0, 0))]]), **LAMBERT), B1)  # fmt: skip
VAST.taken(
    "a land as an area",
    collection(feature(LAND, id="de", name="land")),
    {"areas": 1},
    file="areas.geojson",
)
VAST.taken(
    "the ground of a school as large as a land",
    collection(feature(square(), id="good", amenity="school"), feature(LAND, id="bad", amenity="school")),
    {"places": 1},
    file="places.geojson",
    words=("of places would be 1,084 km across",),
    items=("bad",),
)
VAST.taken(
    "a road around the earth",
    collection(
        feature({"type": "LineString", "coordinates": [[2.35, 48.85], [2.36, 48.86]]}, highway="residential"),
        feature({"type": "LineString", "coordinates": [[2.35, 48.85], [2.35, 58.85]]}, highway="residential"),
    ),
    {"roads": 1},
    file="roads.geojson",
    words=("of roads would be",),
)


def drawing(radius: float) -> Write:
    """Return a writer of a drawing of a house and a circle."""

    def make(path: Path) -> None:
        plan = ezdxf.new()
        sheet = plan.modelspace()
        sheet.add_circle((652469.0, 6862035.0), radius, dxfattribs={"layer": "buildings"})
        ring = [(652469.0, 6862035.0), (652479.0, 6862035.0), (652479.0, 6862045.0), (652469.0, 6862045.0)]
        sheet.add_lwpolyline(ring, close=True, dxfattribs={"layer": "buildings"})
        plan.units = ezdxf.units.M
        plan.saveas(path)

    return make


VAST.taken(
    "a circle of a drawing as large as the earth",
    drawing(1e8),
    B1,
    file="plan.dxf",
    options={"crs": "EPSG:2154", "kind": "buildings"},
    words=("beyond the earth|km across", "left out"),
)
VAST.refused("a corner beyond all numbers", collection(house(metres(*PARIS_M), "good"), house([[[652469.0, 6862035.0], [1e12, 6862035.0],
    [1e12, 1e12], [652469.0, 6862035.0]]]), **LAMBERT), "EPSG:2154", "1 of 2")  # fmt: skip


def of_chinese(encoding: str, version: str = "R2010") -> Write:
    """Return a writer of a drawing with a house on a layer of that name in Chinese."""

    def make(path: Path) -> None:
        plan = ezdxf.new(version)
        ring = [(652469.0, 6862035.0), (652479.0, 6862035.0), (652479.0, 6862045.0), (652469.0, 6862045.0)]
        plan.modelspace().add_lwpolyline(ring, close=True, dxfattribs={"layer": "建筑"})
        plan.units = ezdxf.units.M
        plan.saveas(path)
        path.write_bytes(path.read_text("utf-8").encode(encoding))

    return make


DXF = {"crs": "EPSG:2154", "kind": "buildings"}
for _version in ("R2007", "R2010", "R2018"):
    for _encoding, _name in (("gb18030", "GB 18030"), ("cp950", "Big5")):
        VAST.taken(
            f"a drawing of {_version} whose layers are in {_name}",
            of_chinese(_encoding, _version),
            B1,
            file="plan.dxf",
            options=DXF,
            words=("not UTF-8", _name),
        )
VAST.taken(
    "a drawing whose layers are in UTF-8", of_chinese("utf-8"), B1, file="plan.dxf", options=DXF, words=("no column of these",)
)
