"""Make the fictitious town of the sample ``hilltown``: a seeded OSM file and a camera table, the same bytes every time.

    python tools/make_hilltown.py

The town lies in the open Atlantic, so nobody can take it for a real place. Level ground.
"""

import csv
import gzip
import io
import random
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pyproj import Transformer

FOLDER = Path(__file__).resolve().parent.parent / "data" / "samples" / "hilltown"
X0, Y0 = 500_000.0, 4_983_000.0  # EPSG:32626, about 45 degrees north, 27 degrees west
DATE = "2026-05-01T00:00:00Z"
TO_LONLAT = Transformer.from_crs("EPSG:32626", "EPSG:4326", always_xy=True)
Xy = tuple[float, float]


class Town:
    """Collects OSM nodes and ways; equal positions share a node, as a road network needs."""

    def __init__(self) -> None:
        self.nodes: dict[Xy, int] = {}
        self.tags: dict[int, dict[str, str]] = {}
        self.ways: list[tuple[int, list[int], dict[str, str]]] = []

    def node(self, at: Xy, **tags: str) -> int:
        key = (round(at[0], 2), round(at[1], 2))
        number = self.nodes.setdefault(key, len(self.nodes) + 1)
        self.tags.setdefault(number, {}).update(plain(tags))
        return number

    def way(self, line: Iterable[Xy], **tags: str) -> None:
        refs = [self.node(at) for at in line]
        self.ways.append((len(self.ways) + 1, refs, plain(tags)))

    def box(self, x0: float, y0: float, x1: float, y1: float, extra: Iterable[Xy] = (), **tags: str) -> None:
        """A rectangle; ``extra`` points on its south side become nodes of the outline (doors)."""
        south = sorted(at for at in extra if at[1] == y0)
        self.way([(x0, y0), *south, (x1, y0), (x1, y1), (x0, y1), (x0, y0)], **tags)

    def xml(self) -> str:
        out = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6" generator="hilltown (fictitious)">']
        for (x, y), number in self.nodes.items():
            lon, lat = TO_LONLAT.transform(X0 + x, Y0 + y)
            head = f'<node id="{number}" version="1" timestamp="{DATE}" lat="{lat:.7f}" lon="{lon:.7f}"'
            out.append(head + (">" + tag_xml(self.tags[number]) + "</node>" if self.tags[number] else "/>"))
        for number, refs, tags in self.ways:
            nds = "".join(f'<nd ref="{ref}"/>' for ref in refs)
            out.append(f'<way id="{number}" version="1" timestamp="{DATE}">{nds}{tag_xml(tags)}</way>')
        return "\n".join([*out, "</osm>", ""])


def plain(tags: dict[str, str]) -> dict[str, str]:
    """Python names cannot hold a colon: ``building__levels`` is ``building:levels``."""
    return {key.replace("__", ":"): value for key, value in tags.items()}


