"""The 12 scenes: small towns around one or two cameras, each about one thing that a tool may get wrong."""

from itertools import pairwise

import numpy as np

from .truth import are_inside, ground_m

X0, Y0, CRS = 500_000.0, 6_760_000.0, "EPSG:32635"
TERRAIN_CELL_M = 2.0
CELL_M = 0.5  # of ground cells, and of the surface for tools that know rasters alone
TARGET_M = 1.5  # above the ground: ground points and cells
BEFORE_WALL_M = 0.1
SIZE_M = 80.0  # from the middle of a scene to each side of its terrain


def box(west, south, east, north):
    """Return a closed ring, in metres from the middle of the scene."""
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def house(rings, height_m, base_m=0.0, roof_z_m=None):
    """Return a building: an outline with holes, its height over the ground, and where its underside begins."""
    return {"rings": rings, "height_m": height_m, "base_m": base_m, "roof_z_m": roof_z_m}


def camera(name, x=0.0, y=0.0, **changes):
    """Return a camera on a pole 4 m high that looks to the north: 1920 x 1080 px over 68 degrees.

    It stands in the middle of the cell north-east of (x, y): tools that know rasters alone move it there.
    """
    usual = {"kind": "fixed", "mount": "pole", "mount_height_m": 4.0, "azimuth_deg": 0.0, "tilt_deg": 10.0, "hfov_deg": 68.0}
    return {
        "camera_id": name,
        "x": x + CELL_M / 2.0,
        "y": y + CELL_M / 2.0,
        **usual,
        "image_width_px": 1920,
        "image_height_px": 1080,
        "range_m": 60.0,
        **changes,
    }


def grid(west, south, east, north, step_m):
    """Return places over a rectangle, off every line on which outlines lie."""
    xs, ys = np.arange(west + 0.37, east, step_m), np.arange(south + 0.41, north, step_m)
    return [(float(x), float(y)) for y in ys for x in xs]


def _hill(x, y):
    return 6.0 * np.exp(-(((x - 5.0) / 18.0) ** 2 + ((y - 25.0) / 10.0) ** 2))


def _terrace(x, y):
    return np.where(y < 20.0, 0.0, np.where(y < 26.0, (y - 20.0) / 2.0, 3.0)) + 0.0 * x


AHEAD = (-30.0, 1.0, 30.0, 60.0)
BLOCK = house([box(-6, 15, 6, 25)], 9.0)
SCENES = {
    "level": {"solids": [BLOCK, house([box(10, 22, 20, 30)], 2.5)], "cameras": [camera("a")], "points": grid(*AHEAD, 1.7)},
    "hill": {
        "solids": [house([box(-70, -70, -66, -66)], 2.0)],
        "cameras": [camera("a", tilt_deg=2.0)],
        "points": grid(*AHEAD, 1.7),
        "ground": _hill,
    },
    "terrace": {
        "solids": [house([box(-18, 30, -8, 40)], 0.0, roof_z_m=9.0)],
        "cameras": [camera("a", tilt_deg=5.0)],
        "points": grid(*AHEAD, 1.7),
        "ground": _terrace,
    },
    "voids": {
        "solids": [house([box(-20, 12, -3, 40)], 8.0), house([box(-1, 12, 20, 40)], 8.0)],
        "cameras": [camera("a", x=-2.0, azimuth_deg=3.0)],
        "points": grid(-10, 1, 10, 60, 0.9),
    },
    "roofs": {
        "solids": [house([box(-10, -12, 10, 0.5)], 12.0), house([box(-8, 20, 8, 28)], 6.0)],
        "cameras": [camera("a", y=-1.5, mount="roof", mount_height_m=13.5, tilt_deg=25.0, hfov_deg=90.0)],
        "points": grid(*AHEAD, 1.7),
    },
    "decks": {
        "solids": [house([box(-25, 18, 25, 24)], 6.0, base_m=4.5)],
        "cameras": [camera("a"), camera("b", y=-3.0, mount_height_m=7.5, tilt_deg=15.0)],
        "points": grid(*AHEAD, 1.7),
    },
    "courtyards": {
        "solids": [house([box(-15, 10, 15, 40), box(-9, 16, 9, 34)], 7.0)],
        "cameras": [camera("a", y=20.0, mount_height_m=5.0), camera("b", y=-20.0, mount_height_m=12.0, tilt_deg=15.0)],
        "points": grid(*AHEAD, 1.7),
    },
    "party-walls": {
        "solids": [house([box(k * 6.0 - 18, 14, k * 6.0 - 12, 24)], 5.0 + k % 3 * 2.5) for k in range(6)],
        "cameras": [camera("a", mount_height_m=11.0, tilt_deg=18.0)],
        "points": grid(*AHEAD, 1.7),
    },
    "trees": {
        "solids": [BLOCK],
        "trees": [(-14.0, 18.0, 9.0, 6.0), (13.0, 26.0, 12.0, 8.0)],
        "cameras": [camera("a")],
        "points": grid(*AHEAD, 1.7),
    },
    "fisheye": {
        "solids": [house([box(6, -4, 12, 10)], 5.0), house([box(-14, -14, -6, -6)], 2.0)],
        "cameras": [
            camera("a", kind="fisheye", tilt_deg=90.0, hfov_deg=180.0, image_width_px=2000, image_height_px=2000, range_m=25.0)
        ],
        "points": grid(-25, -25, 25, 25, 1.7),
    },
    "telephoto": {
        "solids": [house([box(-3, 35, 3, 40)], 3.0)],
        "cameras": [camera("a", mount_height_m=9.0, azimuth_deg=5.0, tilt_deg=11.0, hfov_deg=12.0, range_m=90.0)],
        "points": grid(-8, 20, 20, 75, 0.9),
    },
    "between-storeys": {
        "solids": [house([box(-20, 5, 20, 12)], 12.0), house([box(-3, 2.5, -1, 3.5)], 2.2)],
        "cameras": [camera("a", mount_height_m=3.0, tilt_deg=0.0, range_m=30.0)],
        "points": grid(-12, 0.5, 12, 5, 0.7),
        "wall_up_m": 0.5,
    },
}


