"""List the cameras that may see a spot or the walls of its building: certain, possible or not, with density and distance.

The command line, tables of points and the window ask here. The answer is geometry and the same for every spot: coarse terrain
ends no view, walls of floor plans do, whatever stands there. Only why a camera does not see it is withheld on some ground
(:mod:`lhasaplan.core.protection.undisclosed`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.scenes import GuardedScenes
from lhasaplan.core.model.camera import Basis, Placed, View
from lhasaplan.core.protection.undisclosed import SpotRule, Witness, disclosed_ground, in_order
from lhasaplan.core.sight import Scene, explain
from lhasaplan.core.sight.lens.frustum import limits_of_view_px_m
from lhasaplan.core.sight.lines.pairs import BLOCKING, Obstruction, SightReason, obstruction
from lhasaplan.core.site.mounting import AskedMount, ask_about
from lhasaplan.core.site.terrain import Terrain

STEP = "sight"
CAMERAS_A_STEP = 16  # answered between two looks at whether somebody cancelled
Explain = Callable[[View, FloatArray, Scene], SightReason]


def who_sees(context: AuditContext, x_m: float, y_m: float, progress: Progress = no_progress) -> tuple[Witness, ...]:
    """Return every active camera's answer for a spot in project coordinates, at the height of heads, those that see it first.

    Of a spot inside a building the answer is what of its walls can be seen, storey by storey.

    Parameters
    ----------
    context : made once per project state by :func:`lhasaplan.core.context.audit_context.make_context`.
    """
    asked = ask_about(x_m, y_m, context.terrain, context.buildings)
    tells_why = not bool(spot_rule(context).is_withheld(asked.spot).any())
    seen = spot_densities(context, asked.points, part_of(progress, 0.0, 0.5)).toarray()
    found = []
    for number, (placed, columns) in enumerate(zip(context.placed, columns_of(context), strict=True)):
        if number % CAMERAS_A_STEP == 0:
            progress(0.5 + 0.5 * number / len(context.placed), STEP)
        found.append(witness_at(placed, asked, seen[:, columns], context.rooms, tells_why=tells_why))
    return in_order(found)


@lru_cache(maxsize=1)  # of a city with undisclosed places all others are found anew
def spot_rule(context: AuditContext) -> SpotRule:
    """Return where the city does not tell why a spot is not seen."""
    project, kinds = context.project, context.reference_data.kinds
    return SpotRule(disclosed_ground(context.ground, project.layers, context.buildings, kinds, project.declarations))


def columns_of(context: AuditContext) -> list[slice]:
    """Return the columns of each placed camera in a matrix of points and views, which stand in the order of cameras."""
    ends = np.cumsum([0, *(len(placed.views) for placed in context.placed)]).tolist()
    return [slice(first, last) for first, last in pairwise(ends)]


def spot_scenes(context: AuditContext) -> GuardedScenes:
    """Return the town as spots are seen in it: coarse terrain hides none, inner walls do."""
    floor, level = context.rooms.floor, context.level
    return GuardedScenes(
        replace(context.guarded, floor=floor), None if level is None else replace(level, floor=floor), context.terrain
    )


def spot_densities(context: AuditContext, xyz_m: FloatArray, progress: Progress = no_progress) -> sparse.csr_array:
    """Return what every view shows of points, shape (P, V)."""
    table, scenes = context.view_table, spot_scenes(context)
    if not table.views:
        return sparse.csr_array((len(xyz_m), 0))

    def see(views: Sequence[View], points: FloatArray, scene: Scene) -> sparse.csr_array:
        share = (0.0, 0.5) if scene is scenes.guarded else (0.5, 1.0)
        return context.sight.densities(views, points, scene, progress=part_of(progress, *share))

    return scenes.densities(table.views, table.level_views, xyz_m, see)


def witness_at(
    placed: Placed, asked: AskedMount, density_px_m: FloatArray, scene: Scene, why: Explain = explain, *, tells_why: bool = True
) -> Witness:
    """Return what one camera can see of a spot, or of the walls round it.

    Parameters
    ----------
    density_px_m : shape (points asked, views of the camera).
    tells_why : whether it may be disclosed what blocks the view.
    """
    home = placed.views[0]
    points = asked.points[: asked.count_for(home)]
    seen, away_m = density_px_m[: len(points)], np.hypot(points[:, 0] - home.x_m, points[:, 1] - home.y_m)
    best, nearest = seen.max(axis=1), int(away_m.argmin())
    row = int(best.argmax()) if best.any() else nearest
    lowest = lowest_px_m(placed.views, points[[row]], seen[[row]])[0]
    pair = seen.max(axis=0).tolist(), float(lowest)
    return witness(placed, pair, float(away_m[row]), points[nearest], scene, why, tells_why=tells_why)


def lowest_px_m(views: Sequence[View], points: FloatArray, highest_px_m: FloatArray) -> FloatArray:
    """Return the lowest density at which any of the views has points in view, by any lens that it may be; shape (P,).

    Parameters
    ----------
    highest_px_m : what the views show at most, shape (P, V); 0 where a view does not show a point.
    """
    lowest = np.full(len(points), np.inf)
    for k, view in enumerate(views):
        rows = np.flatnonzero(highest_px_m[:, k] > 0.0)
        away = points[rows] - (view.x_m, view.y_m, view.lens_z_m)
        low, _ = limits_of_view_px_m(view, away[:, 0], away[:, 1], -away[:, 2])
        lowest[rows] = np.minimum(lowest[rows], np.minimum(low, highest_px_m[rows, k]))
    return np.where(np.isfinite(lowest), lowest, 0.0)


def witness(  # noqa: PLR0917 - as above
    placed: Placed,
    density_px_m: tuple[Sequence[float], float],
    distance_m: float,
    nearest: FloatArray,
    scene: Scene,
    why: Explain = explain,
    *,
    tells_why: bool = True,
) -> Witness:
    """Return a camera's answer from what each of its views shows at best: a recorded view makes it certain.

    ``density_px_m`` is that of each view, and the lowest at which the camera has the spot in view if it has it in view at all.
    """
    highest, lowest = density_px_m
    camera_id, pairs = placed.camera.camera_id, zip(placed.views, highest, strict=True)
    certain = max((px_m for view, px_m in pairs if view.basis is Basis.RECORDED), default=0.0)
    if certain > 0.0:
        return Witness(camera_id, "certain", (certain, certain), distance_m, "seen")
    if max(highest) > 0.0:
        return Witness(camera_id, "possible", (lowest, max(highest)), distance_m, "seen")
    if not tells_why:
        return Witness(camera_id, "not", (0.0, 0.0), distance_m)
    reason = why(widest(placed), nearest, scene)
    return Witness(camera_id, "not", (0.0, 0.0), distance_m, reason.reason, reason.blocker_id)


def widest(placed: Placed) -> View:
    """Return the view that reaches most: a point that it misses, no other view shows."""
    return max(placed.views, key=lambda view: (min(180.0, view.swing_deg + view.hfov_deg / 2), view.range_m))


# Why cameras near a spot do not see it: what stands between, where, and how high the camera would have to hang.
#
# It says no more than the answers about who sees the spot: where ``core/protection/spot_disclosure`` withholds why, so does
# this.


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A camera that does not see a spot, and why.

    Parameters
    ----------
    obstruction : None where nothing that has a height stands between, or where it may not be disclosed.
    height_m : of the camera above the ground at its place, from which it would see the spot; None where no height would do.
    """

    witness: Witness
    obstruction: Obstruction | None = None
    height_m: float | None = None


