"""What GDAL sees of a surface, one raster of 0 and 255 per camera (runs in Debian's Python)."""

import sys
from pathlib import Path

import numpy as np
from osgeo import gdal, gdal_array


def run(folder):
    """Write every camera's window: where it starts (left, upper edge), and what is seen."""
    surface, frame, lens = np.load(folder / "surface.npy"), np.load(folder / "frame.npy"), np.load(folder / "lenses.npz")
    gdal.UseExceptions()
    data = gdal_array.OpenArray(np.ascontiguousarray(surface, np.float32))
    data.SetGeoTransform((frame[0], frame[2], 0.0, frame[1], 0.0, -frame[2]))
    band = data.GetRasterBand(1)
    for k, camera in enumerate(zip(lens["x"], lens["y"], lens["above"], lens["range"], strict=True)):
        x, y, above, reach = map(float, camera)
        made = gdal.ViewshedGenerate(band, "MEM", "", [], x, y, above, 1.5, 255, 0, 0, -1, 0.0, gdal.GVM_Edge, reach)
        place = made.GetGeoTransform()
        np.savez(folder / f"gdal-{k}.npz", seen=made.ReadAsArray() == 255, start=(place[0], place[3]))


if __name__ == "__main__":
    run(Path(sys.argv[1]))
