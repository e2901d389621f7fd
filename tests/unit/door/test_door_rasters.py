"""Rasters that are small on disk and vast once they are unpacked: read by window within their limits, or refused in words."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp, Resampling
from rasterio.transform import from_origin
from rasterio.windows import Window

from lhasaplan import io
from lhasaplan.errors import InputError
from lhasaplan.io.importing.basemap_file import GeoTiff
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.parse.file_check import load_limits
from lhasaplan.io.terrain.raster_heights import pieces, sampled, unpacked_bytes

CRS = "EPSG:32631"
WEST, NORTH = 450_000.0, 5_400_000.0
BLOCK = 4096
BLOCK_BYTES = 4096 * 4096 * 4


def sparse(path, side, block=BLOCK, **more):
    """Write a raster of which nothing is written but that it is there."""
    how = {"driver": "GTiff", "dtype": "float32", "count": 1, "crs": CRS, "transform": from_origin(WEST, NORTH, 1.0, 1.0), **more}
    blocks = {"tiled": True, "blockxsize": block, "blockysize": block, "sparse_ok": True, "bigtiff": "YES"}
    with rasterio.open(path, "w", width=side, height=side, **blocks, **how):
        pass
    return path


class Watched:
    """A raster that notes which windows were read of it."""

    def __init__(self, source):
        self._source, self.windows = source, []

    def __getattr__(self, name):
        return getattr(self._source, name)

    def read(self, band, window=None, **how):
        assert window is not None, "thinned out, all of its rows would be read"
        self.windows.append(window)
        return self._source.read(band, window=window, **how)

    def blocks(self):
        """Return how many blocks were unpacked, each counted once for every run of windows in it."""
        runs = [self._touched(window) for window in self.windows]
        return sum(len(now - before) for before, now in zip([set(), *runs], runs, strict=False))

    def _touched(self, w):
        rows = range(w.row_off // BLOCK, (w.row_off + w.height - 1) // BLOCK + 1)
        return set(product(rows, range(w.col_off // BLOCK, (w.col_off + w.width - 1) // BLOCK + 1)))


@pytest.fixture(scope="module")
def vast(tmp_path_factory):
    """36,100 million cells in 27 KB."""
    path = sparse(tmp_path_factory.mktemp("vast") / "vast.tif", 190_000, compress="deflate", nodata=0.0)
    assert path.stat().st_size < 85_000
    return path


def test_that_whole_blocks_are_counted(vast):
    with rasterio.open(vast) as source:
        assert unpacked_bytes(source, Window(0, 0, 1, 1)) == BLOCK_BYTES
        assert unpacked_bytes(source, Window(4090, 4090, 10, 10)) == 4 * BLOCK_BYTES
        assert unpacked_bytes(source, Window(4096, 0, 4096, 4097)) == 2 * BLOCK_BYTES


def test_that_a_block_of_bands_that_are_packed_together_counts_with_all_of_them(tmp_path):
    for together, times in (("pixel", 50), ("band", 1)):
        path = sparse(tmp_path / f"{together}.tif", 4096, 512, count=50, dtype="uint8", interleave=together)
        with rasterio.open(path) as source:
            assert unpacked_bytes(source, Window(0, 0, 512, 512)) == 512 * 512 * times


def test_that_no_more_than_the_limits_is_unpacked_to_look_for_heights(vast):
    """Nothing of it is a height: the few windows all over it end at the limit, and those one after the other end at it once more."""
    most = load_limits().raster.looked_at_bytes
    with rasterio.Env(GDAL_CACHEMAX=64), rasterio.open(vast) as source:  # as where files are read; or a twentieth of all memory
        watched = Watched(source)
        for values in sampled(watched, 512):
            assert values.count() == 0
    assert 2 <= watched.blocks() <= (2 * most + BLOCK_BYTES) / BLOCK_BYTES


def test_that_windows_cover_each_cell_once_and_end_with_their_blocks(vast):
    with rasterio.open(vast) as source:
        window = Window(4000, 8000, 5000, 400)
        found = list(pieces(source, window))
    assert sum(each.width * each.height for each in found) == 5000 * 400
    assert {each.col_off for each in found} == {4000, 4096, 8192}
    assert {each.row_off for each in found} == {8000, 8192}
    seen = np.zeros((400, 5000), int)
    for each in found:
        seen[each.row_off - 8000 : each.row_off - 8000 + each.height, each.col_off - 4000 : each.col_off - 4000 + each.width] += 1
    assert (seen == 1).all()


def test_that_a_raster_of_void_alone_is_refused_and_one_of_zeros_is_read(tmp_path, vast):
    with pytest.raises(InputError, match="no value of this raster is a height"):
        read_file(vast)
    read = read_file(sparse(tmp_path / "zeros.tif", 37_000, 512))
    assert any(str(remark).endswith("name of the file end in _ft") for remark in read.remarks)


def test_that_a_raster_in_one_block_is_refused_as_terrain_and_as_background(tmp_path):
    path = sparse(tmp_path / "one.tif", 16_000, 16_000, compress="deflate")
    with pytest.raises(InputError, match=r"packed in blocks of 1,024 MB.*gdal_translate"):
        read_file(path)
    with pytest.raises(InputError, match=r"packed in blocks of 1,024 MB.*gdal_translate"):
        io.open_basemap(path, CRS)


def test_that_a_vast_picture_is_shown_near_by_and_left_out_from_far(vast):
    picture = GeoTiff(vast, CRS)
    near = (WEST, NORTH - 512.0, WEST + 512.0, NORTH)
    assert picture.picture(near, 64, 64).shape == (64, 64, 4)
    assert picture.picture((WEST, NORTH - 190_000.0, WEST + 190_000.0, NORTH), 64, 64) is None


def test_that_one_with_overviews_is_shown_from_far(tmp_path, monkeypatch):
    """1,024 cells of one byte in blocks of 256: whole it takes 1 MB, of the overview of 8 a sixty-fourth."""
    limits = load_limits()
    few = replace(limits, raster=replace(limits.raster, shown_bytes=100_000))
    monkeypatch.setattr("lhasaplan.io.importing.basemap_file.load_limits", lambda: few)
    path = sparse(tmp_path / "city.tif", 1024, 256, dtype="uint8")
    with rasterio.open(path, "r+") as target:
        target.write(np.full((1, 1024, 1024), 90, np.uint8))
        target.colorinterp = [ColorInterp.gray]
    box = (WEST, NORTH - 1024.0, WEST + 1024.0, NORTH)
    assert GeoTiff(path, CRS).picture(box, 128, 128) is None
    assert ["gdaladdo" in str(remark) for remark in GeoTiff(path, CRS).remarks] == [True]
    with rasterio.open(path, "r+") as target:
        target.build_overviews([2, 4, 8], Resampling.nearest)
    assert (GeoTiff(path, CRS).picture(box, 128, 128)[64, 64, :3] == 90).all()
    assert GeoTiff(path, CRS).remarks == ()


def test_that_a_picture_of_two_hundred_bands_is_refused(tmp_path):
    path = sparse(tmp_path / "bands.tif", 6_000, 512, count=200, dtype="uint8", interleave="pixel", compress="deflate")
    with pytest.raises(InputError, match="200 bands, where three are colours"):
        io.open_basemap(path, CRS)


@pytest.mark.nightly
def test_that_a_raster_of_ten_gigabytes_in_ten_megabytes_is_read_by_window(tmp_path):
    """49,152 cells each way of four bytes, all 30 m high: 9.7 GB once it is unpacked."""
    path = sparse(tmp_path / "packed.tif", 49_152, 8192, compress="deflate")
    full = np.full((1, 8192, 8192), 30.0, np.float32)
    with rasterio.open(path, "r+") as target:
        for row, column in product(range(0, 49_152, 8192), repeat=2):
            target.write(full, window=Window(column, row, 8192, 8192))
    assert path.stat().st_size < 12_000_000
    read = io.read_file(path)
    assert any("30 to 30 m" in str(remark) for remark in read.remarks)
    picture = io.open_basemap(path, CRS)
    assert picture.picture((WEST, NORTH - 512.0, WEST + 512.0, NORTH), 256, 256) is not None
    assert picture.picture((WEST, NORTH - 49_152.0, WEST + 49_152.0, NORTH), 256, 256) is None
