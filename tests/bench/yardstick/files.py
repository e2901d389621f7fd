"""Write the scenes with their truth as files that any tool reads."""

import csv
import sqlite3

import geopandas
import numpy as np
import pyogrio
import rasterio
import shapely
from rasterio.transform import from_origin

from .scenes import CELL_M, CRS, SCENES, SIZE_M, TARGET_M, X0, Y0, lens_of, points_of, solids_of, surface_of, terrain_of
from .scoring import EDGE, HIDDEN, NOT_ASKED, NOT_IN_PICTURE, VISIBLE
from .truth import INSIDE, PICTURE, RANGE, REASONS, SEEN, are_between_ranges, are_near_edge, ground_m, see

CAMERA_COLUMNS = (
    *("camera_id", "x_m", "y_m", "kind", "mount", "mount_height_m", "lens_z_m", "azimuth_deg", "tilt_deg", "hfov_deg"),
    *("image_width_px", "image_height_px", "range_m"),
)
POINT_COLUMNS = ("point_id", "x_m", "y_m", "height_m", "z_m", "building", "side", "metre")
TRUTH_COLUMNS = ("camera_id", "point_id", "seen", "density_px_m", "reason", "near_edge")


def truth_of(scene):
    """Return a row for each camera and point: whether it is seen, at which density, why not, and whether an edge is near.

    A spot before a wall that is seen while the wall is not, since that faces away, is near an edge, too.
    """
    terrain, solids, named = terrain_of(scene), solids_of(scene), points_of(scene)
    x, y, above = np.array([each[1:4] for each in named]).T
    points = np.column_stack([x, y, ground_m(terrain, x, y) + above])
    for camera in scene["cameras"]:
        asked = camera, lens_of(camera, terrain), points, solids, terrain
        (reason, density), near = see(*asked), are_near_edge(*asked)
        at_wall = points + np.array([(*(each[4][3:] or (0.0, 0.0)), 0.0) for each in named]) * 0.9
        near |= (see(camera, lens_of(camera, terrain), at_wall, solids, terrain)[0] == SEEN) != (reason == SEEN)
        for row, (name, *_) in enumerate(named):
            px = f"{density[row]:.3f}" if reason[row] == SEEN else ""
            yield camera["camera_id"], name, int(reason[row] == SEEN), px, REASONS[reason[row]], int(near[row])


def cells_of(scene, camera):
    """Return the western and northern edge and the truth of ground cells around a camera, row 0 in the north.

    A cell is what its middle is, ``TARGET_M`` above the ground; where one of its corners differs, an edge runs through it.
    """
    terrain, solids, lens = terrain_of(scene), solids_of(scene), lens_of(camera, terrain_of(scene))
    half = CELL_M / 2.0  # lenses stand in the middle of a cell
    west, east = (np.clip(camera["x"] + way * (camera["range_m"] + half), -SIZE_M, SIZE_M) for way in (-1, 1))
    south, north = (np.clip(camera["y"] + way * (camera["range_m"] + half), -SIZE_M, SIZE_M) for way in (-1, 1))

    def asked(x, y):
        spots = np.column_stack([x.ravel(), y.ravel(), (ground_m(terrain, x, y) + TARGET_M).ravel()])
        reason, between = see(camera, lens, spots, solids, terrain)[0], are_between_ranges(camera, spots - lens)
        return reason.reshape(x.shape), between.reshape(x.shape)

    corners = asked(*np.meshgrid(np.arange(west, east + 0.1, CELL_M), np.arange(north, south - 0.1, -CELL_M)))[0] == SEEN
    middle, between = asked(*np.meshgrid(np.arange(west + half, east, CELL_M), np.arange(north - half, south, -CELL_M)))
    seen = middle == SEEN
    cells = np.where(seen, VISIBLE, np.where((middle == PICTURE) | (middle == RANGE), NOT_IN_PICTURE, HIDDEN)).astype(np.uint8)
    for corner in (corners[:-1, :-1], corners[:-1, 1:], corners[1:, :-1], corners[1:, 1:]):
        cells[corner != seen] = EDGE
    cells[between] = EDGE
    cells[middle == INSIDE] = NOT_ASKED
    return west, north, cells


