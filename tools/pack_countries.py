"""Pack the outlines of countries into arrays: exact ones where packs plan and around, Natural Earth 1:10m elsewhere.

Give it ``map.geo.json`` of the npm package ``@geo-maps/countries-land-100m`` (``npm pack`` fetches it); run after that or
``data/territory/countries-10m.topojson.gz`` changed, then ``tools/write_planning_terms.py``. Neighbours are exact
in the cells of a degree beside ground that packs plan on.
"""

import gzip
import json
import sys
import tempfile
from itertools import chain
from pathlib import Path

import numpy as np
import shapely

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "territory"
GRID_DEG = 1e-5  # a metre: the outlines themselves are true to some 100 m
# Countries that shipped packs plan in, as the source calls them, by ISO 3166-1 numbers; France with its overseas departments.
PLANNED = {
    "AUT": "040", "BEL": "056", "BGR": "100", "HRV": "191", "CYP": "196", "CZE": "203", "DNK": "208", "EST": "233", "FIN": "246",
    "ALA": "248", "FRA": "250", "GLP": "250", "MTQ": "250", "GUF": "250", "REU": "250", "MYT": "250", "DEU": "276", "GRC": "300",
    "HUN": "348", "ISL": "352", "IRL": "372", "ITA": "380", "LVA": "428", "LIE": "438", "LTU": "440", "LUX": "442", "MLT": "470",
    "NLD": "528", "NOR": "578", "POL": "616", "PRT": "620", "ROU": "642", "SVK": "703", "SVN": "705", "ESP": "724", "SWE": "752",
    "GBR": "826",
}  # fmt: skip
AROUND = {
    "ALB": "008", "AND": "020", "BES": "535", "BIH": "070", "BLM": "652", "BLR": "112", "BRA": "076", "CHE": "756", "COM": "174",
    "DMA": "212", "AIA": "660", "ATG": "028", "DZA": "012", "EGY": "818", "FRO": "234", "GGY": "831", "GIB": "292", "GRL": "304",
    "IMN": "833", "ISR": "376", "JEY": "832", "KNA": "659", "LBN": "422", "LBY": "434", "LCA": "662", "MAF": "663", "MAR": "504",
    "MCO": "492", "MDA": "498", "MDG": "450", "MKD": "807", "MNE": "499", "MSR": "500", "MUS": "480", "RUS": "643", "SMR": "674",
    "SRB": "688", "SUR": "740", "GUY": "328", "SXM": "534", "SYR": "760", "TUN": "788", "TUR": "792", "UKR": "804", "VAT": "336",
    "VCT": "670", "XKX": "name:Kosovo",
}  # fmt: skip
NAMES = {"535": "Caribbean Netherlands", "292": "Gibraltar", "336": "Vatican City"}  # that Natural Earth has no feature of


def code_of(feature):
    """Return the ISO 3166-1 number of a country, ``name:...`` where there is none."""
    number = str(feature.get("id", ""))
    return number if len(number) == 3 and number.isdigit() else f"name:{feature['properties']['name']}"


def packed(topology):
    """Return the arrays of a file that ``lhasaplan.io.content.countries`` reads; features of one code are one."""
    arcs, by_code, names = topology["arcs"], {}, {}
    for feature in topology["objects"]["countries"]["geometries"]:
        polygons = [feature["arcs"]] if feature["type"] == "Polygon" else feature.get("arcs", [])
        by_code.setdefault(code_of(feature), []).extend(polygons)
        names[code_of(feature)] = str(feature["properties"]["name"])
    polygons = [polygon for each in by_code.values() for polygon in each]
    rings = [ring for polygon in polygons for ring in polygon]
    return in_parts(
        {
            "steps": np.fromiter(chain.from_iterable(chain.from_iterable(arcs)), np.int32).reshape(-1, 2),
            "arc_sizes": np.array([len(arc) for arc in arcs], np.int32),
            "arcs": np.fromiter(chain.from_iterable(rings), np.int32),
            "ring_sizes": np.array([len(ring) for ring in rings], np.int32),
            "polygon_sizes": np.array([len(polygon) for polygon in polygons], np.int32),
            "country_sizes": np.array([len(each) for each in by_code.values()], np.int32),
            "scale": np.array(topology["transform"]["scale"], float),
            "origin": np.array(topology["transform"]["translate"], float),
            "codes": np.array([*by_code]),
            "names": np.array([names[code] for code in by_code]),
        }
    )


