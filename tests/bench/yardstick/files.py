"""Write the scenes with their truth as files that any tool reads, and read them again."""

import csv
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import rasterio
import shapely
from rasterio.transform import from_origin

from .scenes import CRS, SCENES, X0, Y0, lens_of, solids_of, terrain_of
from .truth import ground_m, see

FOLDER = Path(__file__).parent / "scenes"
CAMERA_COLUMNS = (
    *("camera_id", "x_m", "y_m", "kind", "mount", "mount_height_m", "lens_z_m", "azimuth_deg", "tilt_deg", "hfov_deg"),
    *("image_width_px", "image_height_px", "range_m"),
)


def truth_of(scene):
    """Return a row for each camera and point: camera, point, whether it is seen, at which density."""
    terrain, solids = terrain_of(scene), solids_of(scene)
    x, y, above = np.array(scene["points"]).T
    points = np.column_stack([x, y, ground_m(terrain, x, y) + above])
    for camera in scene["cameras"]:
        seen, density = see(camera, lens_of(camera, terrain), points, solids, terrain)
        for row in range(len(points)):
            yield camera["camera_id"], f"p{row}", int(seen[row]), f"{density[row]:.3f}" if seen[row] else ""


def write_all(folder=FOLDER):
    """Write every scene, a folder each; a GeoPackage bears a fixed day, so that the same scenes are the same bytes."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-12-01T00:00:00Z"})
    for name, scene in SCENES.items():
        write_scene(scene, folder / name)


def write_scene(scene, folder):
    """Write buildings and trees, terrain, cameras, points and the truth of one scene."""
    folder.mkdir(parents=True, exist_ok=True)
    terrain = terrain_of(scene)
    path = folder / "town.gpkg"
    path.unlink(missing_ok=True)
    frame([_building(each) for each in scene["solids"]], scene["solids"]).to_file(path, layer="buildings")
    if scene.get("trees"):
        rows = [{"natural": "tree", "height": str(tree[2]), "diameter_crown": str(tree[3])} for tree in scene["trees"]]
        spots = [shapely.Point(X0 + tree[0], Y0 + tree[1]) for tree in scene["trees"]]
        geopandas.GeoDataFrame(rows, geometry=spots, crs=CRS).to_file(path, layer="trees")
    if terrain is not None:
        heights, west, north, cell = terrain
        shape = {"height": heights.shape[0], "width": heights.shape[1], "count": 1, "dtype": "float32"}
        where = from_origin(X0 + west, Y0 + north, cell, cell)
        with rasterio.open(
            folder / "terrain.tif", "w", driver="GTiff", crs=CRS, transform=where, compress="deflate", **shape
        ) as to:
            to.write(heights.astype(np.float32), 1)
    write_rows(folder / "cameras.csv", CAMERA_COLUMNS, [_camera(each, terrain) for each in scene["cameras"]])
    points = [(f"p{n}", X0 + x, Y0 + y, z) for n, (x, y, z) in enumerate(scene["points"])]
    write_rows(
        folder / "points.csv", ("point_id", "x_m", "y_m", "height_m"), [[i, f"{x:.2f}", f"{y:.2f}", z] for i, x, y, z in points]
    )
    write_rows(folder / "truth.csv", ("camera_id", "point_id", "seen", "density_px_m"), truth_of(scene))


def frame(rows, solids):
    """Return a frame of buildings; an empty scene has one shed far away, since tools want a layer of buildings."""
    shapes = [shapely.Polygon(each["rings"][0], each["rings"][1:]) for each in solids]
    if not shapes:
        rows, shapes = [{"building": "shed", "height": "2"}], [shapely.box(-70, -70, -66, -66)]
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
    row = {**camera, "x_m": f"{X0 + x:.2f}", "y_m": f"{Y0 + y:.2f}", "lens_z_m": f"{z:.3f}" if is_on_roof else ""}
    row["mount_height_m"] = "" if is_on_roof else camera["mount_height_m"]
    return [row[name] for name in CAMERA_COLUMNS]


def write_rows(path, heads, rows):
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)


def read_rows(path):
    """Return the rows of a table as mappings."""
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))
