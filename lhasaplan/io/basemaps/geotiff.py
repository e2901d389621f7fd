"""A GeoTIFF as a background map, in whatever system it is."""

from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.transform import from_bounds
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds
from rasterio.windows import Window

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.apart import gdal
from lhasaplan.io.parse.alone import alone
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.parse.limits import load_limits
from lhasaplan.io.terrain.raster_size import check_size, sampled, unpacked_bytes
from lhasaplan.io.terrain.resampling import window_under

NO_SYSTEM = marked(
    "this picture does not say its coordinate system, so it cannot be laid under the map; save it as a GeoTIFF with one"
)
COLOURS = 3
MOST_BANDS = 16  # each is brought to the map's system, for none can be left out
MANY_BANDS = marked(
    "this picture has {count} bands, where three are colours; "
    "save those as a GeoTIFF of its own (gdal_translate -b 1 -b 2 -b 3 in.tif out.tif)"
)
NEAR_ALONE = marked(
    "this picture is too large to be drawn whole, so it shows only when you zoom in; "
    "give it overviews to see it from far (gdaladdo -r average in.tif)"
)


class GeoTiff:
    """Opened anew for each piece: GDAL's handles are of one thread each."""

    def __init__(self, path: Path, crs: str) -> None:
        self.name, self._path, self._crs = path.name, path, crs
        with alone(path) as file, gdal.raster(file, gdal.PICTURES) as source:
            if source.crs is None:
                raise InputError(Fault(NO_SYSTEM, Where(path.name)))
            check_size(source, path.name)
            if source.count > MOST_BANDS:
                raise InputError(Fault(MANY_BANDS, Where(path.name), {"count": source.count}))
            self.remarks = _remarks_on(source, path.name)
            self._stretch = _stretch_of(source)

    def picture(self, box_m: tuple[float, float, float, float], width_px: int, height_px: int) -> NDArray[np.uint8] | None:
        """Return a box of it, north up; None where it has nothing."""
        place = {"transform": from_bounds(*box_m, width_px, height_px), "width": width_px, "height": height_px}
        with reading(self._path), alone(self._path) as file, gdal.raster(file, gdal.PICTURES) as source:
            left, bottom, right, top = source.bounds  # of a picture whose rows begin in the south bottom and top are exchanged
            bounds = left, min(bottom, top), right, max(bottom, top)
            west, south, east, north = transform_bounds(source.crs, self._crs, *bounds)
            if box_m[2] <= west or box_m[0] >= east or box_m[3] <= south or box_m[1] >= north:
                return None
            if _unpacked_bytes(source, self._crs, box_m, width_px, height_px) > load_limits().raster.shown_bytes:
                return None  # as a city of orthophotos without overviews, seen from far
            has_alpha = source.colorinterp[-1] is ColorInterp.alpha
            how = {"resampling": Resampling.bilinear, "add_alpha": not has_alpha, **place}
            with WarpedVRT(source, crs=self._crs, **how) as warped:
                bands = warped.read()
            colours = source.colormap(1) if source.colorinterp[0].name == "palette" else None
        return self._coloured(bands, colours)

    def _coloured(self, bands: NDArray[np.generic], colours: dict[int, tuple[int, ...]] | None) -> NDArray[np.uint8]:
        alpha = bands[-1] if bands.dtype == np.uint8 else (bands[-1] > 0).astype(np.uint8) * 255
        if colours is not None:
            table = np.zeros((256, COLOURS), np.uint8)
            for value, colour in colours.items():
                table[value] = colour[:COLOURS]
            return np.dstack([table[bands[0].astype(np.uint8)], alpha])
        low, high = self._stretch
        shown = bands[:COLOURS] if len(bands) > COLOURS else bands[:1].repeat(COLOURS, axis=0)
        levels = np.clip((shown.astype(float) - low) * 255.0 / max(high - low, 1e-9), 0.0, 255.0).astype(np.uint8)
        return np.dstack([*levels, alpha])


def _unpacked_bytes(
    source: rasterio.DatasetReader, crs: str, box_m: tuple[float, float, float, float], width_px: int, height_px: int
) -> float:
    """Return how many bytes are unpacked to draw a box, from the overview that GDAL takes for it."""
    window = window_under(box_m, source, source.crs.to_string(), crs)
    thinned = min(window.width / width_px, window.height / height_px)
    level = max((each for each in source.overviews(1) if each <= thinned), default=1)
    return unpacked_bytes(source, window, source.count) / level**2


def _remarks_on(source: rasterio.DatasetReader, file: str) -> tuple[Fault, ...]:
    """Return that a picture is not shown from far, where even of its coarsest overview too much would be unpacked."""
    whole, coarsest = Window(0, 0, source.width, source.height), max(source.overviews(1), default=1)
    is_shown = unpacked_bytes(source, whole, source.count) / coarsest**2 <= load_limits().raster.shown_bytes
    return () if is_shown else (Fault(NEAR_ALONE, Where(file)),)


def _stretch_of(source: rasterio.DatasetReader) -> tuple[float, float]:
    """Return the values that are drawn black and white: those of bytes as they are, of others from the data themselves."""
    if source.dtypes[0] == "uint8":
        return 0.0, 255.0
    known = next(sampled(source, 256)).compressed().astype(float)
    known = known[np.isfinite(known)]
    return (float(np.percentile(known, 2)), float(np.percentile(known, 98))) if len(known) else (0.0, 255.0)
