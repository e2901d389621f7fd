"""Background maps from files: GeoTIFF, MBTiles, folders of tiles, in any system; and what is wrong with others."""

import sqlite3

import numpy as np
import pytest
import rasterio
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds
from rasterio.warp import transform_bounds

from lhasaplan.errors import InputError
from lhasaplan.io.importing.basemap_file import HALF_M
from lhasaplan.io.importing.door import open_basemap

CRS = "EPSG:3067"
BOX = (385_000.0, 6_671_000.0, 386_000.0, 6_672_000.0)  # a kilometre of Helsinki
LEVEL = 14


def halves(side=256):
    """Return a picture that is red in the west and blue in the east."""
    picture = np.zeros((3, side, side), np.uint8)
    picture[0, :, : side // 2], picture[2, :, side // 2 :] = 255, 255
    return picture


def geotiff(path, crs=CRS, box=BOX, dtype="uint8", bands=None):
    bands = halves() if bands is None else bands
    place = from_bounds(*box, bands.shape[2], bands.shape[1])
    shape = {"count": bands.shape[0], "height": bands.shape[1], "width": bands.shape[2]}
    with rasterio.open(path, "w", driver="GTiff", dtype=dtype, crs=crs, transform=place, **shape) as made:
        made.write(bands)
    return path


def png(picture):
    shape = {"count": picture.shape[0], "height": picture.shape[1], "width": picture.shape[2]}
    with MemoryFile() as file:
        with file.open(driver="PNG", dtype="uint8", **shape) as made:
            made.write(picture)
        return bytes(file.getbuffer())


def tile_of(box):
    """Return the tile over the middle of a box, and its own box in the project's system."""
    around = transform_bounds(CRS, "EPSG:3857", *box)
    side = 2 * HALF_M / 2**LEVEL
    x, y = (around[0] + around[2]) / 2, (around[1] + around[3]) / 2
    column, row = int((x + HALF_M) // side), int((HALF_M - y) // side)
    west, north = column * side - HALF_M, HALF_M - row * side
    return column, row, transform_bounds("EPSG:3857", CRS, west, north - side, west + side, north)


def folder(path):
    column, row, box = tile_of(BOX)
    place = path / "tiles" / str(LEVEL) / str(column)
    place.mkdir(parents=True)
    (place / f"{row}.png").write_bytes(png(halves()))
    return path / "tiles", box


def mbtiles(path):
    column, row, box = tile_of(BOX)
    with sqlite3.connect(path / "city.mbtiles") as made:
        made.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        made.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
        made.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (LEVEL, column, 2**LEVEL - 1 - row, png(halves())))
    return path / "city.mbtiles", box


def colours(found):
    """Return the colours west and east of the middle."""
    rows, columns = found.shape[:2]
    return [tuple(int(v) for v in found[rows // 2, columns * share // 4]) for share in (1, 3)]


RED_BLUE = [(255, 0, 0, 255), (0, 0, 255, 255)]


def test_that_a_geotiff_lies_where_it_says(tmp_path):
    laid = open_basemap(geotiff(tmp_path / "air.tif"), CRS)
    assert colours(laid.picture(BOX, 64, 64)) == RED_BLUE
    half = laid.picture((BOX[0] - 1000.0, BOX[1], BOX[2], BOX[3]), 64, 32)  # its west is beyond the picture
    assert half[16, 8, 3] == 0
    assert tuple(half[16, 40]) == (255, 0, 0, 255)


def test_that_a_geotiff_in_another_system_is_laid_into_that_of_the_project(tmp_path):
    degrees = transform_bounds(CRS, "EPSG:4326", *BOX)
    laid = open_basemap(geotiff(tmp_path / "air.tif", "EPSG:4326", degrees), CRS)
    assert colours(laid.picture(BOX, 64, 64)) == RED_BLUE


def test_that_beside_the_picture_there_is_nothing(tmp_path):
    laid = open_basemap(geotiff(tmp_path / "air.tif"), CRS)
    assert laid.picture((0.0, 0.0, 10.0, 10.0), 16, 16) is None


def test_that_heights_are_stretched_from_black_to_white(tmp_path):
    heights = np.tile(np.linspace(10.0, 90.0, 64, dtype=np.float32), (64, 1))[None]
    laid = open_basemap(geotiff(tmp_path / "dem.tif", dtype="float32", bands=heights), CRS)
    found = laid.picture(BOX, 64, 64)
    assert found[32, 2, 0] < 20
    assert found[32, 61, 0] > 235
    assert (found[..., 0] == found[..., 2]).all()


@pytest.mark.parametrize("make", [folder, mbtiles])
def test_that_tiles_lie_where_their_numbers_say(tmp_path, make):
    path, box = make(tmp_path)
    laid = open_basemap(path, CRS)
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    around = (middle[0] - 300.0, middle[1] - 300.0, middle[0] + 300.0, middle[1] + 300.0)
    assert colours(laid.picture(around, 64, 64)) == RED_BLUE
    assert laid.picture((middle[0] + 9e4, middle[1], middle[0] + 9.1e4, middle[1] + 1e3), 16, 16) is None


def test_that_of_a_box_of_thousands_of_tiles_nothing_is_put_together(tmp_path):
    path, box = folder(tmp_path)
    wide = (box[0] - 2e5, box[1] - 2e5, box[2] + 2e5, box[3] + 2e5)
    assert open_basemap(path, CRS).picture(wide, 32, 32) is None


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.txt", b"x", "no background map"),
        ("air.tif", b"nothing", "air.tif"),
        ("city.mbtiles", b"nothing", "city.mbtiles"),
    ],
)
def test_that_what_is_no_map_is_told_with_its_file(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        open_basemap(tmp_path / name, CRS)


def test_that_a_picture_without_a_system_an_empty_folder_and_vectors_are_told(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no tiles z/x/y"):
        open_basemap(tmp_path / "empty", CRS)
    with pytest.raises(InputError, match="does not say its coordinate system"):
        open_basemap(geotiff(tmp_path / "scan.tif", crs=None), CRS)
    path, _ = mbtiles(tmp_path)
    with sqlite3.connect(path) as kept:
        kept.execute("INSERT INTO metadata VALUES ('format', 'pbf')")
    with pytest.raises(InputError, match="vectors"):
        open_basemap(path, CRS)
