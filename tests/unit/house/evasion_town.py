"""A small town in Finland that may plan, as files, and what its project looks like from the command line.

Metres from its middle, which lies in the middle of a 500 m cell. A tertiary street runs along y = 0 with a marked crossing at the
middle; the home of Secret Lane 7 stands north-east of it, a church with its square to the north-west.
"""

import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import shapely
from faked_ports import faked
from made_once import made_once
from shapely.affinity import translate

from lhasaplan.bootstrap import open_services
from lhasaplan.cli import main
from lhasaplan.core.base.crs import Crs
from lhasaplan.io.content.packs import load_packs

X0, Y0 = 500_248.0, 6_740_248.0
CRS = Crs("EPSG:32635")
STREET = shapely.LineString([(-180, 0), (-5, 0), (0, 0), (5, 0), (180, 0)])
HOME = shapely.box(30, 10, 45, 25)
CHURCH = shapely.box(-60, 30, -40, 50)
SQUARE = shapely.box(-60, 6, -10, 30)
WAREHOUSE = shapely.box(100, 40, 140, 60)
ADDRESS = {"addr:street": "Secret Lane", "addr:housenumber": "7"}
WAYS = {
    10: (STREET, {"highway": "tertiary", "name": "Long Street"}),
    20: (HOME, {"building": "house", "height": "6", "name": "Villa Hush", **ADDRESS}),
    30: (CHURCH, {"building": "church", "height": "12", "name": "Saint Example"}),
    31: (SQUARE, {"place": "square", "name": "Church Square"}),
    40: (WAREHOUSE, {"building": "warehouse", "height": "8"}),
}
CROSSING = {"highway": "crossing", "crossing": "marked"}
# One camera looks over the crossing, one into the home from 15 m.
TABLE = "camera_id,x_m,y_m,mount_height_m,azimuth_deg,tilt_deg,hfov_deg,image_width_px,image_height_px,range_m,kind,mount,status"
CAMERAS = ((0, -25, 0, "C1"), (38, -5, 0, "C2"))
GROUNDS = ["--purpose", "safety of crossings", "--reason", "two collisions", "--milder", "signs", "--by", "A. Example"]
PART = "municipal-safety:pedestrian_crossing:node/1000003/1"


def lonlat(x, y):
    """Return the longitude and latitude of a point of the town."""
    lon, lat = CRS.to_lonlat(X0 + x, Y0 + y)
    return float(lon), float(lat)


def lonlat_box(west, south, east, north):
    """Return a rectangle of the town as WKT in longitude and latitude."""
    return shapely.Polygon([lonlat(*corner) for corner in ((west, south), (east, south), (east, north), (west, north))]).wkt


def osm(ways=None):
    """Return the town as OpenStreetMap XML; node 1000003 is the crossing."""
    nodes, lines = [], []
    for way, (shape, tags) in sorted({**WAYS, **(ways or {})}.items()):
        corners = shapely.get_coordinates(shape)
        ids = [way * 100_000 + 1 + number for number in range(len(corners))]
        ids = [*ids[:-1], ids[0]] if shape.geom_type == "Polygon" else ids
        nodes += [(node, *lonlat(x, y)) for node, (x, y) in zip(dict.fromkeys(ids), corners.tolist(), strict=False)]
        lines.append(f'<way id="{way}" version="1">' + "".join(f'<nd ref="{each}"/>' for each in ids) + _tags(tags) + "</way>")
    points = [
        f'<node id="{node}" version="1" lon="{lon:.7f}" lat="{lat:.7f}">{_tags(CROSSING if node == 1_000_003 else {})}</node>'
        for node, lon, lat in sorted(nodes)
    ]
    return '<?xml version="1.0"?><osm version="0.6">' + "".join([*points, *lines]) + "</osm>"


def _tags(tags):
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def camera_table(*rows, status="operating"):
    """Return cameras (x, y, azimuth, id) as a table."""
    return "\n".join(
        [TABLE, *(f"{name},{X0 + x},{Y0 + y},4,{az},0,68,1920,1080,60,fixed,pole,{status}" for x, y, az, name in rows), ""]
    )


