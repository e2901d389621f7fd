"""Pack the land borders of the countries that planning packs name, exact to some 100 m, into arrays of a few megabytes.

Run with the ``map.geo.json`` of the npm package ``@geo-maps/countries-land-100m`` as the one argument (see the notice beside
the data), after a planning pack names another country; then seal.
"""

import json
import sys
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import shapely

DATA = Path(__file__).resolve().parent.parent / "data"
NEAR_DEG = 0.05  # ground within so much of two countries lies at their border
ROUGH_DEG = 0.003  # to which outlines are simplified to find that ground
GRID_DEG = 1e-4  # 11 m of latitude
# By ISO 3166-1 letters, the number by which packs and Natural Earth name the country, with its overseas parts.
NUMBERS = {
    "AUT": "040", "BEL": "056", "BGR": "100", "HRV": "191", "CZE": "203", "DNK": "208", "EST": "233", "FIN": "246",
    "ALA": "248", "FRA": "250", "GUF": "250", "GLP": "250", "MTQ": "250", "REU": "250", "MYT": "250", "DEU": "276",
    "GRC": "300", "HUN": "348", "ISL": "352", "IRL": "372", "ITA": "380", "LVA": "428", "LIE": "438", "LTU": "440",
    "LUX": "442", "MLT": "470", "NLD": "528", "BES": "528", "NOR": "578", "POL": "616", "PRT": "620", "ROU": "642",
    "MAF": "663", "SVK": "703", "SVN": "705", "ESP": "724", "SWE": "752", "GBR": "826",
    "CHE": "756", "MCO": "492", "AND": "020", "SMR": "674", "VAT": "336", "GIB": "292", "MAR": "504", "SXM": "534",
    "SUR": "740", "BRA": "076", "RUS": "643", "BLR": "112", "UKR": "804", "MDA": "498", "SRB": "688", "BIH": "070",
    "MNE": "499", "ALB": "008", "MKD": "807", "TUR": "792", "XKX": "name:Kosovo", "BLM": "652", "JEY": "832", "GGY": "831",
    "IMN": "833", "FRO": "234", "DZA": "012", "TUN": "788", "LBY": "434",
}  # fmt: skip
# What OpenStreetMap gives to one country and Natural Earth does not: their own outlines stay, which are the stricter ones.
LEFT_OUT = frozenset({"196"})


def planning_countries():
    packs = [tomllib.loads(path.read_text(encoding="utf-8")) for path in (DATA / "rules").glob("*.toml")]
    named = {str(code) for pack in packs if pack.get("planning") == "yes" for code in pack.get("countries", ())}
    return named - LEFT_OUT - {"fictitious"}


def countries_of(path):
    """Return the ground of each country by its number, degrees."""
    found = {}
    for feature in json.loads(Path(path).read_text(encoding="utf-8"))["features"]:
        number = NUMBERS.get(feature["properties"]["A3"])
        if number is not None:
            found.setdefault(number, []).append(shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"]))))
    return {number: shapely.union_all(shapes) for number, shapes in found.items()}


def border_ground(grounds, planning):
    """Return the ground near two countries of which one may plan."""
    rough = {
        number: shapely.buffer(shapely.simplify(ground, ROUGH_DEG), NEAR_DEG, quad_segs=2) for number, ground in grounds.items()
    }
    pairs = [pair for pair in combinations(rough, 2) if not planning.isdisjoint(pair)]
    near = [shapely.intersection(rough[a], rough[b]) for a, b in pairs if shapely.intersects(rough[a], rough[b])]
    return shapely.simplify(shapely.union_all(near), ROUGH_DEG)


def at_the_border(grounds, zone):
    """Return what of each country lies at a border; where two hold a ground, the smaller one has it."""
    by_size = sorted(grounds, key=lambda number: grounds[number].area)
    taken, cut = [], {}
    for number in by_size:
        ground = shapely.intersection(grounds[number], zone)
        others = [each for each in taken if shapely.intersects(each, ground)]
        ground = shapely.difference(ground, shapely.union_all(others)) if others else ground
        if not ground.is_empty:
            cut[number] = ground
            taken.append(ground)
    return cut


def packed(shapes):
    """Return the arrays of ``lhasaplan.io.content.borders``: steps of all rings in grid units, and what belongs to what."""
    codes = [*shapes]
    polygons = [[part for part in shapely.get_parts(shapes[code]) if part.geom_type == "Polygon"] for code in codes]
    parts = [part for each in polygons for part in each]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    grid = [np.rint(shapely.get_coordinates(ring) / GRID_DEG).astype(np.int64) for ring in rings]
    return {
        "steps": np.concatenate([np.diff(xy, axis=0, prepend=np.zeros((1, 2), np.int64)) for xy in grid]).astype(np.int32),
        "ring_sizes": np.array([len(xy) for xy in grid], np.int32),
        "polygon_sizes": np.array([1 + len(part.interiors) for part in parts], np.int32),
        "country_sizes": np.array([len(each) for each in polygons], np.int32),
        "grid_deg": np.array(GRID_DEG),
        "codes": np.array(codes),
    }


if __name__ == "__main__":
    grounds, planning = countries_of(sys.argv[1]), planning_countries()
    zone = border_ground(grounds, planning)
    cut = at_the_border(grounds, zone)
    np.savez_compressed(DATA / "territory" / "borders-100m.npz", **packed({**cut, "border": zone}))
