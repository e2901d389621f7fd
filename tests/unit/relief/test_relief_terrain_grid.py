"""Facts about reading stored rasters: the finest gives the cells, voids are gaps, tiles of degrees are turned into metres."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
import rasterio
import shapely
from rasterio import Affine
from rasterio.enums import Resampling
from rasterio.transform import from_origin
from sources import shared_data

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project
from lhasaplan.io.importing.door import read_ground
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.terrain.raster import read_raster, terrain_record
from lhasaplan.io.terrain.raster_heights import Frame, heights_on

CRS = "EPSG:32635"
WEST, NORTH = 385_000.0, 6_672_100.0
AT = Camera("c", WEST + 50.0, NORTH - 50.0)


def raster(path, height, cell=2.0, crs=CRS, nodata=None):
    height = np.asarray(height, "float32")
    shape = {"width": height.shape[1], "height": height.shape[0], "count": 1, "dtype": "float32"}
    with rasterio.open(
        path, "w", driver="GTiff", crs=crs, nodata=nodata, transform=from_origin(WEST, NORTH, cell, cell), **shape
    ) as target:
        target.write(height[None])
    return path


def stored(*paths, cameras=(AT,), crs=CRS, **options):
    records = [replace(read_file(p, project_crs=crs, **options).terrain[0], content=p.read_bytes()) for p in paths]
    return Project(crs=crs, cameras=cameras, terrain=tuple(records))


def test_that_a_raster_in_the_project_s_system_keeps_its_own_cells(tmp_path):
    height = np.arange(2500.0).reshape(50, 50)
    ground = read_ground(stored(raster(tmp_path / "g.tif", height)))
    assert (ground.cell_m, ground.relief.west, ground.relief.north) == (2.0, WEST, NORTH)
    assert (ground.relief.height == height).all()
    # The middle of the cell in row 10, column 7.
    assert ground.heights_m(np.array([WEST + 15.0]), np.array([NORTH - 21.0]))[0] == 507.0


def test_that_voids_are_filled_from_a_coarser_raster(tmp_path):
    fine = np.full((50, 50), 20.0)
    fine[:, 25:] = -9999.0
    low = raster(tmp_path / "low.tif", np.full((10, 10), 5.0), cell=10.0)
    ground = read_ground(stored(raster(tmp_path / "fine.tif", fine, nodata=-9999.0), low))
    assert [each.name for each in ground.sources] == ["fine.tif", "low.tif"]
    west, east = ground.heights_m(np.array([WEST + 20.0, WEST + 80.0]), np.array([NORTH - 50.0, NORTH - 50.0]))
    assert (west, east) == (20.0, 5.0)
    assert ground.filled == 0.0


def test_that_voids_that_no_raster_knows_are_counted(tmp_path):
    height = np.full((50, 50), 20.0)
    height[:5] = -9999.0
    assert read_ground(stored(raster(tmp_path / "g.tif", height, nodata=-9999.0))).filled == pytest.approx(0.1)


def test_that_a_raster_far_from_every_camera_leaves_the_ground_level(tmp_path):
    far = Camera("c", WEST - 5000.0, NORTH)
    assert read_ground(stored(raster(tmp_path / "g.tif", np.ones((50, 50))), cameras=(far,))).is_level


def test_that_a_project_without_terrain_or_cameras_is_level(tmp_path):
    assert read_ground(Project(crs=CRS, cameras=(AT,))).is_level
    assert read_ground(stored(raster(tmp_path / "g.tif", np.ones((50, 50))), cameras=())).is_level


def test_that_a_raster_without_a_system_has_the_one_that_was_given(tmp_path):
    path = raster(tmp_path / "g.tif", np.full((50, 50), 3.0), crs=None)
    project = stored(path, crs=CRS)
    assert project.terrain[0].crs == CRS
    assert read_ground(project).sources[0].name == "g.tif"


def test_that_a_broken_raster_is_told_and_the_others_count(tmp_path):
    project = stored(raster(tmp_path / "a.tif", np.full((50, 50), 3.0)), raster(tmp_path / "b.tif", np.ones((50, 50)), cell=3.0))
    broken = replace(project.terrain[0], content=b"not a raster", sha256="00")
    ground = read_ground(replace(project, terrain=(broken, project.terrain[1])))
    assert [each.name for each in ground.sources] == ["b.tif"]
    assert [fault.where.file for fault in ground.remarks if "cannot be read" in fault.template] == ["a.tif"]


@pytest.mark.parametrize("zipped", [False, True])
def test_that_a_tile_of_degrees_is_laid_into_metres(tmp_path, zipped):
    # Heights rise 1 m a column of 3 seconds: linear in longitude, so that bilinear is exact.
    path = tmp_path / "N60E024.hgt"
    path.write_bytes(np.tile(np.arange(1201), (1201, 1)).astype(">i2").tobytes())
    if zipped:
        with zipfile.ZipFile(tmp_path / "N60E024.hgt.zip", "w") as archive:
            archive.write(path, path.name)
        path = tmp_path / "N60E024.hgt.zip"
    x, y = Crs(CRS).to_xy(np.array([24.94, 24.945]), np.array([60.17, 60.172]))
    ground = read_ground(stored(path, cameras=(Camera("c", float(x[0]), float(y[0])),)))
    assert ground.heights_m(x, y) == pytest.approx([0.94 * 1200, 0.945 * 1200], abs=0.05)


def test_that_monaco_s_tile_is_the_ground_of_monaco():
    x, y = Crs("EPSG:32632").to_xy(np.array([7.4197, 7.4291]), np.array([43.7308, 43.7278]))
    ground = read_ground(
        stored(shared_data("monaco/N43E007.hgt.zip"), cameras=(Camera("c", float(x[0]), float(y[0])),), crs="EPSG:32632")
    )
    rock, sea = ground.heights_m(x, y)  # the Rock of Monaco is some 60 m high; the harbour's mouth is at the sea
    assert 35.0 < rock < 75.0
    assert abs(sea) < 15.0


def test_that_london_s_ground_model_is_read_cell_by_cell():
    path = shared_data("london/dem_barb_1m_tif.tif")
    with rasterio.open(path) as source:
        height, corner = source.read(1), source.bounds
    camera = Camera("c", (corner.left + corner.right) / 2, (corner.bottom + corner.top) / 2)
    ground = read_ground(stored(path, cameras=(camera,), crs="EPSG:27700"))
    assert ground.relief.height.shape == height.shape
    assert np.abs(ground.relief.height - height).max() < 1e-3


@pytest.mark.parametrize("mark", [-9999.0, -3.4e38, 1e6])
def test_that_a_mark_of_no_height_that_the_file_does_not_declare_is_no_ground(tmp_path, mark):
    height = np.full((50, 50), 20.0)
    height[:, 40:] = mark
    ground = read_ground(stored(raster(tmp_path / "g.tif", height)))
    assert ground.filled == pytest.approx(0.2)
    assert ground.relief.height.min() == ground.relief.height.max() == 20.0


def test_that_a_single_undeclared_void_does_not_pull_down_the_mean_of_coarser_cells(tmp_path):
    height = np.full((2500, 2500), 20.0)
    height[7, 7] = -9999.0
    fine = stored(raster(tmp_path / "g.tif", height, cell=0.04), cameras=(AT,))
    frame = Frame(WEST, NORTH, 2.0, 50, 50)  # 50 by 50 cells of the raster go into one
    with rasterio.open(tmp_path / "g.tif") as source:
        on_grid = heights_on(frame, source, CRS, fine.crs, Resampling.average)
    assert on_grid.min() == on_grid.max() == 20.0


def test_that_a_raster_given_a_system_other_than_the_project_s_is_laid_where_it_belongs(tmp_path):
    # The zone's neighbour: a raster without a system, whose given one is not the project's.
    path = raster(tmp_path / "g.tif", np.full((50, 50), 3.0), crs=None)
    lon, lat = Crs(CRS).to_lonlat(np.array([AT.x_m]), np.array([AT.y_m]))
    x, y = Crs("EPSG:32634").to_xy(lon, lat)
    camera = Camera("c", float(x[0]), float(y[0]))
    record = replace(
        terrain_record(read_raster(path, CRS), "EPSG:32634", "00"),
        content=path.read_bytes(),
    )
    ground = read_ground(Project(crs="EPSG:32634", cameras=(camera,), terrain=(record,)))
    assert ground.heights_m(x, y) == pytest.approx([3.0], abs=1e-4)


def test_that_a_turned_raster_reaches_to_its_corners(tmp_path):
    # 50 cells of 2 m turned by 30 degrees about the north-west corner; its sides run along
    # (cos 30, -sin 30) and (-sin 30, -cos 30).
    turned = Affine.translation(WEST, NORTH) @ Affine.rotation(-30.0) @ Affine.scale(2.0, -2.0)
    with rasterio.open(
        tmp_path / "g.tif", "w", driver="GTiff", width=50, height=50, count=1, dtype="float32", crs=CRS, transform=turned
    ) as target:
        target.write(np.tile(np.arange(50, dtype="float32"), (50, 1))[None])
    middle = Camera("c", WEST + 100 * 0.5 * 0.866 - 100 * 0.5 * 0.5, NORTH - 100 * 0.5 * 0.5 - 100 * 0.5 * 0.866)
    project = stored(tmp_path / "g.tif", cameras=(middle,))
    (record,) = project.terrain
    assert record.resolution_m == 2.0
    assert record.bounds_m == pytest.approx((WEST - 50.0, NORTH - 136.603, WEST + 86.603, NORTH), abs=0.01)
    # Column 40 and row 25: 81 m along the first side, 51 m along the other; its height is 40.
    x, y = WEST + 81 * 0.8660254 - 51 * 0.5, NORTH - 81 * 0.5 - 51 * 0.8660254
    assert read_ground(project).heights_m(np.array([x]), np.array([y])) == pytest.approx([40.0], abs=0.1)


@pytest.mark.parametrize(
    ("crs", "cell", "is_coarse"),
    [
        (CRS, 10.0, False),
        (CRS, 11.0, True),
        ("EPSG:3067", 10.0, False),  # another grid, in which 10 m are 10.00 and a bit
        ("EPSG:4326", 9.26e-5, True),  # a third of a second: 10.3 m northwards, 5.2 m eastwards at 60 degrees north
        ("EPSG:4326", 8.0e-5, False),
    ],
)
def test_that_a_raster_is_coarse_by_the_longer_side_of_its_cells_on_the_ground(tmp_path, crs, cell, is_coarse):
    corner = Crs(CRS).to_lonlat(np.array([WEST]), np.array([NORTH]))
    x, y = (float(axis[0]) for axis in (corner if crs == "EPSG:4326" else ([WEST], [NORTH])))
    shape = {"width": 60, "height": 60, "count": 1, "dtype": "float32", "crs": crs}
    with rasterio.open(tmp_path / "g.tif", "w", driver="GTiff", transform=from_origin(x, y, cell, cell), **shape) as target:
        target.write(np.full((1, 60, 60), 20.0, "float32"))
    ground = read_ground(stored(tmp_path / "g.tif"))
    assert (ground.coarse is not None) is is_coarse
    assert ground.mask.is_level is is_coarse


@pytest.mark.parametrize(("standing_m", "is_disclosed"), [(7.0, True), (0.0, False)])
@pytest.mark.parametrize("first", ["terrain", "buildings"])
def test_that_an_import_tells_of_houses_in_the_terrain_whichever_comes_first(tmp_path, standing_m, is_disclosed, first):
    rows, columns = np.mgrid[0:100, 0:100]
    is_house = (rows % 40 >= 20) & (columns % 40 >= 20) & (rows % 40 < 32) & (columns % 40 < 32)
    terrain = raster(tmp_path / "ground.tif", 30.0 + 0.05 * columns + standing_m * is_house, cell=1.0)
    corners = [(WEST + 40.0 * i + 20.0, NORTH - 40.0 * j - 32.0) for i in range(2) for j in range(2)]
    shapes = [shapely.box(x, y, x + 12.0, y + 12.0) for x, y in corners]
    houses = [{"type": "Feature", "properties": {"building": "house"}, "geometry": shapely.geometry.mapping(s)} for s in shapes]
    (tmp_path / "buildings.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": CRS}}, "features": houses}),
        "utf-8",
    )
    files = {"terrain": terrain, "buildings": tmp_path / "buildings.geojson"}
    services = open_services()
    project, said = workflow.new_project(services, ("eu-gdpr",), CRS), []
    for kind in sorted(files, reverse=first == "terrain"):
        project, report = workflow.import_file(services, project, files[kind], kind=kind)
        said += report.remarks
    found = [dict(remark.params) for remark in said if "seems to be a surface model" in remark.template]
    assert found == ([{"metres": "7"}] if is_disclosed else [])