def mandate_text(**changes):
    """Return a mandate with every field, but for those changed; None leaves one out."""
    values = {
        "controller": "Town of Example",
        "legal_basis": "Streets act 4",
        "purposes": ["safety of crossings"],
        "supervisory_authority": "Office of the Data Protection Ombudsman",
        "complaint_route": "Administrative court",
        "impact_assessment_officer": "A. Example",
        "impact_assessment_date": "2026-03-10",
        "retention_days": 3,
        "public_register": "Town hall, room 2",
        "plan_area_wkt": lonlat_box(-200, -200, 200, 200),
        "building_extent_wkt": lonlat_box(-210, -210, 210, 210),
        **changes,
    }
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items() if value is not None)


def run(folder, *words, packs=None):
    """Run a verb on the project in a folder, with the packs of another folder where one is given; return its exit code."""
    services = open_services() if packs is None else faked(open_services(), load_packs=partial(load_packs, folder=packs))
    return main([words[0], str(folder / "town.gpkg"), *map(str, words[1:])], services)


def make_town(folder, rules="eu-gdpr,municipal-safety", ways=None, packs=None, **mandate):
    """Make the project of the town, with its mandate, and return the folder; a town like one before is its copy."""
    if packs is not None:
        return _make_town(folder, rules, ways, packs, mandate)
    return made_once(folder, (rules, repr(ways), repr(mandate)), lambda: _make_town(Path.cwd(), rules, ways, None, mandate))


def _make_town(folder, rules, ways, packs, mandate):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "town.osm").write_text(osm(ways), encoding="utf-8")
    (folder / "cameras.csv").write_text(camera_table(*CAMERAS), encoding="utf-8")
    (folder / "mandate.toml").write_text(mandate_text(**mandate), encoding="utf-8")
    assert run(folder, "new", "--rules", rules, "--crs", "EPSG:32635", packs=packs) == 0
    for path, words in (("town.osm", ()), ("cameras.csv", ("--as", "cameras"))):
        assert run(folder, "import", folder / path, *words, packs=packs) == 0
    assert run(folder, "mandate", folder / "mandate.toml", packs=packs) == 0
    return folder


def edit(folder, *statements):
    """Change the project file as another program may: each statement is SQL or (SQL, values)."""
    with closing(sqlite3.connect(folder / "town.gpkg")) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'cameras'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')  # they need functions that sqlite alone has not
        for statement in statements:
            connection.execute(*((statement,) if isinstance(statement, str) else statement))
        connection.commit()


def insert(table, **values):
    """Return the SQL that adds a row."""
    columns = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})", tuple(values.values())


def confirmed(part_id, purpose, date="2026-05-01", **grounds):
    """Return the SQL that writes a confirmation into the register of decisions."""
    return insert("decisions", decides="confirmation", subject=part_id, answer=purpose, on=date, **grounds)


def drawn(part_id, outline, sampled="area", **more):
    """Return the SQL that adds a hand-made part, and its confirmation with every ground."""
    values = {
        "name": part_id,
        "category": "own",
        "kind": "own",
        "density_px_m": 25.0,
        "min_views": 1,
        "min_share": 0.9,
        "by": "A. Clerk",
        "date": "2026-05-01",
        **more,
    }
    grounds = {"purpose": "safety of crossings", "reason": "two collisions", "milder_means": "signs", "by": "A. Clerk"}
    return (
        insert("hand_made_parts", part_id=part_id, shape=sampled, wkt=translate(outline, X0, Y0).wkt, **values),
        confirmed(part_id, **grounds),
    )


def answers(folder, verb="check", packs=None, *more):
    """Return the exit code of a verb and its answers; those with ``--private`` know drawn places, too."""
    code = run(folder, verb, "--json", folder / "answers.json", *more, packs=packs)
    return code, json.loads((folder / "answers.json").read_text(encoding="utf-8"))
