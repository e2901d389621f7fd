"""Facts about rasters that are no terrain, or that lie nowhere: refused in words, never placed at a guess."""

import math

import numpy as np
import pytest
import rasterio
from rasterio import Affine
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.transform import from_origin

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project, TerrainRecord
from lhasaplan.errors import InputError
from lhasaplan.io.importing.door import read_ground
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.terrain import raster as raster_reader
from lhasaplan.workflow.place_checks import TERRAIN_APART, remarks_on_terrain

CRS = "EPSG:32632"
CORNER = (385_000.0, 4_840_000.0)
PLACED = {"crs": CRS, "transform": from_origin(*CORNER, 10.0, 10.0)}
pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


def raster(path, driver="GTiff", value=100.0, count=1, dtype="float32", **profile):
    """Write a raster of 20 x 20 cells that all have one value."""
    with rasterio.open(path, "w", driver=driver, width=20, height=20, count=count, dtype=dtype, **profile) as target:
        for band in range(1, count + 1):
            target.write(np.full((20, 20), value, dtype), band)
    return path


def refusal(path, **how):
    with pytest.raises(InputError) as caught:
        read_file(path, **how)
    return [fault.template for fault in caught.value.faults]


def said(path, **how):
    return {remark.template: dict(remark.params) for remark in read_file(path, **how).remarks}


@pytest.mark.parametrize("how", [{}, {"crs": CRS}, {"project_crs": CRS}])
def test_that_a_raster_without_place_is_never_put_at_the_origin(tmp_path, how):
    assert refusal(raster(tmp_path / "a.tif"), **how) == [raster_reader.NOWHERE]


def test_that_a_place_in_a_world_file_is_asked_for_in_the_raster_itself(tmp_path):
    path = raster(tmp_path / "a.tif")
    (tmp_path / "a.tfw").write_text("10\n0\n0\n-10\n385005\n4839995\n", "ascii")
    assert refusal(path, crs=CRS) == [raster_reader.WORLD_FILE]


def test_that_a_raster_with_control_points_alone_is_asked_to_be_rectified(tmp_path):
    path = raster(tmp_path / "a.tif")
    with rasterio.open(path, "r+") as target:
        corners = [(0, 0), (0, 20), (20, 0), (20, 20)]
        target.gcps = ([GroundControlPoint(row, col, 7.4 + col / 1e3, 43.7 - row / 1e3) for row, col in corners], "EPSG:4326")
    assert refusal(path) == [raster_reader.CONTROL_POINTS]


def test_that_a_picture_under_the_name_of_a_raster_is_told(tmp_path):
    raster(tmp_path / "a.png", "PNG", 90, dtype="uint8")
    path = (tmp_path / "a.png").rename(tmp_path / "a.tif")
    with pytest.raises(InputError, match="is a picture"):
        read_file(path)
    raster(tmp_path / "b.img", "HFA", **PLACED)
    with pytest.raises(InputError, match="another form"):
        read_file((tmp_path / "b.img").rename(tmp_path / "b.tif"))


def test_that_complex_numbers_are_no_heights(tmp_path):
    assert refusal(raster(tmp_path / "a.tif", dtype="complex64", **PLACED)) == [raster_reader.COMPLEX]


def test_that_a_palette_is_no_terrain(tmp_path):
    path = raster(tmp_path / "a.tif", value=3, dtype="uint8", **PLACED)
    with rasterio.open(path, "r+") as target:
        target.write_colormap(1, {3: (255, 0, 0)})
    assert refusal(path) == [raster_reader.PALETTE]


@pytest.mark.parametrize(("dtype", "photometric"), [("uint8", "RGB"), ("uint16", "RGB"), ("uint8", "MINISBLACK")])
def test_that_colours_are_no_terrain_whatever_their_depth(tmp_path, dtype, photometric):
    path = raster(tmp_path / "a.tif", value=90, count=3, dtype=dtype, photometric=photometric, **PLACED)
    assert refusal(path) == [raster_reader.PICTURE]
    assert ColorInterp.palette not in rasterio.open(path).colorinterp


def test_that_the_system_of_the_project_is_taken_with_a_word(tmp_path):
    path = raster(tmp_path / "a.tif", transform=PLACED["transform"])
    (assumed,) = [params for text, params in said(path, project_crs=CRS).items() if "that of the project" in text]
    assert assumed == {"crs": CRS}
    assert not any("that of the project" in text for text in said(path, crs=CRS, project_crs=CRS))


