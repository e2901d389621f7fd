"""Facts about the numbers of a terrain raster: their unit, their bands, and whether they are heights at all."""

import hashlib

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.transform import from_origin

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project, TerrainRecord
from lhasaplan.errors import InputError
from lhasaplan.io.importing.door import read_ground
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.terrain.terrain_grid import CHANGED, UNIT_UNKNOWN, sheets_of

NAVD88_FEET = "EPSG:32618+6360"  # UTM 18N with heights in survey feet above NAVD 88
CORNER = (585_000.0, 4_512_000.0)


def raster(path, value=100.0, unit="", crs="EPSG:32618", **profile):
    """Write a raster of 20 x 20 cells of 50 m that all have one value."""
    profile = {"count": 1, "dtype": "float32", **profile}
    place = {"width": 20, "height": 20, "crs": crs, "transform": from_origin(*CORNER, 50.0, 50.0)}
    with rasterio.open(path, "w", driver="GTiff", **place, **profile) as target:
        for band in range(1, target.count + 1):
            target.write(np.full((20, 20), value, profile["dtype"]), band)
        if unit:
            target.units = [unit] * target.count
    return path


def remarks(path):
    return [(remark.template, dict(remark.params)) for remark in read_file(path).remarks]


def ground_m(path):
    """Return the height in the middle of the raster as sight has it, and what the ground remarks."""
    found = read_file(path)
    (record,) = found.terrain
    stored = TerrainRecord(record.name, record.bounds_m, record.resolution_m, record.sha256, path.read_bytes(), record.crs)
    spot = np.array([CORNER[0] + 500.0]), np.array([CORNER[1] - 500.0])
    ground = read_ground(Project(crs=found.crs, terrain=(stored,), cameras=(Camera("a", float(spot[0][0]), float(spot[1][0])),)))
    return float(ground.heights_m(*spot)[0]), ground.remarks


@pytest.mark.parametrize(
    ("name", "unit", "crs", "foot_m"),
    [
        ("a.tif", "ft", "EPSG:32618", 0.3048),
        ("a.tif", "US survey foot", "EPSG:32618", 1200.0 / 3937.0),
        ("a.tif", "", NAVD88_FEET, 1200.0 / 3937.0),
        ("a_ft.tif", "", "EPSG:32618", 0.3048),
        ("a.tif", "m", "EPSG:32618", 1.0),
    ],
)
def test_that_heights_count_in_the_unit_that_the_file_says(tmp_path, name, unit, crs, foot_m):
    path = raster(tmp_path / name, 10_000.0 if foot_m < 1.0 else 3_000.0, unit, crs)
    height_m, said = ground_m(path)
    assert height_m == pytest.approx((10_000.0 if foot_m < 1.0 else 3_000.0) * foot_m, abs=0.01)
    assert said == ()
    ((_, params),) = remarks(path)
    assert ("unit" in params) == (foot_m < 1.0)


def test_that_heights_without_a_unit_are_metres_and_every_answer_says_so(tmp_path):
    path = raster(tmp_path / "a.tif")
    height_m, said = ground_m(path)
    assert height_m == pytest.approx(100.0)
    assert [(remark.template, remark.params["names"]) for remark in said] == [(UNIT_UNKNOWN, "a.tif")]
    assert [params for _, params in remarks(path)] == [{"low": "100", "high": "100"}]


def test_that_heights_beside_coordinates_in_feet_are_doubted(tmp_path):
    ((template, _),) = remarks(raster(tmp_path / "a.tif", crs="EPSG:2263"))
    assert template.startswith("coordinates are in feet")


def test_that_a_scale_in_the_file_counts(tmp_path):
    path = raster(tmp_path / "a.tif", 1234, "m", dtype="int16")
    with rasterio.open(path, "r+") as target:
        target.scales, target.offsets = (0.1,), (5.0,)
    assert ground_m(path)[0] == pytest.approx(128.4, abs=0.01)


def test_that_bands_beyond_the_first_are_told(tmp_path):
    assert [params for template, params in remarks(raster(tmp_path / "a.tif", count=3)) if "band" in template] == [{"count": 3}]


def test_that_a_shaded_picture_is_doubted(tmp_path):
    assert any("shaded picture" in template for template, _ in remarks(raster(tmp_path / "a.tif", 200, dtype="uint8")))


@pytest.mark.parametrize(("value", "nodata"), [(-9999.0, -9999.0), (-32768.0, None), (65535.0, None)])
def test_that_a_raster_without_any_height_is_refused(tmp_path, value, nodata):
    with pytest.raises(InputError, match="no value of this raster is a height"):
        read_file(raster(tmp_path / "a.tif", value, nodata=nodata))


@pytest.mark.parametrize(
    "place",
    [
        Affine(1e-300, 0, 0, 0, -1e-300, 64),
        Affine(1, 0, 1e300, 0, -1, 64),
        Affine(1, 1, 0, 1, 1, 64),  # all of it on one line
    ],
)
def test_that_a_stored_raster_that_stands_nowhere_is_told_and_not_laid(tmp_path, place):
    path, box = tmp_path / "a.tif", (0.0, 0.0, 64.0, 64.0)
    shape = {"width": 64, "height": 64, "count": 1, "dtype": "float32", "crs": "EPSG:3857", "transform": place}
    with rasterio.open(path, "w", driver="GTiff", **shape) as target:
        target.write(np.zeros((1, 64, 64), np.float32))
    found = sheets_of((TerrainRecord("a.tif", box, 1.0, "", path.read_bytes(), "EPSG:3857"),), "EPSG:3857", box)
    assert not found.laid
    assert [fault.where.file for fault in found.remarks] == ["a.tif"]


def test_that_a_stored_raster_whose_bytes_were_changed_is_told_and_not_laid(tmp_path):
    content = raster(tmp_path / "a.tif").read_bytes()
    box, digest = (CORNER[0], CORNER[1] - 1000.0, CORNER[0] + 1000.0, CORNER[1]), hashlib.sha256(content).hexdigest()
    came, changed = (
        sheets_of((TerrainRecord("a.tif", box, 50.0, digest, each, "EPSG:32618"),), "EPSG:32618", box)
        for each in (content, content[:-2] + b"\x01\x02")
    )
    assert (len(came.laid), len(changed.laid)) == (1, 0)
    assert [fault.template for fault in changed.remarks] == [CHANGED]
