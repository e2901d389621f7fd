"""Which cameras may see a clicked spot: certain, possible or not, with the density or the reason."""

from dataclasses import dataclass

import numpy as np

from lhasaplan.core.answers.setting import Setting
from lhasaplan.core.camera import Basis, View
from lhasaplan.core.sight import densities, explain


@dataclass(frozen=True, slots=True)
class Witness:
    """What one camera can see of a spot.

    ``certainty`` is certain, possible or not; ``density_px_m`` is (low, high), equal when certain, 0 when not seen. On
    protected ground ``reason`` and ``blocker_id`` stay empty: seen and density only (RULES.md).
    """

    camera_id: str
    certainty: str
    density_px_m: tuple[float, float]
    distance_m: float
    reason: str = ""
    blocker_id: str = ""


def who_sees(setting: Setting, x_m: float, y_m: float, height_m: float = 1.5) -> tuple[Witness, ...]:
    """Return every active camera's answer for a spot in project coordinates, those that can see it first.

    Parameters
    ----------
    height_m : above the ground.
    setting : made once per project state by :func:`lhasaplan.core.answers.setting.make_setting`.
    """
    spot = setting.terrain.lifted(np.array([[x_m, y_m, height_m]]))
    eyes = setting.eyes
    hidden = bool(setting.ground.covers_points(spot[:, 0], spot[:, 1])[0]) if len(setting.protected) else False
    scene = setting.scene if hidden else setting.rooms  # the walls of a floor plan are no mask of a protected place
    density = densities(eyes.views, spot, scene).toarray()[0] if eyes.views else np.zeros(0)
    mine: dict[int, list[int]] = {}
    for v, camera in enumerate(eyes.camera.tolist()):
        mine.setdefault(camera, []).append(v)
    found = [_witness(setting, rows, density, spot[0], hidden) for rows in mine.values()]
    rank = {"certain": 0, "possible": 1, "not": 2}
    return tuple(sorted(found, key=lambda each: (rank[each.certainty], -each.density_px_m[1], each.distance_m)))


def _witness(setting: Setting, rows: list[int], density: np.ndarray, spot: np.ndarray, hidden: bool) -> Witness:
    views = [setting.eyes.views[v] for v in rows]
    values = [float(density[v]) for v in rows]
    recorded = [value for view, value in zip(views, values, strict=True) if view.basis is Basis.RECORDED]
    away = float(np.hypot(views[0].x_m - spot[0], views[0].y_m - spot[1]))
    if recorded and recorded[0] > 0:
        return Witness(views[0].camera_id, "certain", (recorded[0], recorded[0]), away, "" if hidden else "seen")
    if max(values) > 0:
        return Witness(views[0].camera_id, "possible", (min(values), max(values)), away, "" if hidden else "seen")
    reason = ("", "") if hidden else _why_not(setting, views, spot)
    return Witness(views[0].camera_id, "not", (0.0, 0.0), away, *reason)


def _why_not(setting: Setting, views: list[View], spot: np.ndarray) -> tuple[str, str]:
    """Return the reason of the view that reaches farthest: what stands in the way of the best chance to see."""
    view = max(views, key=lambda each: each.range_m)
    reason = explain(view, spot, setting.rooms)
    return reason.reason, reason.blocker_id
