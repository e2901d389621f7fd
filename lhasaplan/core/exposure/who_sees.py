"""Which cameras may see a spot, or the walls of the building it lies in: certain, possible or not, with density or reason."""

import numpy as np

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.context.audit_context import Setting
from lhasaplan.core.exposure.protected_densities import protected_densities
from lhasaplan.core.model.camera import Basis, View
from lhasaplan.core.protection.spot_disclosure import Hush, SpotRule, Witness, in_order
from lhasaplan.core.sight import densities, explain
from lhasaplan.core.site.queried_spot import EYE_M, Asked, ask_about

__all__ = ["Witness", "spot_rule", "who_sees"]


def who_sees(setting: Setting, x_m: float, y_m: float, height_m: float = EYE_M) -> tuple[Witness, ...]:
    """Return every active camera's answer for a spot in project coordinates, those that can see it first.

    Of a spot inside a building the answer is what of its walls can be seen, storey by storey.

    Parameters
    ----------
    height_m : above the ground.
    setting : made once per project state by :func:`lhasaplan.core.context.audit_context.make_setting`.
    """
    asked, eyes, rule = ask_about(x_m, y_m, setting.terrain, setting.buildings, height_m), setting.eyes, spot_rule(setting)
    hidden = rule.guarded(asked.spot)
    mine: dict[int, list[int]] = {}
    for v, camera in enumerate(eyes.camera.tolist()):
        mine.setdefault(camera, []).append(v)
    hush = {camera: rule.hush([eyes.views[v] for v in rows], hidden) for camera, rows in mine.items()}
    seen = {bool(how): _density(setting, asked.points, is_protected=bool(how)) for how in set(hush.values())}
    return in_order([(_witness(setting, rows, seen[bool(hush[c])], asked, hush[c]), hush[c]) for c, rows in mine.items()])


def spot_rule(setting: Setting) -> SpotRule:
    """Return what may be told of spots in the city."""
    return SpotRule.of(setting.ground, setting.crs)


def _density(setting: Setting, points: FloatArray, *, is_protected: bool) -> FloatArray:
    """Return what every view shows; neither walls of floor plans nor coarse terrain are masks of a protected place."""
    if not setting.eyes.views:
        return np.zeros((len(points), 0))
    if is_protected:
        return np.asarray(protected_densities(setting, setting.eyes, points).toarray(), float)
    return np.asarray(densities(setting.eyes.views, points, setting.rooms).toarray(), float)


def _witness(setting: Setting, rows: list[int], density: FloatArray, asked: Asked, hush: Hush) -> Witness:
    views = [setting.eyes.views[v] for v in rows]
    points = asked.points[: asked.count_for(views[0])]
    seen = density[: len(points), rows]
    values, away_m = seen.max(axis=0), np.hypot(points[:, 0] - views[0].x_m, points[:, 1] - views[0].y_m)
    recorded = [float(value) for view, value in zip(views, values, strict=True) if view.basis is Basis.RECORDED]
    name, best = views[0].camera_id, float(away_m[int(seen.max(axis=1).argmax())])
    if recorded and recorded[0] > 0:
        return Witness(name, "certain", (recorded[0], recorded[0]), best, "seen")
    if values.max() > 0:
        return Witness(name, "possible", (float(values.min()), float(values.max())), best, "seen")
    nearest = int(away_m.argmin())
    reason = ("", "") if hush else _why_not(setting, views, points[nearest])
    return Witness(name, "not", (0.0, 0.0), float(away_m[nearest]), *reason)


def _why_not(setting: Setting, views: list[View], spot: FloatArray) -> tuple[str, str]:
    """Return the reason of the view that reaches farthest: what stands in the way of the best chance to see."""
    view = max(views, key=lambda each: each.range_m)
    reason = explain(view, spot, setting.rooms)
    return reason.reason, reason.blocker_id