def tag_xml(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def streets(town: Town) -> None:
    """A high street over a bridge, a cross street, six lanes and a railway."""
    xs, ys = (-300.0, -150.0, 0.0, 150.0, 300.0), (200.0, 100.0, 20.0)
    high_north = [(0.0, y) for y in (300.0, 200.0, 116.0, 100.0, 84.0, 20.0, -40.0)]
    town.way(high_north, highway="secondary", name="High Street", lanes="2")
    town.way([(0.0, -40.0), (0.0, -80.0)], highway="secondary", name="High Street", lanes="2", bridge="yes", layer="1")
    town.way([(0.0, -80.0), (0.0, -150.0), (0.0, -270.0), (0.0, -310.0)], highway="secondary", name="High Street", lanes="2")
    town.way(
        [(x, 100.0) for x in (-350.0, *xs[:2], -40.0, 0.0, 40.0, *xs[3:], 350.0)],
        highway="secondary",
        name="Market Street",
        lanes="2",
    )
    for y in (200.0, 20.0, -150.0):
        town.way([(x, y) for x in xs], highway="residential", name=f"Lane {int(y)}")
    for x in (-150.0, 150.0):
        town.way([(x, y) for y in ys], highway="residential", name=f"Cross Lane {int(x)}")
    town.node((0.0, 100.0), highway="traffic_signals")
    for at in ((0.0, 116.0), (0.0, 84.0), (40.0, 100.0)):
        town.node(at, highway="crossing", crossing="traffic_signals")
    town.way([(x, -270.0) for x in (-350.0, 0.0, 120.0, 180.0, 350.0)], railway="rail", name="Valley Line")
    town.node((0.0, -270.0), railway="level_crossing")
    town.way(
        [(60.0, -262.0), (160.0, -262.0), (160.0, -258.0), (60.0, -258.0), (60.0, -262.0)],
        railway="platform",
        public_transport="platform",
        area="yes",
        name="Hilltown",
    )


def water(town: Town) -> None:
    """The river that the bridge crosses, with one weir and a life ring."""
    town.way(
        [(-350.0, -70.0), (350.0, -70.0), (350.0, -48.0), (-350.0, -48.0), (-350.0, -70.0)],
        natural="water",
        water="river",
        name="Hill River",
    )
    town.way([(-350.0, -59.0), (350.0, -59.0)], waterway="river", name="Hill River")
    town.node((-60.0, -46.0), emergency="life_ring")


def houses(town: Town) -> None:
    """Homes along the lanes; every seventh is of unknown use."""
    rng = random.Random(72)
    rows = [(y + side * 14.0, side) for y in (200.0, 20.0, -150.0) for side in (-1, 1)] + [(100.0 + 16.0, 1), (100.0 - 16.0, -1)]
    count = 0
    for y, side in rows:
        for x in range(-290, 291, 26):
            near_cross = any(abs(x - c) < 24 for c in (-150, 0, 150))
            taken = TAKEN.get((y > 90, side)) if y in (116.0, 84.0) else None
            if y == -164.0 and x < -180:  # the school ground
                continue
            if near_cross or (taken and taken[0] < x < taken[1]):
                continue
            depth, width, levels = rng.uniform(8, 11), rng.uniform(14, 18), rng.choice((1, 2, 2, 3))
            y0, y1 = (y - depth / 2, y + depth / 2)
            count += 1
            kind = "yes" if count % 7 == 0 else "apartments" if levels == 3 else "house"
            town.box(x - width / 2, y0, x + width / 2, y1, building=kind, building__levels=str(levels))


TAKEN = {(True, 1): (20.0, 120.0), (False, -1): (60.0, 300.0)}  # the square and town hall; car park, shop and fuel


def public_places(town: Town) -> None:
    """What a municipality may have a purpose for, and what it must leave alone."""
    town.way(
        [(30.0, 112.0), (110.0, 112.0), (110.0, 150.0), (30.0, 150.0), (30.0, 112.0)],
        highway="pedestrian",
        area="yes",
        place="square",
        name="Town Square",
    )
    door = (70.0, 152.0)
    town.box(50.0, 152.0, 90.0, 172.0, [door], building="civic", amenity="townhall", name="Town Hall", height="12")
    town.node(door, entrance="main")
    town.box(118.0, 112.0, 136.0, 130.0, building="public", amenity="library", name="Library", height="7")  # no door mapped
    town.box(-110.0, 140.0, -70.0, 165.0, building="church", amenity="place_of_worship", name="Hill Chapel", height="14")
    town.way([(-125.0, 130.0), (-55.0, 130.0), (-55.0, 178.0), (-125.0, 178.0), (-125.0, 130.0)], landuse="religious")
    town.box(
        185.0, 228.0, 245.0, 262.0, building="hospital", amenity="hospital", name="Hill Hospital", height="15", emergency="yes"
    )
    town.node((215.0, 224.0), emergency="emergency_ward_entrance")
    town.box(-260.0, -212.0, -200.0, -185.0, building="school", amenity="school", name="Hill School", height="8")
    town.way(
        [(-275.0, -230.0), (-185.0, -230.0), (-185.0, -168.0), (-275.0, -168.0), (-275.0, -230.0)],
        landuse="education",
        name="Hill School ground",
    )
    town.way(
        [(66.0, 40.0), (136.0, 40.0), (136.0, 84.0), (66.0, 84.0), (66.0, 40.0)],
        amenity="parking",
        access="yes",
        name="Market car park",
    )
    town.node((66.0, 60.0), amenity="parking_entrance")
    town.way([(200.0, 50.0), (240.0, 50.0), (240.0, 86.0), (200.0, 86.0), (200.0, 50.0)], amenity="fuel", name="Hill Fuel")
    town.box(206.0, 60.0, 220.0, 68.0, building="roof", height="5")
    town.node((-120.0, 106.5), highway="bus_stop", public_transport="platform", name="Market Street stop")
    town.node((260.0, -158.0), amenity="recycling", recycling_type="container", name="Lane recycling")
    town.box(255.0, 40.0, 285.0, 84.0, building="retail", shop="supermarket", height="6")


# id, name, x, y, height, azimuth, tilt, hfov, px wide, range, kind, mount, status, purpose, retention, mask sector, sign
# fmt: off
CAMERAS = (
    ("HT-01", "Market junction north-east", 9.0, 109.0, 6.0, 225, 14, 80, 1920, 60,
     "fixed", "pole", "operating", "traffic flow at the junction", 3, "", "yes"),
    ("HT-02", "Market junction south-west", -9.0, 91.0, 6.0, 45, 14, 80, 1920, 60,
     "fixed", "pole", "operating", "traffic flow at the junction", 3, "", "yes"),
    ("HT-03", "Bridge north head", 6.0, -34.0, 7.0, 188, 10, 40, 1920, 80,
     "fixed", "pole", "operating", "traffic and water level at the bridge", 3, "", "yes"),
    ("HT-04", "Car park", 68.0, 42.0, 5.0, 35, 12, 90, 2560, 90,
     "fixed", "pole", "operating", "thefts in the car park, nights", 7, "", "yes"),
    ("HT-05", "Town square", 32.0, 148.0, 8.0, 120, 12, 95, 3840, 120,
     "fixed", "pole", "operating", "", 30, "", ""),
    ("HT-06", "Lane 200", 30.0, 200.0, 5.0, 90, 8, 60, 3840, 120,
     "fixed", "pole", "operating", "general safety", 45, "", ""),
    ("HT-07", "Level crossing", 8.0, -262.0, 6.0, 235, 20, 70, 1920, 50,
     "fixed", "pole", "operating", "obstacles on the level crossing", 2, "", "yes"),
    ("HT-08", "Town hall door", 70.0, 151.9, 3.5, 180, 25, 100, 1920, 25,
     "dome", "wall", "operating", "entrance of the town hall, closing hours", 3, "", "yes"),
    ("HT-09", "Fuel apron", 238.0, 52.0, 5.0, 315, 14, 80, 1920, 60,
     "fixed", "pole", "operating", "spills and fire on the apron", 3, "", "yes"),
    ("HT-10", "Platform, planned", 56.0, -256.0, 5.0, 92, 8, 30, 1920, 110,
     "fixed", "pole", "planned", "platform edge", 2, "", "yes"),
    ("HT-11", "Chapel corner", -50.0, 126.0, 6.0, 300, 10, 70, 2560, 80,
     "fixed", "pole", "operating", "general safety", 30, "", ""),
    ("HT-12", "Square, unknown direction", 112.0, 148.0, None, None, None, None, None, None,
     "dome", "", "operating", "", None, "", ""),
    ("HT-13", "Market Street west, masked", -60.0, 107.0, 6.0, 95, 10, 50, 1920, 80,
     "fixed", "pole", "operating", "traffic flow at the junction", 3, "20,75;110,170", "yes"),
    ("HT-15", "North crossing, wide", -4.0, 128.0, 5.0, 210, 18, 100, 2560, 40,
     "fixed", "pole", "operating", "safety of the north crossing", 3, "", "yes"),
    ("HT-14", "Old pole", 150.0, 26.0, 5.0, 180, 10, 60, 1920, 60,
     "fixed", "pole", "removed", "", None, "", ""),
)
# fmt: on
# fmt: off
HEADER = [
    "camera_id", "name", "lon", "lat", "mount_height_m", "azimuth_deg", "tilt_deg", "hfov_deg", "image_width_px",
    "image_height_px", "range_m", "kind", "mount", "status", "owner", "purpose", "installed_on", "retention_days",
    "mask_sector_deg", "sign", "source", "source_date",
]
# fmt: on


def camera_rows() -> Iterable[list[object]]:
    for cid, name, x, y, height, azimuth, tilt, hfov, width, reach, kind, mount, status, purpose, days, mask, sign in CAMERAS:
        lon, lat = TO_LONLAT.transform(X0 + x, Y0 + y)
        picture = ("", "") if width is None else (width, width * 9 // 16)
        cells = [
            cid,
            name,
            f"{lon:.7f}",
            f"{lat:.7f}",
            height,
            azimuth,
            tilt,
            hfov,
            *picture,
            reach,
            kind,
            mount,
            status,
            "Municipality of Hilltown",
            purpose,
            "2024-03-01",
            days,
            mask,
            sign,
            "municipal register (fictitious)",
            "2026-05-01",
        ]
        yield ["" if cell is None else cell for cell in cells]


def write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    print(path.name, len(data))


def main() -> None:
    town = Town()
    for part in (streets, water, houses, public_places):
        part(town)
    FOLDER.mkdir(parents=True, exist_ok=True)
    write(FOLDER / "hilltown.osm.gz", gzip.compress(town.xml().encode(), 9, mtime=0))
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([HEADER, *camera_rows()])
    write(FOLDER / "cameras.csv", table.getvalue().encode())


if __name__ == "__main__":
    main()
