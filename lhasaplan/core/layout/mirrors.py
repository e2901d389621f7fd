"""Mirror cameras over a line: place, direction and masks with it."""

import math
from dataclasses import replace
from typing import Any

from lhasaplan.core.layout.street_lines import Foot
from lhasaplan.core.model.camera import Camera


def mirrored(camera: Camera, axis: Foot, lean_deg: float) -> Camera:
    """Return a camera as a mirror along a line would show it.

    Parameters
    ----------
    axis : a point of the line and its grid bearing.
    lean_deg : true azimuth minus grid azimuth there.
    """
    turn = math.radians(axis.bearing_deg)
    along = (camera.x_m - axis.x_m) * math.sin(turn) + (camera.y_m - axis.y_m) * math.cos(turn)
    foot = axis.x_m + along * math.sin(turn), axis.y_m + along * math.cos(turn)
    return replace(
        camera,
        x_m=2.0 * foot[0] - camera.x_m,
        y_m=2.0 * foot[1] - camera.y_m,
        **_looking_back(camera, axis.bearing_deg + lean_deg),
    )


def _looking_back(camera: Camera, axis_deg: float) -> dict[str, Any]:
    """Return azimuth and masks mirrored over a true bearing; in the picture left and right change places."""
    azimuth, width_px = camera.azimuth_deg, camera.image_width_px
    sectors = tuple(((2.0 * axis_deg - stop) % 360.0, (2.0 * axis_deg - start) % 360.0) for start, stop in camera.mask_sector_deg)
    kept = camera.mask_px if width_px is not None else ()
    polygons = tuple(tuple((float(width_px or 0) - u, v) for u, v in polygon) for polygon in kept)
    turned = None if azimuth is None else round((2.0 * axis_deg - azimuth) % 360.0, 1) % 360.0
    return {"azimuth_deg": turned, "mask_sector_deg": sectors, "mask_px": polygons}