def why_not_seen(
    witnesses: Sequence[Witness], placed: Mapping[str, Placed], asked: AskedMount, scene: Scene, terrain: Terrain
) -> tuple[WhyNot, ...]:
    """Return every camera that was answered not to see the spot, the nearest first.

    Parameters
    ----------
    witnesses : what may be disclosed of the spot, as :func:`lhasaplan.core.exposure.who_sees.who_sees` returns it.
    """
    blind = [each for each in witnesses if each.certainty == "not"]
    return tuple(_why(each, placed[each.camera_id], asked, scene, terrain) for each in blind if each.camera_id in placed)


def _why(witness: Witness, placed: Placed, asked: AskedMount, scene: Scene, terrain: Terrain) -> WhyNot:
    if witness.reason not in BLOCKING:
        return WhyNot(witness)
    home, view = placed.views[0], widest(placed)
    points = asked.points[: asked.count_for(home)]
    nearest = points[int(np.hypot(points[:, 0] - home.x_m, points[:, 1] - home.y_m).argmin())]
    found = obstruction(view, nearest, scene)
    if found is None or found.lens_z_m is None:
        return WhyNot(witness, found)
    ground_m = float(terrain.lifted(np.array([[view.x_m, view.y_m, 0.0]]))[0, 2])
    return WhyNot(witness, found, found.lens_z_m - ground_m)
