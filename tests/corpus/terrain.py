"""Terrain: GeoTIFF, ASCII grids and HGT tiles, whole, silent about what they are, lying and damaged."""

import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio import Affine
from rasterio.transform import from_origin

from corpus.case import Reader

TIFF = Reader("GeoTIFF", "hill.tif")
GRID = Reader("ASCII grid", "hill.asc")
HGT = Reader("HGT", "N48E002.hgt")
READERS = (TIFF, GRID, HGT)
T1 = {"terrain": 1}
SLOPE = np.add.outer(np.arange(20.0), np.arange(20.0)) + 30.0
AT = (652400.0, 6862100.0)
UNIT = "unit of the heights is not said"


def tiff(
    heights: Any = SLOPE,
    *,
    crs: str | None = "EPSG:2154",
    cell: float = 5.0,
    at: tuple[float, float] = AT,
    unit: str = "m",
    **options: Any,
) -> Callable[[Path], object]:
    """Return a writer of a GeoTIFF; its bands count in ``unit``."""
    bands = np.asarray(heights)
    bands = bands[None] if bands.ndim == 2 else bands
    options = {"dtype": "float32", "driver": "GTiff", "transform": from_origin(*at, cell, cell), **options}
    then = options.pop("then", ())
    colours = options.pop("colours", None)

    def write(path: Path) -> None:
        shape = {"width": bands.shape[2], "height": bands.shape[1], "count": bands.shape[0]}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with rasterio.open(path, "w", crs=crs, **shape, **options) as target:
                target.write(bands.astype(options["dtype"]))
                if colours:
                    target.write_colormap(1, colours)
                if unit:
                    target.units = [unit] * bands.shape[0]
        for change in then:
            change(path)

    return write


def cut(share: float) -> Callable[[Path], object]:
    """Return a change that leaves the first share of a file."""
    return lambda path: path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def _huge(path: Path, side: int = 20_000) -> None:
    """Write a raster of as many cells as a country has metres, which takes some bytes on disk."""
    options = {"driver": "GTiff", "dtype": "float32", "count": 1, "crs": "EPSG:2154", "transform": from_origin(*AT, 1.0, 1.0)}
    with rasterio.open(
        path, "w", width=side, height=side, tiled=True, blockxsize=4096, blockysize=4096, sparse_ok=True, **options
    ):
        pass


taken, refused = TIFF.taken, TIFF.refused
PLACE = (2.3522, 48.8568)
taken("a slope in metres", tiff(), T1, at=PLACE, near_m=120.0, words=("30 and 68 m",))
taken(
    "a slope in degrees",
    tiff(crs="EPSG:4326", cell=0.0001, at=(2.352, 48.857)),
    T1,
    at=(2.353, 48.856),
    near_m=20.0,
    words=("30 and 68 m",),
)
taken("a unit that is not said", tiff(unit=""), T1, words=(UNIT, "_ft"))
taken("feet by the band", tiff(unit="ft"), T1, words=("ft", "9 and 21 m"))
taken("feet by the name", tiff(unit=""), T1, file="hill_ft.tif", words=("ft", "9 and 21 m"))
taken(
    "a turned raster",
    tiff(transform=Affine.translation(*AT) @ Affine.rotation(20.0) @ Affine.scale(5.0, -5.0)),
    T1,
    words=("30 and 68 m",),
)
taken("whole numbers", tiff(dtype="int16"), T1, words=("30 and 68 m",))
taken("two bands", tiff(np.stack([SLOPE, SLOPE])), T1, words=("first of 2 bands",))
taken("some cells are not known", tiff(np.where(SLOPE > 60.0, -9999.0, SLOPE), nodata=-9999.0), T1, words=("30 and 60 m",))
taken("marks of no height that are not declared", tiff(np.where(SLOPE > 60.0, -32768.0, SLOPE)), T1, words=("30 and 60 m",))
taken("heights below the sea", tiff(SLOPE - 460.0), T1, words=("-430 and -392 m",))
taken("packed", tiff(compress="deflate"), T1, words=("30 and 68 m",))
taken("the system given", tiff(crs=None), T1, options={"crs": "EPSG:2154"}, at=PLACE, near_m=120.0, words=("30 and 68 m",))
taken("an ending of .tiff", tiff(), T1, file="hill.tiff", words=("30 and 68 m",))
taken("a system of coordinates in feet", tiff(crs="EPSG:2263", at=(983000.0, 199000.0), unit=""), T1, words=("feet",))
taken("bytes as heights", tiff(dtype="uint8"), T1, words=("255",))
refused("no place at all", tiff(transform=Affine.identity(), crs=None), "where it lies")
refused("a system but no place", tiff(transform=Affine.identity()), "place")
refused("no system", tiff(crs=None), "--crs")
refused("no height at all", tiff(np.full((5, 5), -9999.0), nodata=-9999.0), "height")
refused("not a number everywhere", tiff(np.full((5, 5), np.nan)), "height")
refused("complex numbers", tiff(dtype="complex64"), "complex")
refused("a palette of colours", tiff(dtype="uint8", colours={n: (n, n, n, 255) for n in range(256)}, unit=""), "palette")
refused("a picture of three bands", tiff(np.stack([SLOPE] * 3), dtype="uint8", unit=""), "picture")
refused("a PNG named .tif", tiff(dtype="uint8", driver="PNG", crs=None, unit="", transform=Affine.identity()), "picture")
refused(
    "a JPEG named .tif", tiff(np.stack([SLOPE] * 3), dtype="uint8", driver="JPEG", crs=None, unit="", transform=Affine.identity())
)
refused("cut in two", tiff(then=(cut(0.5),)))
refused("cut within its head", tiff(then=(cut(0.02),)))
refused("no bytes", b"")
refused("text called .tif", "hello\n")
refused("a system of an engineer", tiff(crs='LOCAL_CS["Site",UNIT["metre",1]]'), "--crs")
refused("a system that is only heights", tiff(crs="EPSG:5773"), "--crs")
refused("metres that are said to be degrees", tiff(crs="EPSG:4326"), "--crs")
refused("a picture of the web called .tif", "<html><body>404</body></html>", "web page|html")
taken("a large raster of which nothing is written", _huge, T1, words=("0 to 0 m",))
refused("a raster larger than any land", lambda path: _huge(path, 400_000), "cells")
refused("a cell of no size", tiff(transform=Affine(0.0, 0.0, AT[0], 0.0, 0.0, AT[1])), "place")
refused("terrain called buildings", tiff(), "buildings", options={"kind": "buildings"})


