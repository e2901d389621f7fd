"""Facts about terrain rasters: bounds and cell in project metres, zipped tiles, refusals."""

import zipfile

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import digest, read_file


def raster(path, crs="EPSG:32635", cell=2.0, corner=(385_000.0, 6_672_100.0)):
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=50,
        height=50,
        count=1,
        dtype="float32",
        crs=crs,
        transform=from_origin(*corner, cell, cell),
    ) as target:
        target.write(np.zeros((1, 50, 50), "float32"))
    return path


def tile(path):
    """Write an SRTM tile of 1201 x 1201 big-endian cells of zero metres."""
    path.write_bytes(np.zeros((1201, 1201), ">i2").tobytes())
    return path


def test_that_a_raster_is_recorded_with_bounds_and_cell(tmp_path):
    found = read_file(raster(tmp_path / "ground.tif"), project_crs="EPSG:32635")
    (record,) = found.terrain
    assert record.bounds_m == pytest.approx((385_000.0, 6_672_000.0, 385_100.0, 6_672_100.0))
    assert record.resolution_m == 2.0
    assert record.sha256 == found.record.sha256 == digest(tmp_path / "ground.tif")


def test_that_a_raster_alone_fixes_the_system(tmp_path):
    assert read_file(raster(tmp_path / "ground.tif")).crs == "EPSG:32635"


@pytest.mark.parametrize("zipped", [False, True])
def test_that_a_tile_is_read_zipped_or_not(tmp_path, zipped):
    path = tile(tmp_path / "N60E024.hgt")
    if zipped:
        with zipfile.ZipFile(tmp_path / "N60E024.hgt.zip", "w") as archive:
            archive.write(path, path.name)
        path = tmp_path / "N60E024.hgt.zip"
    found = read_file(path)
    # three seconds of arc at 60.5 N are 92.8 m north and 45.8 m east; the geometric mean is 65
    assert found.terrain[0].resolution_m == pytest.approx(65.0, abs=1.5)
    assert found.record.kind == "terrain"


@pytest.mark.parametrize(("name", "beside"), [("dem.json", '{"stac_version": "1.0.0"}'), ("meta.xml", "<gmd:MD_Metadata/>")])
def test_that_a_raster_is_read_from_a_zip_in_which_it_is_described(tmp_path, name, beside):
    with zipfile.ZipFile(tmp_path / "dem.zip", "w") as archive:
        archive.writestr(name, beside)
        archive.write(raster(tmp_path / "dem.tif"), "dem.tif")
    assert read_file(tmp_path / "dem.zip").terrain[0].resolution_m == 2.0


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_that_a_raster_without_a_system_asks_for_it(tmp_path):
    path = raster(tmp_path / "ground.tif", crs=None)
    with pytest.raises(InputError, match="--crs"):
        read_file(path)
    assert read_file(path, crs="EPSG:32635").terrain[0].resolution_m == 2.0


def test_that_what_is_no_raster_is_an_input_error(tmp_path):
    (tmp_path / "ground.tif").write_bytes(b"nothing")
    (tmp_path / "ground.zip").write_bytes(b"nothing")
    for name in ("ground.tif", "ground.zip"):
        with pytest.raises(InputError, match=name):
            read_file(tmp_path / name)


def test_that_a_raster_is_no_camera(tmp_path):
    with pytest.raises(InputError, match="cameras cannot be read"):
        read_file(raster(tmp_path / "ground.tif"), "cameras")


def test_that_a_picture_is_no_terrain(tmp_path):
    shape = {"width": 5, "height": 5, "count": 3, "dtype": "uint8", "crs": "EPSG:32635"}
    with rasterio.open(
        tmp_path / "photo.tif", "w", driver="GTiff", transform=from_origin(385e3, 6672e3, 1, 1), **shape
    ) as target:
        target.write(np.full((3, 5, 5), 90, "uint8"))
    with pytest.raises(InputError, match="picture of 3 bands"):
        read_file(tmp_path / "photo.tif")
