"""The guard asked again for all proposed cameras together: no quarter may be watched whole by many that watch little each."""

from collections.abc import Sequence

import shapely

from lhasaplan.core.city.public_ground import public_ground
from lhasaplan.core.context.audit_context import AuditContext, set_in
from lhasaplan.core.coverage.shown_by_cameras import recorded_ground
from lhasaplan.core.demand.neighbourhood import RADIUS_M, too_much_in_a_quarter
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.place import Part, Required


def watching_a_quarter(city: AuditContext, cameras: Sequence[Camera]) -> list[int]:
    """Return which cameras have to go so that those left watch no more of the public ground within 500 m than parts may.

    The measure is that of the guard for parts (more than a tenth, and 5,000 m2 always allowed), asked of the ground that the
    cameras show at 25 px/m or better, each piece counted once; the cameras that show most go first, of equal ones the last.
    """
    if not cameras:
        return []
    grounds = recorded_ground(city, set_in(city, cameras).placed)
    order = sorted(range(len(grounds)), key=lambda number: (round(grounds[number].area, 3), number))
    pieces, before = [], shapely.MultiPolygon()
    for ground in (grounds[number] for number in order):
        pieces.append(shapely.difference(ground, before))
        before = shapely.union(before, ground)
    filled = [number for number, piece in enumerate(pieces) if piece.area > 0.0]
    parts = [Part(f"watched-{k}", "", "", "", "", "", "area", pieces[k], Required(25.0)) for k in filled]
    near = shapely.buffer(before, 2 * RADIUS_M)
    public = public_ground(city.project.layers, near, city.reference_data.widths)
    return sorted(order[filled[k]] for k in too_much_in_a_quarter(parts, public))