def test_that_degrees_are_not_taken_for_metres_of_the_project(tmp_path):
    path = raster(tmp_path / "a.tif", transform=from_origin(7.4, 43.75, 0.0001, 0.0001))
    assert refusal(path, project_crs=CRS) == [raster_reader.DEGREES]
    assert read_file(path, crs="EPSG:4326", project_crs=CRS).terrain[0].bounds_m[0] > 300_000.0


@pytest.mark.parametrize("void", [-999.0, -9999.0, -32768.0, 1e38, -3.4e38, math.inf])
def test_that_voids_that_nobody_declared_are_no_heights(tmp_path, void):
    path = raster(tmp_path / "a.tif", **PLACED)
    with rasterio.open(path, "r+") as target:
        half = np.full((20, 20), 100.0, "float32")
        half[:, :5] = void
        target.write(half, 1)
    (reported,) = [params for text, params in said(path).items() if "not declared as void" in text]
    assert reported["percent"] == "25"
    assert ground_m(path, 300.0, -100.0)[0] == pytest.approx(100.0)
    assert ground_m(path, 10.0, -100.0)[0] == pytest.approx(100.0)  # the nearest height, and its share is told
    assert ground_m(path, 10.0, -100.0)[1] > 0.0


def ground_m(path, east, south):
    """The ground at a place from the corner, as sight has it, and the share that was filled."""
    found = read_file(path)
    (record,) = found.terrain
    stored = TerrainRecord(record.name, record.bounds_m, record.resolution_m, record.sha256, path.read_bytes(), record.crs)
    x, y = CORNER[0] + east, CORNER[1] + south
    ground = read_ground(Project(crs=found.crs, terrain=(stored,), cameras=(Camera("a", x, y),)))
    return float(ground.heights_m(np.array([x]), np.array([y]))[0]), ground.filled


def test_that_a_turned_raster_gives_the_heights_of_its_own_cells(tmp_path):
    # Turned by 30 degrees about its corner; heights rise 1 m a column, so 1 m in 10 along the turned x axis.
    turned = Affine.translation(*CORNER) @ Affine.rotation(30.0) @ Affine.scale(10.0, -10.0)
    path = raster(tmp_path / "a.tif", crs=CRS, transform=turned)
    with rasterio.open(path, "r+") as target:
        target.write(np.tile(np.arange(20.0, dtype="float32"), (20, 1)), 1)
    x, y = turned @ (10.5, 10.5)
    assert ground_m(path, x - CORNER[0], y - CORNER[1])[0] == pytest.approx(10.0, abs=0.2)


def test_that_terrain_in_feet_lies_where_it_should(tmp_path):
    # New York Long Island in survey feet: (1000000, 200000) ftUS is 304800.6 m east of a false origin at 300000 m, that is
    # 4800.6 m east of 74 W at about 40.716 N; 20 cells of 100 ft are 609.6 m.
    path = raster(tmp_path / "a.tif", crs="EPSG:2263", transform=from_origin(1_000_000.0, 200_000.0, 100.0, 100.0))
    (record,) = read_file(path, project_crs="EPSG:32618").terrain
    west, south, east, north = record.bounds_m
    assert record.resolution_m == pytest.approx(30.48, abs=0.05)
    assert (east - west, north - south) == pytest.approx((609.6, 609.6), abs=12.0)  # the grids lean by half a degree


def project_at(x, y):
    return Project(crs=CRS, cameras=(Camera("a", x, y),))


def test_that_another_city_s_tile_is_told(tmp_path):
    found = read_file(raster(tmp_path / "a.tif", **PLACED), project_crs=CRS)
    (remark,) = remarks_on_terrain(project_at(CORNER[0] + 3_200.0, CORNER[1] - 50.0), found)
    assert (remark.template, dict(remark.params)) == (TERRAIN_APART, {"km": "3"})
    assert remarks_on_terrain(project_at(CORNER[0] + 150.0, CORNER[1] - 50.0), found) == ()
    with pytest.raises(InputError, match="does not reach the project"):
        remarks_on_terrain(project_at(CORNER[0], CORNER[1] + 1_500_000.0), found)
