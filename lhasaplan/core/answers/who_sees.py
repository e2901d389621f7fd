"""Which cameras may see a spot, or the walls of the building it lies in: certain, possible or not, with density or reason."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from lhasaplan.core.answers.protected_sight import protected_densities
from lhasaplan.core.answers.setting import Setting
from lhasaplan.core.arrays import FloatArray
from lhasaplan.core.asked_spot import EYE_M, Asked, ask_about
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


def who_sees(setting: Setting, x_m: float, y_m: float, height_m: float = EYE_M) -> tuple[Witness, ...]:
    """Return every active camera's answer for a spot in project coordinates, those that can see it first.

    Of a spot inside a building the answer is what of its walls can be seen, storey by storey.

    Parameters
    ----------
    height_m : above the ground.
    setting : made once per project state by :func:`lhasaplan.core.answers.setting.make_setting`.
    """
    asked, eyes = ask_about(x_m, y_m, setting.terrain, setting.buildings, height_m), setting.eyes
    hidden = bool(setting.ground.covers_points(asked.spot[:, 0], asked.spot[:, 1])[0]) if len(setting.protected) else False
    points = asked.points
    density = _density(setting, points, hidden).toarray() if eyes.views else np.zeros((len(points), 0))
    mine: dict[int, list[int]] = {}
    for v, camera in enumerate(eyes.camera.tolist()):
        mine.setdefault(camera, []).append(v)
    found = [_witness(setting, rows, density, asked, hidden) for rows in mine.values()]
    rank = {"certain": 0, "possible": 1, "not": 2}
    return tuple(sorted(found, key=lambda each: (rank[each.certainty], -each.density_px_m[1], each.distance_m)))


def _density(setting: Setting, points: FloatArray, is_protected: bool) -> sparse.csr_array:
    """Return what every view shows; neither walls of floor plans nor coarse terrain are masks of a protected place."""
    if is_protected:
        return protected_densities(setting, setting.eyes, points)
    return densities(setting.eyes.views, points, setting.rooms)


def _witness(setting: Setting, rows: list[int], density: FloatArray, asked: Asked, hidden: bool) -> Witness:
    views = [setting.eyes.views[v] for v in rows]
    points = asked.points[: asked.count_for(views[0])]
    seen = density[: len(points), rows]
    values, away_m = seen.max(axis=0), np.hypot(points[:, 0] - views[0].x_m, points[:, 1] - views[0].y_m)
    recorded = [float(value) for view, value in zip(views, values, strict=True) if view.basis is Basis.RECORDED]
    name, told, best = views[0].camera_id, "" if hidden else "seen", float(away_m[int(seen.max(axis=1).argmax())])
    if recorded and recorded[0] > 0:
        return Witness(name, "certain", (recorded[0], recorded[0]), best, told)
    if values.max() > 0:
        return Witness(name, "possible", (float(values.min()), float(values.max())), best, told)
    nearest = int(away_m.argmin())
    reason = ("", "") if hidden else _why_not(setting, views, points[nearest])
    return Witness(name, "not", (0.0, 0.0), float(away_m[nearest]), *reason)


def _why_not(setting: Setting, views: list[View], spot: FloatArray) -> tuple[str, str]:
    """Return the reason of the view that reaches farthest: what stands in the way of the best chance to see."""
    view = max(views, key=lambda each: each.range_m)
    reason = explain(view, spot, setting.rooms)
    return reason.reason, reason.blocker_id
