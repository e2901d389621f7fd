"""The count grid as a GeoTIFF."""

from collections.abc import Iterable
from pathlib import Path

import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window

from lhasaplan.core.base.translations import AS_SHIPPED, DataState, Translations
from lhasaplan.core.project.project import Project
from lhasaplan.core.sight import CellFrame
from lhasaplan.core.sight.visibility.view_counts import Counts
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.words import data_banners

SAYS = "Number of operating cameras with recorded direction and lens that can see the ground, 1.5 m above it; no value: none"
MADE_UP = "FICTITIOUS / SYNTHETIC DATA. "
LAYOUT = {
    "driver": "GTiff",
    "count": 1,
    "dtype": "uint16",
    "nodata": 0,
    "compress": "deflate",
    "predictor": 2,
    "bigtiff": "if_safer",
}


def write_counts(
    path: Path, frame: CellFrame, project: Project, strips: Iterable[tuple[int, Counts]], data: DataState = AS_SHIPPED
) -> Path:
    """Write strips of rows as they come; the file appears when all are written, and an old one stays until then."""
    shape = {"width": frame.columns, "height": frame.rows, "crs": project.crs}
    place = from_origin(frame.west, frame.north, frame.cell, frame.cell)
    said = " ".join((*data_banners(data, Translations()), (MADE_UP if project.synthetic else "") + SAYS))
    with replacing(path) as draft, rasterio.open(draft, "w", transform=place, **shape, **LAYOUT) as grid:
        grid.update_tags(TIFFTAG_IMAGEDESCRIPTION=said)
        for first, counts in strips:
            grid.write(counts, 1, window=Window(0, first, counts.shape[1], counts.shape[0]))
    return path
