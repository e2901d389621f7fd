"""OpenStreetMap as XML, PBF and JSON of Overpass: whole, cut, disordered and damaged."""

import bz2
import gzip
import json
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import osmium
from osmium.osm.mutable import Node, Way

from corpus.case import Reader

XML = Reader("OpenStreetMap XML", "city.osm")
PBF = Reader("OpenStreetMap PBF", "city.osm.pbf")
JSON = Reader("Overpass JSON", "export.json")
READERS = (XML, PBF, JSON)
PARIS = (2.3522, 48.8566)
CORNERS = ((2.3522, 48.8566), (2.3524, 48.8566), (2.3524, 48.8568), (2.3522, 48.8568))
B1 = {"buildings": 1}


def tags(**pairs: str) -> str:
    """Return tags as XML; two underscores stand for a colon."""
    return "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in pairs.items())


def nodes(first: int = 1, step: int = 1) -> str:
    """Return the corners of a house as nodes."""
    return "".join(f'<node id="{first + step * n}" version="1" lat="{lat}" lon="{lon}"/>' for n, (lon, lat) in enumerate(CORNERS))


def way(refs: tuple[int, ...] = (1, 2, 3, 4, 1), number: int = 10, **pairs: str) -> str:
    """Return a way as XML."""
    return f'<way id="{number}" version="1">' + "".join(f'<nd ref="{ref}"/>' for ref in refs) + tags(**pairs) + "</way>"


def osm(*parts: str) -> str:
    """Return a whole file."""
    return '<?xml version="1.0" encoding="UTF-8"?><osm version="0.6" generator="by hand">' + "".join(parts) + "</osm>"


