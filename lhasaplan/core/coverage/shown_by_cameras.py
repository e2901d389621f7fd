"""What the recorded view of each camera shows of the ground and of the demand; trees hide demand."""

from collections.abc import Sequence

import shapely
from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.coverage.part_shares import by_camera
from lhasaplan.core.model.camera import Basis, Placed
from lhasaplan.core.sight.visibility.at_density import ground_at_least


def recorded_ground(city: AuditContext, placed: Sequence[Placed], progress: Progress = no_progress) -> list[shapely.Geometry]:
    """Return the ground that the recorded view of each camera shows at 25 px/m or better."""
    views = [next(view for view in each.views if view.basis is Basis.RECORDED) for each in placed]
    fields = city.sight.visibility_fields(views, city.rooms, progress=progress)
    return list(ground_at_least(views, fields, city.rooms, SEEN_PX_M, progress=progress))


def shown_demand(context: AuditContext, xyz_m: FloatArray, progress: Progress = no_progress) -> sparse.csc_array:
    """Return the densities at which the recorded view of each camera shows points (P, 3); shape (P, C)."""
    view_table = context.view_table
    scene = context.in_leaf_for(view_table.views)
    density = context.sight.densities(view_table.views, xyz_m, scene, progress=progress)
    return by_camera(density, view_table.camera, view_table.is_basis(Basis.RECORDED), len(context.placed)).tocsc()