def write_all(folder):
    """Write every scene, a folder each; a GeoPackage bears a fixed day, so that the same scenes are the same bytes."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-12-01T00:00:00Z"})
    for name, scene in SCENES.items():
        write_scene(scene, folder / name)


def write_scene(scene, folder):
    """Write buildings, trees and solids, terrain, surface, cameras and points, and the truth of points and cells."""
    folder.mkdir(parents=True, exist_ok=True)
    terrain = terrain_of(scene)
    write_town(scene, folder / "town.gpkg")
    if terrain is not None:
        heights, west, north, cell = terrain
        write_raster(folder / "terrain.tif", heights.astype(np.float32), west, north, cell)
    surface = np.round(surface_of(scene) * 256.0) / np.float32(256.0)  # 4 mm: a third of the size
    write_raster(folder / "surface.tif", surface, -SIZE_M, SIZE_M, CELL_M)
    write_rows(folder / "cameras.csv", CAMERA_COLUMNS, [_camera(each, terrain) for each in scene["cameras"]])
    rows = [
        (name, f"{X0 + x:.2f}", f"{Y0 + y:.2f}", f"{z:.3f}", f"{z + ground_m(terrain, x, y):.3f}", *(on[:3] or ("", "", "")))
        for name, x, y, z, on in points_of(scene)
    ]
    write_rows(folder / "points.csv", POINT_COLUMNS, rows)
    write_rows(folder / "truth.csv", TRUTH_COLUMNS, truth_of(scene))
    for camera in scene["cameras"]:
        west, north, cells = cells_of(scene, camera)
        write_raster(folder / f"cells_{camera['camera_id']}.tif", cells, west, north, CELL_M, NOT_ASKED)


def write_town(scene, path):
    """Write a GeoPackage: buildings and trees as maps tag them, and all of them as solids with base and top above the datum."""
    path.unlink(missing_ok=True)
    layers = {"buildings": ([_building(each) for each in scene["solids"]], [_polygon(each["rings"]) for each in scene["solids"]])}
    solids = solids_of(scene)
    rows = [{"base_z_m": each["base_m"], "top_z_m": each["top_m"]} for each in solids]
    layers["solids"] = rows, [_polygon(each["rings"]) for each in solids]
    frames = {name: _frame(*of_it) for name, of_it in layers.items()}
    if scene.get("trees"):
        tags = [{"natural": "tree", "height": str(tree[2]), "diameter_crown": str(tree[3])} for tree in scene["trees"]]
        frames["trees"] = _frame(tags, [shapely.Point(tree[:2]) for tree in scene["trees"]])
    for name, each in frames.items():
        each.to_file(path, layer=name, SPATIAL_INDEX="NO")
    with sqlite3.connect(path) as file:  # small pages: a tenth of the size
        file.execute("PRAGMA page_size=512")
        file.execute("VACUUM")
    file.close()


def _polygon(rings):
    return shapely.Polygon(rings[0], rings[1:])


def _frame(rows, shapes):
    moved = [shapely.transform(each, lambda xy: xy + np.array([X0, Y0])) for each in shapes]
    return geopandas.GeoDataFrame([{"fid": n + 1, **row} for n, row in enumerate(rows)], geometry=moved, crs=CRS)


def _building(each):
    tags = {"building": "warehouse", "height": "", "min_height": "", "roof_z_m": ""}
    if each["base_m"]:
        tags["min_height"] = str(each["base_m"])
    if each["roof_z_m"] is None:
        return {**tags, "height": str(each["height_m"])}
    return {**tags, "roof_z_m": str(each["roof_z_m"])}


def _camera(camera, terrain):
    x, y, z = lens_of(camera, terrain)
    is_on_roof = camera["mount"] == "roof"
    row = {**camera, "x_m": f"{X0 + x:.2f}", "y_m": f"{Y0 + y:.2f}", "lens_z_m": f"{z:.3f}"}
    row["mount_height_m"] = "" if is_on_roof else camera["mount_height_m"]
    return [row[name] for name in CAMERA_COLUMNS]


def write_raster(path, cells, west, north, cell_m, nodata=None):
    """Write a raster, its edges in metres from the middle of the scene."""
    shape = {"height": cells.shape[0], "width": cells.shape[1], "count": 1, "dtype": cells.dtype, "nodata": nodata}
    where, predictor = from_origin(X0 + west, Y0 + north, cell_m, cell_m), 3 if cells.dtype == np.float32 else 2
    with rasterio.open(
        path, "w", driver="GTiff", crs=CRS, transform=where, compress="deflate", zlevel=9, predictor=predictor, **shape
    ) as to:
        to.write(cells, 1)


def write_rows(path, heads, rows):
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)