HOUSE = osm(nodes(), way(building="yes", height="9"))
CAMERA = (
    '<node id="90" version="1" lat="48.8566" lon="2.3522">'
    + tags(man_made="surveillance", surveillance="outdoor", camera__type="fixed", camera__direction="90")
    + "</node>"
)
taken, refused = XML.taken, XML.refused
taken("a house", HOUSE, B1, at=PARIS, tags={"height": "9"})
taken("a camera", osm(CAMERA), {"cameras": 1}, at=PARIS, values={"azimuth_deg": 90.0, "kind": "fixed"})
taken("a house and a camera", osm(nodes(), CAMERA, way(building="house", height="9")), {"buildings": 1, "cameras": 1}, at=PARIS)
taken("nodes after the ways", osm(way(building="yes", height="9"), nodes()), B1, at=PARIS)
taken("ids below zero", osm(nodes(-1, -1), way((-1, -2, -3, -4, -1), -10, building="yes", height="9")), B1, at=PARIS)
taken(
    "positions in the ways",
    osm(
        '<way id="10" version="1">'
        + "".join(
            f'<nd ref="{n}" lat="{lat}" lon="{lon}"/>'
            for n, (lon, lat) in zip((1, 2, 3, 4, 1), (*CORNERS, CORNERS[0]), strict=True)
        )
        + tags(building="yes", height="9")
        + "</way>"
    ),
    B1,
    at=PARIS,
)
taken(
    "a courtyard",
    osm(
        nodes(),
        nodes(21),
        way(number=10),
        way((21, 22, 23, 21), 11),
        '<relation id="5" version="1"><member type="way" ref="10" role="outer"/>'
        + tags(type="multipolygon", building="yes", height="9")
        + "</relation>",
    ),
    B1,
)
taken(
    "a school, a street and a tree",
    osm(
        nodes(),
        way(amenity="school"),
        way((1, 2), 11, highway="residential"),
        '<node id="80" version="1" lat="48.857" lon="2.353">' + tags(natural="tree") + "</node>",
    ),
    {"places": 1, "roads": 1, "trees": 1},
)
taken("packed by gzip", gzip.compress(HOUSE.encode()), B1, file="city.osm.gz", at=PARIS)
taken("packed by bzip2", bz2.compress(HOUSE.encode()), B1, file="city.osm.bz2", at=PARIS)
taken("in a zip", lambda path: _zip(path, "city.osm", HOUSE.encode()), B1, file="city.zip", at=PARIS)
taken(
    "a word of Overpass that it stopped",
    HOUSE.replace("</osm>", "<remark>runtime error: Query timed out</remark></osm>"),
    B1,
    words=("incomplete", "timed out"),
)
taken(
    "a house whose outline is open",
    osm(nodes(), way((1, 2, 3, 4), building="yes", height="9"), way((1, 2, 3, 4, 1), 11, building="yes", height="9")),
    B1,
    words=("way/10",),
)
taken(
    "a house with a missing node",
    osm(nodes(), way((1, 2, 77, 4, 1), building="yes", height="9"), way((1, 2, 3, 4, 1), 11, building="yes", height="9")),
    B1,
    words=("way/10",),
)
taken("a camera that looks at words", osm(CAMERA.replace('v="90"', 'v="the square"')), {"cameras": 1}, words=("the square",))
taken("a camera that looks two ways", osm(CAMERA.replace('v="90"', 'v="90;270"')), {"cameras": 2}, at=PARIS)
taken("a camera with a wind", osm(CAMERA.replace('v="90"', 'v="NNE"')), {"cameras": 1}, values={"azimuth_deg": 22.5})
taken(
    "faith is not read",
    osm('<node id="70" version="1" lat="48.857" lon="2.353">' + tags(amenity="place_of_worship", religion="x") + "</node>"),
    {"places": 1},
    tags={"religion": None},
)
taken(
    "houses alone, as asked", osm(nodes(), CAMERA, way(building="yes", height="9")), B1, options={"kind": "buildings"}, at=PARIS
)
taken("an object that was deleted", HOUSE.replace("</osm>", '<node id="99" version="2" visible="false"/></osm>'), B1, at=PARIS)
refused("one house twice", osm(nodes(), way(building="yes", height="9"), way(building="yes", height="9")), "twice")
refused("an empty map", osm(), "nothing")
refused("nodes that say nothing", osm(nodes()), "nothing")
refused("cut off", HOUSE[:-40])
refused("cut within a tag", HOUSE[: len(HOUSE) // 2])
refused("an empty file", "")
refused("another XML", "<rss><channel/></rss>")
refused("a page of the web", "<!DOCTYPE html><html><body>429 Too Many Requests</body></html>", "web page|html")
refused("an id that is no number", osm('<node id="x" lat="48" lon="2"/>'))
refused("a latitude beyond the pole", osm('<node id="1" version="1" lat="98.0" lon="2.0">' + tags(amenity="school") + "</node>"))
refused("text in another encoding", HOUSE.encode().replace(b"by hand", b"\xc9\xe8"))
refused("packed and cut", gzip.compress(HOUSE.encode())[:-20], file="city.osm.gz")
refused("not packed, but says so", HOUSE, ".osm", file="city.osm.gz")
refused("cameras asked of a table reader", HOUSE, "signs", options={"kind": "signs"})
refused("terrain asked of a map", HOUSE, "terrain", options={"kind": "terrain"})


def _zip(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, content)


def pbf(*ways: dict[str, str], change: Callable[[bytes], bytes] = lambda whole: whole) -> Callable[[Path], object]:
    """Return a writer of houses as PBF, changed afterwards."""

    def write(path: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "city.osm.pbf"
            with osmium.SimpleWriter(str(made)) as writer:
                for number, corner in enumerate(CORNERS, start=1):
                    writer.add_node(Node(id=number, location=corner))
                for number, pairs in enumerate(ways, start=10):
                    writer.add_way(Way(id=number, nodes=[1, 2, 3, 4, 1], tags=pairs))
            path.write_bytes(change(made.read_bytes()))

    return write


def _cut_zip(path: Path) -> None:
    made = path.with_name("whole.osm.pbf")
    pbf(BUILT)(made)
    _zip(path, "city.osm.pbf", made.read_bytes()[:80])
    made.unlink()


taken, refused = PBF.taken, PBF.refused
BUILT = {"building": "yes", "height": "9"}
taken("a house", pbf(BUILT), B1, at=PARIS)
taken("two houses and an ending of .pbf", pbf(BUILT, BUILT), {"buildings": 2}, file="city.pbf", at=PARIS)
taken("names in Chinese", pbf({**BUILT, "name": "东门派出所"}), B1, tags={"name": "东门派出所"})
taken("heights in feet", pbf({"building": "yes", "height": "30'"}), B1, tags={"height": "30'"})
refused("a PBF without ways", pbf(), "nothing")
refused("cut in two", pbf(BUILT, change=lambda whole: whole[: len(whole) // 2]))
refused("cut at the end of a block", pbf(BUILT, change=lambda whole: whole[: whole.rfind(b"OSMData") - 6]), "nothing")
refused("noise in a block", pbf(BUILT, change=lambda whole: whole[:-60] + bytes(60)))
refused("a length beyond the file", pbf(BUILT, change=lambda whole: b"\x7f\xff\xff\xff" + whole[4:]))
refused("an empty PBF", b"")
refused("XML called PBF", HOUSE)
refused("a PBF in a zip that is cut", _cut_zip, file="city.zip")


taken, refused = JSON.taken, JSON.refused


def answer(*elements: dict[str, Any], **more: Any) -> str:
    """Return an answer of Overpass."""
    return json.dumps(
        {"version": 0.6, "generator": "Overpass API", "osm3s": {"copyright": "ODbL"}, "elements": list(elements), **more},
        ensure_ascii=False,
    )


NODES = [{"type": "node", "id": n, "lon": lon, "lat": lat} for n, (lon, lat) in enumerate(CORNERS, start=1)]
WAY: dict[str, Any] = {"type": "way", "id": 10, "nodes": [1, 2, 3, 4, 1], "tags": BUILT}
OUTLINE = [{"lon": lon, "lat": lat} for lon, lat in (*CORNERS, CORNERS[0])]
taken("a house with its nodes", answer(*NODES, WAY), B1, at=PARIS)
taken("nodes after the house", answer(WAY, *NODES), B1, at=PARIS)
taken("an outline in the way", answer({**WAY, "geometry": OUTLINE}), B1, at=PARIS)
taken("an outline without nodes", answer({"type": "way", "id": 10, "geometry": OUTLINE, "tags": BUILT}), B1, at=PARIS)
taken(
    "a camera",
    answer({"type": "node", "id": 5, "lon": 2.3522, "lat": 48.8566, "tags": {"man_made": "surveillance"}}),
    {"cameras": 1},
    at=PARIS,
)
taken(
    "middles alone beside a house",
    answer(*NODES, WAY, {"type": "way", "id": 11, "center": {"lat": 48.85, "lon": 2.35}, "tags": BUILT}),
    B1,
    words=("out geom",),
)
taken(
    "a word that it stopped",
    answer(*NODES, WAY, remark="runtime error: out of memory"),
    B1,
    words=("incomplete", "out of memory"),
)
taken("names in Chinese", answer(*NODES, {**WAY, "tags": {**BUILT, "name": "东门派出所"}}), B1, tags={"name": "东门派出所"})
taken("a mark at the start", "\ufeff" + answer(*NODES, WAY), B1, at=PARIS)
taken(
    "tags and roles with zeros",
    answer(
        *NODES,
        {**WAY, "tags": {**BUILT, "name": "East\0", "\0": "\0"}},
        {"type": "relation", "id": 3, "members": [{"type": "way", "ref": 10, "role": "outer\0"}], "tags": {"type": "site"}},
    ),
    B1,
    at=PARIS,
    tags={"name": "East"},
)
refused("middles alone", answer({"type": "way", "id": 11, "center": {"lat": 48.85, "lon": 2.35}, "tags": BUILT}))
refused("an empty answer", answer(), "nothing")
refused("cut off", answer(*NODES, WAY)[:-30])
refused(
    "an element without id",
    answer({"type": "node", "lon": 2.35, "lat": 48.85, "tags": {"amenity": "school"}}),
    never=("keyerror",),
)
refused(
    "a position of words",
    answer({"type": "node", "id": 1, "lon": "east", "lat": 48.85, "tags": {"amenity": "school"}}),
    never=("valueerror",),
)
refused("elements that are no list", '{"osm3s": {}, "elements": 7}', never=("typeerror",))
refused("elements that are null", '{"osm3s": {}, "elements": null}', never=("typeerror",))
refused("tags that are a list", answer({"type": "node", "id": 1, "lon": 2.35, "lat": 48.85, "tags": ["amenity"]}))
refused("a way of words", answer(*NODES, {**WAY, "nodes": "1234"}))
refused(
    "a latitude beyond the pole", answer({"type": "node", "id": 1, "lon": 2.35, "lat": 148.85, "tags": {"amenity": "school"}})
)
refused(
    "an id beyond all numbers", answer({"type": "node", "id": 10**30, "lon": 2.35, "lat": 48.85, "tags": {"amenity": "school"}})
)
refused(
    "a bad byte",
    answer(*NODES, {**WAY, "tags": {**BUILT, "name": "东X"}}).encode().replace("东X".encode(), b"\xe4\xb8X"),
    "UTF-8",
)
refused("deep nesting", '{"elements":' + "[" * 100_000)
refused(
    "a relation whose members are numbers",
    answer({"type": "relation", "id": 3, "members": [1, 2], "tags": {"type": "multipolygon", "building": "yes"}}),
)
