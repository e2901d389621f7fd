"""GDAL ViewshedGenerate in one process, surface in memory (numpy and osgeo only: runs in Debian's Python).

A raster of 1 m cells out of a raster of 1 m cells; it looks at roofs too, and knows neither sectors nor walls.
"""

import numpy as np
from osgeo import gdal, gdal_array

from ..worker import serve


def prepare(folder):
    """Return a run over all cameras; the surface is put into memory before and not timed."""
    surface, frame, lens = np.load(folder / "surface.npy"), np.load(folder / "frame.npy"), np.load(folder / "lenses.npz")
    gdal.UseExceptions()
    data = gdal_array.OpenArray(np.ascontiguousarray(surface, np.float32))
    data.SetGeoTransform((frame[0], frame[2], 0.0, frame[1], 0.0, -frame[2]))
    band, cameras = data.GetRasterBand(1), list(zip(lens["x"], lens["y"], lens["above"], lens["range"], strict=True))
    return lambda: {"answers": sum(_view(band, *camera) for camera in cameras), "data": data.RasterCount}


def _view(band, x, y, above, reach):
    """Compute one viewshed of 0 and 255; returns 1."""
    edge = gdal.GVM_Edge
    args = (float(x), float(y), float(above), 1.5, 255, 0, 0, -1, 0.0, edge, float(reach))
    made = gdal.ViewshedGenerate(band, "MEM", "", [], *args)
    return int(made is not None)


if __name__ == "__main__":
    serve(prepare)
