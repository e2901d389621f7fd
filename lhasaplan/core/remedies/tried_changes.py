"""What changed cameras would show, tried in the town of an audit: protected places, ground, demand. Cures and options ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import AuditContext, set_in, with_placed
from lhasaplan.core.coverage.columns import UNSEEN, Column, columns_of
from lhasaplan.core.coverage.mapped_ground import not_mapped, without
from lhasaplan.core.coverage.part_shares import Needs
from lhasaplan.core.coverage.shown_by_cameras import recorded_ground, shown_demand
from lhasaplan.core.coverage.unasked_area import unasked_ground
from lhasaplan.core.exposure.protected_views import walls_within_reach
from lhasaplan.core.exposure.seen_walls import SeenWalls, look_at_walls
from lhasaplan.core.model.camera import Camera, Placed
from lhasaplan.core.model.place import Demand

ROUNDING_M2 = 0.5  # by as much the ground of one view differs when it is computed twice


@dataclass(frozen=True, eq=False, slots=True)
class TriedChanges:
    """Looks through tried cameras in batches; ``demand`` and ``needs`` are None where no confirmed parts are known."""

    context: AuditContext
    demand: Demand | None = None
    needs: Needs | None = None

    @property
    def knows_parts(self) -> bool:
        """Tell whether confirmed parts say what the cameras are for."""
        return self.demand is not None and bool(self.demand.parts)

    def with_cameras(self, cameras: Sequence[Camera], progress: Progress = no_progress) -> AuditContext:
        """Return the town with these cameras in it and no others."""
        return set_in(self.context, cameras, progress)

    def protected(self, tried: AuditContext, progress: Progress) -> SeenWalls:
        """Return what cameras show of all protected places that they may reach."""
        return look_at_walls(tried, walls_within_reach(tried), progress)

    def grounds(self, placed: Sequence[Placed], progress: Progress) -> list[BaseGeometry]:
        """Return the ground that each shows at 25 px/m or better."""
        return recorded_ground(self.context, placed, progress) if placed else []

    def columns(self, placed: Sequence[Placed], progress: Progress) -> list[Column]:
        """Return what each shows of the demand."""
        if self.demand is None or not self.knows_parts:
            return [UNSEEN for _ in placed]
        return columns_of(shown_demand(with_placed(self.context, tuple(placed)), self.demand.xyz_m, progress))

    def served(self, column: Column) -> IntArray:
        """Return the demand points that a column serves."""
        return column.points if self.needs is None else column.served(self.needs)

    def unasked_m2(self, ground: BaseGeometry, column: Column) -> float:
        """Return how much of a ground none of the parts asks for that the same camera serves."""
        parts = [] if self.needs is None or not self.knows_parts else column.parts_served(self.needs).tolist()
        asked = [self.demand.parts[part].geometry for part in parts] if self.demand is not None else []
        return float(unasked_ground(ground, asked, self.context.thresholds.unasked_distance_m).area)

    def mapped(self, ground: BaseGeometry) -> BaseGeometry:
        """Return what of a ground is told as seen: changes are judged by all of it, mapped or not."""
        (bare,) = not_mapped([ground], self.context.scene.tree)
        return without(ground, bare)

    def adds_no_ground(self, ground: BaseGeometry, column: Column, before_m2: float) -> bool:
        """Tell whether no ground is added that nobody asks for."""
        return self.unasked_m2(ground, column) <= before_m2 + ROUNDING_M2
