"""Pictures under the map are shown right whatever their bands, bits and rows, and one that is a bomb is refused within its limits."""

import sqlite3
import time
import zlib
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp
from rasterio.transform import Affine, from_origin

from lhasaplan import io
from lhasaplan.errors import InputError
from lhasaplan.io.importing import door

CRS = "EPSG:3857"
BOX = (0.0, 0.0, 64.0, 64.0)
RED, HALF = (200, 10, 20), 120


def geotiff(path, bands, colours, transform=None):
    place = from_origin(0, 64, 1, 1) if transform is None else transform
    shape = {"width": 64, "height": 64, "count": len(bands), "dtype": bands[0].dtype, "crs": CRS, "transform": place}
    with rasterio.open(path, "w", driver="GTiff", **shape) as target:
        target.write(np.stack(bands))
        target.colorinterp = colours
    return path


def flat(value, dtype=np.uint8):
    return np.full((64, 64), value, dtype)


def shown(path):
    return io.open_basemap(path, CRS).picture(BOX, 64, 64)


def test_that_a_picture_with_opacity_is_shown_with_it(tmp_path):
    """As gdalwarp -dstalpha writes it: red, green, blue and opacity; the right half is not there."""
    alpha = flat(255)
    alpha[:, 32:] = 0
    colours = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha]
    found = shown(geotiff(tmp_path / "a.tif", [*map(flat, RED), alpha], colours))
    assert tuple(found[32, 10]) == (*RED, 255)
    assert found[32, 50, 3] == 0


def test_that_grey_with_opacity_is_shown_with_it(tmp_path):
    found = shown(geotiff(tmp_path / "a.tif", [flat(HALF), flat(255)], [ColorInterp.gray, ColorInterp.alpha]))
    assert tuple(found[32, 32]) == (HALF, HALF, HALF, 255)


def test_that_a_picture_whose_rows_begin_in_the_south_is_not_upside_down(tmp_path):
    rows = flat(0)
    rows[:32] = 255  # the southern half is white
    found = shown(geotiff(tmp_path / "a.tif", [rows], [ColorInterp.gray], Affine(1.0, 0.0, 0.0, 0.0, 1.0, 0.0)))
    assert found[60, 32, 0] == 255
    assert found[4, 32, 0] == 0


def png(values, bits):
    """Return a grey picture of so many bits a value, written byte by byte; shape (rows, columns)."""
    rows, columns = values.shape
    if bits == 16:
        lines = values.astype(">u2").tobytes()
        width = 2 * columns
    else:
        lines = np.packbits(values.astype(np.uint8), axis=1).tobytes() if bits == 1 else values.astype(np.uint8).tobytes()
        width = columns // 8 if bits == 1 else columns
    raw = b"".join(b"\0" + lines[n * width : (n + 1) * width] for n in range(rows))
    return png_of(columns, rows, bits, raw)


def png_of(columns, rows, bits, raw):
    """Return a grey picture that says it has so many columns and rows, whatever bytes it holds."""

    def chunk(name, content):
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")

    head = columns.to_bytes(4, "big") + rows.to_bytes(4, "big") + bytes([bits, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def mbtiles(path, tiles, **metadata):
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
        made.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        made.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", tiles)
        made.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        made.commit()
    return path


HALF_M = 20_037_508.342789244
NORTH = (-HALF_M, 0.0, HALF_M, HALF_M)


@pytest.mark.parametrize(("bits", "value", "grey"), [(8, 120, 120), (16, 65535, 255), (16, 0x7878, 0x78), (1, 1, 255), (1, 0, 0)])
def test_that_tiles_of_any_bits_are_as_bright_as_they_say(tmp_path, bits, value, grey):
    tile = png(np.full((256, 256), value), bits)
    found = io.open_basemap(mbtiles(tmp_path / "a.mbtiles", [(0, 0, 0, tile)]), CRS).picture(NORTH, 64, 32)
    assert tuple(found[16, 32]) == (grey, grey, grey, 255)


@pytest.mark.parametrize(("scheme", "grey"), [({"scheme": "xyz"}, 255), ({"scheme": "tms"}, 0), ({}, 0)])
def test_that_rows_are_counted_from_where_the_file_says(tmp_path, scheme, grey):
    white, black = (png(np.full((256, 256), value), 8) for value in (255, 0))
    tiles = [(1, column, row, white if row == 0 else black) for column in (0, 1) for row in (0, 1)]
    found = io.open_basemap(mbtiles(tmp_path / "a.mbtiles", tiles, **scheme), CRS).picture(NORTH, 512, 256)
    assert found[128, 256, 0] == grey


def ends_soon(path, match):
    began = time.process_time()
    with pytest.raises(InputError, match=match):
        io.open_basemap(path, CRS).picture((-1000.0, -1000.0, 1000.0, 1000.0), 64, 64)
    assert time.process_time() - began < 10  # of this process, which only waits


def test_that_a_tile_of_a_billion_pixels_is_refused(tmp_path):
    tile = png_of(30_000, 30_000, 1, bytes(3_751) * 200)  # its first lines: the size alone decides
    ends_soon(mbtiles(tmp_path / "a.mbtiles", [(0, 0, 0, tile)]), "30000 x 30000 pixels is no tile")


def test_that_a_view_of_tiles_that_never_ends_is_ended(tmp_path, monkeypatch):
    path = tmp_path / "a.mbtiles"
    usual = door.bounds_of
    monkeypatch.setattr(door, "bounds_of", lambda each: replace(usual(each), processor_s=1.0))  # of the ten that it may take
    with closing(sqlite3.connect(path)) as made:
        endless = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT i AS zoom_level, 0 AS tile_column, 0 AS tile_row, x'00' AS tile_data FROM n"
        made.execute(f"CREATE VIEW tiles AS {endless}")
    ends_soon(path, "was stopped")


def test_that_a_view_of_endless_bytes_is_refused(tmp_path):
    path = tmp_path / "a.gpkg"
    with closing(sqlite3.connect(path)) as made:
        made.execute(
            "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, identifier TEXT, description TEXT, last_change TEXT, min_x, min_y, max_x, max_y, srs_id INTEGER)"
        )
        made.execute("CREATE VIEW houses AS SELECT 1 AS fid, zeroblob(900000000) AS geom UNION ALL SELECT 2, zeroblob(900000000)")
    with pytest.raises(InputError):
        io.read_file(path, kind="buildings")
