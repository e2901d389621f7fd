"""Cameras that show all they serve far more sharply than it is needed: a smaller picture would serve the same."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.coverage.part_shares import Needs
from lhasaplan.core.model.camera import Camera, View
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Cure, Draft, Severity, coarser_picture

KIND = "sharper_than_needed"


def on_sharpness(density_px_m: sparse.csr_array, needs: Needs, results: Sequence[CameraResult], times: float) -> Iterator[Draft]:
    """Give one finding per camera whose every point of a part is seen at ``times`` what it needs, or better.

    A point that is seen, but not as sharply as it needs, counts by the density at which it is called seen: no verdict may
    fall by the smaller picture.

    Parameters
    ----------
    density_px_m : csr_array, shape (D, C); planned cameras too, trees in leaf.
    """
    entries = sparse.coo_array(density_px_m)
    needed, seen = needs.needed_px_m[entries.row], needs.seen_px_m[entries.row]
    asked = np.where(entries.data >= needed, needed, seen)
    shown = entries.data >= asked
    data, asked, column = entries.data[shown], asked[shown], entries.col[shown]
    order = np.lexsort((data / asked, column))
    camera, first = np.unique(column[order], return_index=True)
    for c, row in zip(camera.tolist(), order[first].tolist(), strict=True):
        if data[row] / asked[row] >= times and results[c].parts_served:
            yield _draft(results[c], float(data[row]), float(asked[row]))


def _draft(result: CameraResult, density_px_m: float, needed_px_m: float) -> Draft:
    camera, times = result.placed.camera, density_px_m / needed_px_m
    return Draft(
        KIND,
        Severity.NOTE,
        camera.camera_id,
        measured=density_px_m,
        required=needed_px_m,
        unit="px/m",
        cure=None if camera.mask_px else smaller_picture(camera, result.placed.views[0], times),  # masks are drawn in its pixels
        geometry=shapely.Point(camera.x_m, camera.y_m),
        params=(("density", f"{density_px_m:.0f}"), ("needed_px_m", f"{needed_px_m:g}"), ("times", f"{times:.1f}")),
    )


def smaller_picture(camera: Camera, view: View, times: float) -> Cure | None:
    """Return the smallest picture of the same shape that is no coarser than allowed; None where that is the picture itself.

    1920 x 1080 pixels are 120 times 16 x 9: for 2.737 times the need 44 of these 16 are the least that is 701.5 or more.
    """
    step = math.gcd(view.width_px, view.height_px)
    kept = math.ceil(step / times - 1e-9)
    if kept >= step:
        return None
    width, height = (size // step * kept for size in (view.width_px, view.height_px))
    return coarser_picture(camera, width, height)
