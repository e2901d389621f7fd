"""Files of which rows would be lost in silence: heads that lie, broken lines, parts of answers, hidden sheets, formulas."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from corpus.case import Reader
from corpus.door import B1, wfs
from corpus.geojson import collection, feature, square
from corpus.map_files import HOUSE, OTHER, shapes, sql

LOST = Reader("rows that would be lost", "buildings.geojson", {})
SHEETS = Reader("cells of workbooks", "cameras.xlsx")
READERS = (LOST, SHEETS)
taken, refused = LOST.taken, LOST.refused
B2, B3 = {"buildings": 2}, {"buildings": 3}
HOUSES = [feature(square(2.3522 + n * 0.001), id=f"h{n}", height=9) for n in range(3)]
MORE, SERVER = "ask it for the rest", "the server that gave this file has {} features, and 3 are in it"

for _count in (0, 1, 9, 10**9, -1):
    taken(
        f"a head of a GeoPackage that tells of {_count} of two houses",
        shapes(HOUSE, OTHER, then=[sql(f"UPDATE gpkg_ogr_contents SET feature_count = {_count}")]),
        B2,
        file="buildings.gpkg",
    )
taken(
    "a GeoPackage without a head of counts",
    shapes(HOUSE, OTHER, then=[sql("DROP TABLE gpkg_ogr_contents")]),
    B2,
    file="buildings.gpkg",
)
taken(
    "a GeoPackage that a program without counts wrote to",
    shapes(
        HOUSE,
        OTHER,
        then=[
            sql(
                "DROP TRIGGER IF EXISTS trigger_insert_feature_count_buildings",
                "INSERT INTO buildings (geom, height) SELECT geom, height FROM buildings LIMIT 1",
            )
        ],
    ),
    B3,
    file="buildings.gpkg",
)

LINES = [json.dumps(each) for each in HOUSES]
_lines: dict[str, tuple[list[str], tuple[int, ...]]] = {
    "cut in the middle": ([LINES[0], LINES[1][:-9], LINES[2]], (2,)),
    "cut at the end": ([*LINES[:2], LINES[2][:40]], (3,)),
    "a word before it": ([LINES[0], "x " + LINES[1], LINES[2]], (2,)),
    "two that are broken": ([LINES[0], LINES[1][1:], LINES[2][:-1]], (2, 3)),
    "a message of a server": ([*LINES, "Error: 504 Gateway Time-out"], (4,)),
    "two that are one": ([LINES[0] + LINES[1], LINES[2]], (1,)),
}
for _what, (_text, _rows) in _lines.items():
    refused(f"lines of features, {_what}", "\n".join(_text), "this line is no feature", file="buildings.geojsonl", rows=_rows)
taken("lines of features with blank lines", "\n\n".join(LINES) + "\n\n", B3, file="buildings.geojsonl")
taken("lines of features with marks before them", "".join(f"\x1e{each}\n" for each in LINES), B3, file="buildings.geojsonl")

ODD: dict[str, Any] = {
    "a list": [1, 2],
    "a word": "house",
    "a number": 7,
    "no type": {key: value for key, value in HOUSES[1].items() if key != "type"},
    "a type in small letters": {**HOUSES[1], "type": "feature"},
    "a type of a geometry": HOUSES[1]["geometry"],
}
for _what, _odd in ODD.items():
    refused(
        f"a collection with {_what} among its features",
        collection(HOUSES[0], _odd, HOUSES[2]),
        "holds 3 features, and only 2 can be read",
    )
taken(
    "a feature within the properties of one",
    collection(*HOUSES[:2], feature(square(2.36), id="n", height=9, note={"type": "Feature"})),
    B3,
)

for _key in ("numberMatched", "totalFeatures"):
    taken(f"{_key} that says there are more", collection(*HOUSES, **{_key: 500}), B3, words=(SERVER.format(500), MORE))
    taken(f"{_key} in words", collection(*HOUSES, **{_key: "500"}), B3, words=(SERVER.format(500),))
    taken(f"{_key} that says there are no more", collection(*HOUSES, **{_key: 3}), B3)
    taken(f"{_key} that is not known", collection(*HOUSES, **{_key: "unknown"}), B3)
taken(
    "an answer that goes on elsewhere",
    collection(*HOUSES, links=[{"rel": "next", "href": "?page=2"}]),
    B3,
    words=("(next)", MORE),
)
taken("an answer with links to itself", collection(*HOUSES, links=[{"rel": "self", "href": "?"}]), B3)
LIMIT = "exceededTransferLimit"
taken("a service that gave no more than its limit", collection(*HOUSES, properties={LIMIT: True}), B3, words=(LIMIT, MORE))
taken("a service that gave no more, in the top", collection(*HOUSES, **{LIMIT: True}), B3, words=(LIMIT, MORE))
taken("a service within its limit", collection(*HOUSES, properties={LIMIT: False}), B3)
ESRI = {
    "geometryType": "esriGeometryPolygon",
    "spatialReference": {"wkid": 4326},
    "fields": [{"name": "height", "type": "esriFieldTypeDouble"}],
    "features": [{"attributes": {"height": 9}, "geometry": {"rings": square()}}],
}
taken("JSON of Esri over its limit", json.dumps({**ESRI, LIMIT: True}), B1, file="buildings.json", words=(LIMIT, MORE))
taken("JSON of Esri within its limit", json.dumps({**ESRI, LIMIT: False}), B1, file="buildings.json")
GML_MORE = {
    "a WFS 2.0 that has more": ('numberMatched="500" numberReturned="2"', ("has 500 features, and 2 are in it",)),
    "a WFS 2.0 that knows not how many": ('numberMatched="unknown" numberReturned="2"', ()),
    "a WFS 2.0 that has no more": ('numberMatched="2" numberReturned="2"', ()),
    "a WFS 2.0 that goes on": ('next="http://127.0.0.1:9/?startIndex=2"', ("(next)",)),
}
for _what, (_more, _words) in GML_MORE.items():
    taken(_what, wfs(2, _more), B2, file="buildings.gml", words=_words)

LINK = "<NetworkLink><Link><href>http://127.0.0.1:9/b.kml</href></Link></NetworkLink>"
POINT = "<Placemark><Point><coordinates>2.3522,48.8566</coordinates></Point></Placemark>"
KML = '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
TREES = {"kind": "trees"}
taken("a KML with a link", KML.format(LINK + POINT), {"trees": 1}, file="a.kml", options=TREES, words=("1 links", "not followed"))
taken("a KML with two links", KML.format(2 * LINK + POINT), {"trees": 1}, file="a.kml", options=TREES, words=("2 links",))
refused("a KML of links alone", KML.format(LINK), "nothing in this file", "1 links", file="a.kml", options=TREES)

NODES = "".join(
    f'<node id="{n}" lat="{48.85 + a * 0.0001}" lon="{2.35 + b * 0.0001}"/>'
    for n, (a, b) in enumerate(((0, 0), (0, 1), (1, 1), (1, 0)), 1)
)
REFS = "".join(f'<nd ref="{n}"/>' for n in (1, 2, 3, 4, 1))
HOME = '<tag k="building" v="house"/>'
DELETED = {
    "a house": (f"<way id='7' action='delete'>{REFS}{HOME}</way>", ("way/7",)),
    "a house, ids in double marks": (f'<way action="delete" id="7" version="2">{REFS}{HOME}</way>', ("way/7",)),
    "a new house": (f'<way id="-7" action="delete">{REFS}{HOME}</way>', ("way/-7",)),
    "a house, deleted for all": (f"<way id='7' version='3' visible='false'>{REFS}{HOME}</way>", ("way/7",)),
    "a school": ('<node id="9" action="delete" lat="48.85" lon="2.35"><tag k="amenity" v="school"/></node>', ("node/9",)),
    "a ground of many ways": (
        f'<relation id="5" action="delete"><member type="way" ref="8" role="outer"/><tag k="type" v="multipolygon"/>{HOME}</relation>',
        ("relation/5",),
    ),
}
for _what, (_thing, _ids) in DELETED.items():
    taken(
        f"{_what} that an editor has deleted",
        f"<osm version='0.6' generator='JOSM'>{NODES}<way id='8'>{REFS}{HOME}</way>{_thing}</osm>",
        B1,
        file="a.osm",
        words=("only to be deleted", *_ids),
    )
taken(
    "a house that an editor has changed",
    f"<osm version='0.6' generator='JOSM'>{NODES}<way id='8' action='modify'>{REFS}{HOME}</way></osm>",
    B1,
    file="a.osm",
)

HEAD = ["id", "lon", "lat", "name"]
ROW = ["A", 2.3522, 48.8566, "Gate"]
OLD = [HEAD, ["OLD", 2.36, 48.86, "Gone"], ["OLD 2", 2.36, 48.861, "Gone"]]
NEW = [HEAD, ROW, ["B", 2.353, 48.857, "Door"]]


def book(
    sheets: dict[str, list[list[Any]]], *, hidden: tuple[str, ...] = (), very: bool = False, merge: tuple[str, ...] = ()
) -> Callable[[Path], object]:
    """Return a writer of a workbook with sheets that are hidden and cells that are merged in the first."""

    def write(path: Path) -> None:
        made = openpyxl.Workbook()
        made.remove(made.worksheets[0])
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
            sheet.sheet_state = ("veryHidden" if very else "hidden") if name in hidden else "visible"
        for cells in merge:
            made.worksheets[0].merge_cells(cells)
        made.active = next((n for n, name in enumerate(sheets) if name not in hidden), 0)
        made.save(path)

    return write


seen, unseen = SHEETS.taken, SHEETS.refused
for _very in (False, True):
    _kind = "very well hidden" if _very else "hidden"
    seen(
        f"a {_kind} sheet before the one that is seen",
        book({"old": OLD, "new": NEW}, hidden=("old",), very=_very),
        2,
        words=("only the sheet new is read", "old"),
        values={"camera_id": "A"},
    )
    seen(
        f"a {_kind} sheet behind the one that is seen",
        book({"new": NEW, "old": OLD}, hidden=("old",), very=_very),
        2,
        words=("old",),
        values={"camera_id": "A"},
    )
seen(
    "only a hidden sheet holds a table",
    book({"notes": [["read me"]], "data": NEW}, hidden=("data",)),
    2,
    words=("data", "is hidden"),
)
for _what, _formula in {
    "a longitude that is a formula": ["A", "=2.3+0.0522", 48.8566, "Gate"],
    "a name that is a formula": ["A", 2.3522, 48.8566, '="Ga"&"te"'],
    "an id that is a formula": ["=1", 2.3522, 48.8566, "Gate"],
}.items():
    unseen(
        _what, book({"a": [HEAD, ["Z", 2.353, 48.857, "Door"], _formula]}), "formula whose value is not in the file", rows=(3,)
    )
unseen("formulas alone", book({"a": [["=1", "=2"], ["=3", "=4"]]}), "empty", "formula whose value is not in the file")
seen("a formula beside the table", book({"a": [[*HEAD], [*ROW, "=1"]]}), 1)
OWNERS = [
    [*HEAD, "owner"],
    [*ROW, "City"],
    ["B", 2.353, 48.857, "Door"],
    ["C", 2.354, 48.857, "Yard"],
    ["D", 2.355, 48.857, "End", "State"],
]
seen(
    "an owner that was merged over three rows",
    book({"a": OWNERS}, merge=("E2:E4",)),
    4,
    words=("1 places cells",),
    values={"owner": "City"},
)
unseen("an id that was merged over two rows", book({"a": NEW}, merge=("A2:A3",)), "A", rows=(3,))
seen("a title that was merged", book({"a": [["Cameras"], HEAD, ROW]}, merge=("A1:D1",)), 1)