CITY = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"height":9},"geometry":{"type":"Polygon",'
CITY += '"coordinates":[[[2.3522,48.8566],[2.3524,48.8566],[2.3524,48.8568],[2.3522,48.8566]]]}}]}'
HOUSES = TIFF.taken("houses for the terrain to lie under", CITY, {"buildings": 1}, file="buildings.geojson")
taken("terrain of this city", tiff(), T1, before=HOUSES, words=("30 and 68 m",))
taken("terrain of another city", tiff(at=(842000.0, 6520000.0)), T1, before=HOUSES, words=("km",))
refused("terrain of another continent", tiff(crs="EPSG:32756", at=(334000.0, 6252000.0)), "km", before=HOUSES)

HEAD = "ncols 4\nnrows 3\nxllcorner 652400\nyllcorner 6862000\ncellsize 5\nNODATA_value -9999\n"
ROWS = "30 31 32 33\n31 32 33 34\n32 33 34 35\n"
taken, refused = GRID.taken, GRID.refused
LAMBERT = {"crs": "EPSG:2154"}
taken("a grid", HEAD + ROWS, T1, options=LAMBERT, words=(UNIT,), at=(2.3513, 48.8563), near_m=60.0)
taken("a grid by the middles of its cells", HEAD.replace("corner", "center") + ROWS, T1, options=LAMBERT, words=(UNIT,))
taken("a grid with decimals", HEAD + ROWS.replace("30", "30.25"), T1, options=LAMBERT, words=(UNIT,))
taken("a grid with holes", HEAD + ROWS.replace("31", "-9999"), T1, options=LAMBERT, words=(UNIT, "30 to 35 m"))
taken("a grid without a mark of no height", HEAD.replace("NODATA_value -9999\n", "") + ROWS, T1, options=LAMBERT, words=(UNIT,))
taken("line ends of Windows", (HEAD + ROWS).replace("\n", "\r\n"), T1, options=LAMBERT, words=(UNIT,))
taken("a grid in feet", HEAD + ROWS, T1, file="hill_ft.asc", options=LAMBERT, words=("ft", "9 and 11 m"))
refused("a grid without a system", HEAD + ROWS, "--crs")
taken("a grid with nan for no height", HEAD + ROWS.replace("31", "nan"), T1, options=LAMBERT, words=(UNIT,))
refused("a grid with decimal commas", HEAD + ROWS.replace("30", "30,25"), "30,25", rows=(7,), options=LAMBERT)
refused("a grid with a missing row", HEAD + "30 31 32 33\n", options=LAMBERT)
refused("a grid with words", HEAD + ROWS.replace("34", "hill"), "hill", rows=(8,), options=LAMBERT)
refused("a grid without a head", ROWS, options=LAMBERT)
refused("a grid that promises a million columns", HEAD.replace("ncols 4", "ncols 1000000000") + ROWS, options=LAMBERT)

taken, refused = HGT.taken, HGT.refused
TILE = np.full((1201, 1201), 35, ">i2")
taken("a tile", TILE.tobytes(), T1, words=("35",), at=(2.5, 48.5), near_m=2000.0)
taken("a tile in a zip", lambda path: _zip(path, "N48E002.hgt", TILE.tobytes()), T1, file="N48E002.hgt.zip", words=("35",))
taken("a tile with holes", np.where(np.arange(1201) > 600, -32768, TILE).astype(">i2").tobytes(), T1, words=("35",))
refused("a tile whose name says no place", TILE.tobytes(), file="hill.hgt")
refused("a tile that is cut", TILE.tobytes()[:100_000])
refused("a tile of no bytes", b"")
refused("a tile of holes alone", np.full((1201, 1201), -32768, ">i2").tobytes(), "height")
refused(
    "a tile in a zip that is cut",
    lambda path: (_zip(path, "N48E002.hgt", TILE.tobytes()), path.write_bytes(path.read_bytes()[:300])),
    file="N48E002.hgt.zip",
)


def _zip(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