def packed_shapes(polygons_of, names):
    """Return the same arrays for polygons by code, each ring an arc of its own; what the grid leaves of an islet falls out."""
    arcs, rings_of, polygons = [], [], []
    for code in polygons_of:
        kept = [rings for polygon in polygons_of[code] if (rings := _rings(polygon))]
        polygons.append(len(kept))
        rings_of += [len(rings) for rings in kept]
        arcs += [ring for rings in kept for ring in rings]
    steps = [np.diff(ring, axis=0, prepend=0) for ring in arcs]
    return in_parts(
        {
            "steps": np.concatenate(steps).astype(np.int32),
            "arc_sizes": np.array([len(each) for each in arcs], np.int32),
            "arcs": np.arange(len(arcs), dtype=np.int32),
            "ring_sizes": np.ones(len(arcs), np.int32),
            "polygon_sizes": np.array(rings_of, np.int32),
            "country_sizes": np.array(polygons, np.int32),
            "scale": np.array([GRID_DEG, GRID_DEG]),
            "origin": np.array([-180.0, -90.0]),
            "codes": np.array([*polygons_of]),
            "names": np.array([names[code] for code in polygons_of]),
        }
    )


def in_parts(arrays):
    """Return the arrays with their steps in parts, each read when it is asked for, and with the box of each polygon."""
    from lhasaplan.io.content.countries import BOXES, STEPS, STEPS_A_PART, Outlines, PackedPolygons  # noqa: PLC0415 - the path is set first

    steps = arrays.pop("steps")
    drawn = PackedPolygons(Outlines(*(arrays[name] for name in Outlines._fields)), steps)
    parts = {f"{STEPS}{n}": steps[n * STEPS_A_PART : (n + 1) * STEPS_A_PART] for n in range(-(-len(steps) // STEPS_A_PART))}
    return {**arrays, **parts, BOXES: shapely.bounds([*drawn]).reshape(-1, 4)}


def _rings(polygon):
    """Return the rings of a polygon in units of the grid, its shell first; none of one that is smaller than the grid."""
    rings = [_on_grid(ring) for ring in (polygon.exterior, *polygon.interiors)]
    return [ring for ring in rings if len(ring) >= 4] if len(rings[0]) >= 4 else []


def _on_grid(ring):
    grid = np.rint((shapely.get_coordinates(ring) + np.array([180.0, 90.0])) / GRID_DEG).astype(np.int64)
    moves = np.concatenate([[True], (np.diff(grid, axis=0) != 0).any(axis=1)])
    return grid[moves]


def exact_pieces(features):
    """Return what the features of countries lie as in cells of a degree: lists of (area of the whole piece, code, shape) by cell.

    What is halved again and again is never large, and a border of a million corners is gone through some twenty times.
    """
    planned, others = [], []
    for feature in features:
        name = feature["properties"]["A3"]
        if name in PLANNED or name in AROUND:
            code, shape = PLANNED.get(name) or AROUND[name], shapely.geometry.shape(feature["geometry"])
            (planned if name in PLANNED else others).extend((code, piece) for piece in shapely.get_parts(shape))
    planned = without_overseas(planned, features)
    cells = {}
    print(len(planned), len(others), "pieces")
    for code, piece in planned:
        _into_cells(cells, code, piece, piece.area, None)
    print(len(cells), "cells")
    near = {(x + dx, y + dy) for x, y in cells for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
    for code, piece in others:
        _into_cells(cells, code, piece, piece.area, near)
    return cells, near


def without_overseas(planned, features):
    """Return (code, polygon) pairs without the pieces that are a territory of their own in the source, too: New Caledonia."""
    owner = {}
    for feature in features:
        name = feature["properties"]["A3"]
        code = PLANNED.get(name) or AROUND.get(name) or name
        for piece in shapely.get_parts(shapely.geometry.shape(feature["geometry"])):
            owner.setdefault((piece.area, piece.bounds), set()).add(code)
    mainland = {PLANNED[name] for name in ("FRA", "NLD", "NOR", "FIN")}  # drawn with all that belongs to them
    return [(code, piece) for code, piece in planned if code not in mainland or owner[piece.area, piece.bounds] == {code}]


def _into_cells(cells, code, piece, area, near):
    """Put a piece into the cells that it meets, of those near by alone."""
    todo = [(piece, *np.floor(piece.bounds[:2]).astype(int).tolist(), *np.ceil(piece.bounds[2:]).astype(int).tolist())]
    while todo:
        shape, west, south, east, north = todo.pop()
        if shape.is_empty or (near is not None and not _any_near(near, west, south, east, north)):
            continue
        if east - west <= 1 and north - south <= 1:
            whole = shape if shapely.is_valid(shape) else shapely.make_valid(shape, method="structure")
            cells.setdefault((west, south), []).append((area, code, whole))
        elif east - west >= north - south:
            middle = (west + east) // 2
            todo += [(_cut(shape, a, south, b, north), a, south, b, north) for a, b in ((west, middle), (middle, east))]
        else:
            middle = (south + north) // 2
            todo += [(_cut(shape, west, a, east, b), west, a, east, b) for a, b in ((south, middle), (middle, north))]


def _cut(shape, west, south, east, north):
    """Return what of a shape lies in a box; the quick way gives up on a ring that it leaves with too few corners."""
    try:
        return shapely.clip_by_rect(shape, west, south, east, north)
    except shapely.errors.GEOSException:
        return shapely.intersection(shapely.make_valid(shape), shapely.box(west, south, east, north))


def _any_near(near, west, south, east, north):
    return any((x, y) in near for x in range(west, east) for y in range(south, north))


def without_overlap(found):
    """Return (code, shape) pairs, each without the smaller pieces: of two that hold the same ground the smaller piece has it.

    An enclave comes before its host that way.
    """
    found = sorted(found, key=lambda each: each[0])
    shapes = np.array([*(shape for _, _, shape in found), None], object)[:-1]
    tree, kept = shapely.STRtree(shapes), []
    for row, (_, code, shape) in enumerate(found):
        near = [each for each in tree.query(shape, predicate="intersects") if each < row and found[each][1] != code]
        kept.append((code, shapely.difference(shape, shapely.union_all(shapes[near])) if near else shape))
    return kept


def joined(cells, near, coarse):
    """Return polygons by code: the exact ones in the cells near planning ground, the coarse ones outside of them.

    Exact countries stay in pieces of a degree: what is asked of a town mends few of them.

    Ground without an ISO number that the exact outlines know nothing of (Northern Cyprus, the bases) is cut out of them.
    """
    known = {code for found in cells.values() for _, code, _ in found}
    foreign = {code: pieces for code, pieces in coarse.items() if code.startswith("name:") and code not in known}
    others = shapely.STRtree([piece for pieces in foreign.values() for piece in pieces])
    pieces_of = {code: [] for code in coarse}
    for (west, south), found in sorted(cells.items()):
        box = shapely.box(west, south, west + 1, south + 1)
        cut = shapely.union_all(others.geometries[others.query(box, predicate="intersects")])
        for code, shape in without_overlap(found):
            pieces_of.setdefault(code, []).append(shape if cut.is_empty else shapely.difference(shape, cut))
    print("cells without overlap")
    region = shapely.union_all([shapely.box(x, y, x + 1, y + 1) for x, y in near])
    shapely.prepare(region)
    for code, pieces in coarse.items():
        outside = [piece if not region.intersects(piece) else shapely.difference(piece, region) for piece in pieces]
        pieces_of[code] += pieces if code in foreign else outside
    return {code: _polygons(pieces) for code, pieces in pieces_of.items()}


def _polygons(shapes):
    parts = (part for shape in shapes for part in shapely.get_parts(shape))
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]


def coarse_pieces():
    """Return the polygons of Natural Earth by code, mended, and the names."""
    sys.path.insert(0, str(ROOT))
    from lhasaplan.io.content.countries import Countries, read_names  # noqa: PLC0415 - the path is set first

    topology = json.loads(gzip.decompress((FOLDER / "countries-10m.topojson.gz").read_bytes()))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coarse.npz"
        np.savez(path, **packed(topology))
        shapes, names = dict(Countries(path)), read_names(path)
    whole = {
        code: [shapely.make_valid(each, method="structure") for each in shapely.get_parts(shape)]
        for code, shape in shapes.items()
    }
    return {code: _polygons(pieces) for code, pieces in whole.items()}, names


if __name__ == "__main__":
    exact, near = exact_pieces(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["features"])
    print(len(exact), "cells of a degree")
    coarse, names = coarse_pieces()
    print(len(coarse), "countries of Natural Earth")
    found = joined(exact, near, coarse)
    np.savez_compressed(FOLDER / "countries.npz", **packed_shapes(found, {**NAMES, **names}))