def terrain_of(scene):
    """Return heights, western and northern edge and cell of a scene's ground, in metres; None where it is level at 0."""
    if "ground" not in scene:
        return None
    edge = np.arange(-SIZE_M + TERRAIN_CELL_M / 2.0, SIZE_M, TERRAIN_CELL_M)
    x, y = np.meshgrid(edge, edge[::-1])
    return scene["ground"](x, y).astype(np.float32).astype(float), -SIZE_M, SIZE_M, TERRAIN_CELL_M


def crown(x, y, height_m, crown_m):
    """Return a tree as a solid: a crown of 12 sides that begins at 3/10 of the tree's height, no lower than 2 m."""
    angles = np.radians(np.arange(0.0, 361.0, 30.0))
    ring = [(x + crown_m / 2.0 * np.sin(a), y + crown_m / 2.0 * np.cos(a)) for a in angles]
    return {"rings": [ring], "base_m": max(2.0, 0.3 * height_m), "top_m": height_m}


def solids_of(scene):
    """Return the solids of a scene with base and top above the datum, crowns of trees last; houses go below all ground."""
    terrain = terrain_of(scene)
    solids = []
    for each in scene["solids"]:
        x, y = np.mean(each["rings"][0][:-1], axis=0)
        foot = float(ground_m(terrain, x, y))
        top = each["roof_z_m"] if each["roof_z_m"] is not None else foot + each["height_m"]
        solids.append({"rings": each["rings"], "base_m": foot + each["base_m"] if each["base_m"] else -100.0, "top_m": top})
    return solids + [crown(*tree) for tree in scene.get("trees", ())]


def lens_of(camera, terrain):
    """Return where the lens is, (x, y, z) from the middle of the scene."""
    return np.array([camera["x"], camera["y"], float(ground_m(terrain, camera["x"], camera["y"])) + camera["mount_height_m"]])


def points_of(scene):
    """Return the points of a scene: name, x, y, height above the ground, and of a wall building, side, metre and way to it."""
    ground = [(f"p{n}", x, y, TARGET_M, ()) for n, (x, y) in enumerate(scene["points"])]
    return ground + [(f"w{n}", *spot) for n, spot in enumerate(wall_spots(scene))]


def wall_spots(scene):
    """Return spots before every wall in open air: the middle of each whole metre along it, upwards every ``wall_up_m``."""
    terrain, solids, up_m = terrain_of(scene), solids_of(scene), scene.get("wall_up_m", 1.0)
    for number, solid in enumerate(solids[: len(scene["solids"])], start=1):
        sides = [side for ring in solid["rings"] for side in pairwise(ring)]
        for side, (a, b) in enumerate(np.array(sides)):
            length_m = float(np.linalg.norm(b - a))
            ahead = (b - a) / length_m
            out = np.array([ahead[1], -ahead[0]]) * BEFORE_WALL_M
            if are_inside(*((a + b) / 2.0 + out), solid["rings"]):
                out = -out  # the wall of a yard looks into the yard
            for metre in range(int(length_m)):
                x, y = a + ahead * (metre + 0.5) + out
                ground = float(ground_m(terrain, x, y))
                for z in np.arange(max(ground, solid["base_m"]) + up_m / 2.0, solid["top_m"], up_m):
                    if not _is_in_a_solid(x, y, z, solids):
                        yield float(x), float(y), float(z) - ground, (number, side + 1, metre + 1, *-out)


def _is_in_a_solid(x, y, z, solids):
    return any(each["base_m"] <= z <= each["top_m"] and are_inside(x, y, each["rings"]) for each in solids)


def surface_of(scene):
    """Return the surface of a scene in cells, row 0 in the north: the ground, and roofs and crowns where they stand."""
    edge = np.arange(-SIZE_M + CELL_M / 2.0, SIZE_M, CELL_M)
    x, y = np.meshgrid(edge, edge[::-1])
    heights = ground_m(terrain_of(scene), x, y)
    for solid in solids_of(scene):
        heights = np.where(are_inside(x, y, solid["rings"]), np.maximum(heights, solid["top_m"]), heights)
    return heights.astype(np.float32)
