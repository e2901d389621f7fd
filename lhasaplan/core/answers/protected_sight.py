"""See protected places over uneven ground: coarse terrain ends no view, and what the ground alone hides is counted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from lhasaplan.core.answers.knowledge import Progress, no_progress, part_of
from lhasaplan.core.answers.looks import Looks, read_places
from lhasaplan.core.answers.protection import look_at
from lhasaplan.core.answers.setting import Eyes, Setting
from lhasaplan.core.arrays import FloatArray
from lhasaplan.core.protected import ProtectedClass, ProtectedSamples
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.relief import level_relief

Counts = Mapping[ProtectedClass, int]


@dataclass(frozen=True, slots=True)
class BehindGround:
    """Pairs of a camera and a place, by class, that the ground alone hides, or would if coarse terrain hid protected places."""

    hidden: Counts
    graded_all_the_same: Counts


def protected_densities(setting: Setting, eyes: Eyes, xyz_m: FloatArray, progress: Progress = no_progress) -> sparse.csr_array:
    """Return the density at which each view shows each point of protected places, shape (P, V).

    Where terrain is coarse, a point counts if it is in view with the lens and everything else at their heights above it but
    no ground in the way, or on level ground: by the sharper of both.
    """
    if setting.level is None or not eyes.level_views:
        return setting.sight.densities(eyes.views, xyz_m, setting.guarded, progress=progress)
    seen = setting.sight.densities(eyes.views, xyz_m, setting.guarded, progress=part_of(progress, 0.0, 0.5))
    return _sharper(seen, _on_level(setting, eyes, xyz_m, part_of(progress, 0.5, 1.0)))


def _on_level(setting: Setting, eyes: Eyes, xyz_m: FloatArray, progress: Progress) -> sparse.csr_array:
    """Return the densities on level ground, of pairs of which the lens or the point stands on coarse terrain."""
    assert setting.level is not None
    terrain, (x, y, z) = setting.terrain, xyz_m.T
    above = np.column_stack((x, y, z - terrain.heights_m(x, y)))
    seen = setting.sight.densities(eyes.level_views, above, setting.level, progress=progress).tocoo()
    lens = np.array([(view.x_m, view.y_m) for view in eyes.level_views]).T
    keep = terrain.is_coarse(x, y)[seen.row] | terrain.is_coarse(*lens)[seen.col]
    return sparse.csr_array((seen.data[keep], (seen.row[keep], seen.col[keep])), shape=seen.shape)


def _sharper(one: sparse.csr_array, other: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array(one.maximum(other))


def behind_ground(
    setting: Setting,
    samples: ProtectedSamples,
    looks: Looks,
    progress: Progress = no_progress,
) -> BehindGround | None:
    """Return what the ground alone hides of the samples, beside the looks that count; None without relief."""
    terrain = setting.terrain
    if terrain.is_level or not setting.eyes.views or not len(samples.place):
        return None
    graded = _places(looks, samples, setting)
    if setting.level is None:
        free = _seen_in(_bare(setting.scene), setting, samples, progress)
        return BehindGround(_by_class(free - graded, setting), {})
    by_ground = _seen_in(setting.scene, setting, samples, part_of(progress, 0.0, 0.5))
    lifted = _by_class(graded - by_ground, setting)
    if setting.guarded.relief.is_level:
        return BehindGround({}, lifted)
    free = _seen_in(_bare(setting.scene), setting, samples, part_of(progress, 0.5, 1.0))
    return BehindGround(_by_class(free - graded, setting), lifted)


def told_behind(behind: BehindGround | None) -> dict[str, dict[str, int]] | None:
    """Return the counts by class as outputs have them: hidden by ground, and what coarse terrain would have hidden."""
    if behind is None:
        return None
    named = {"hidden": behind.hidden, "not_hidden_by_coarse": behind.graded_all_the_same}
    return {name: {str(cls): counts.get(cls, 0) for cls in ProtectedClass} for name, counts in named.items()}


def _bare(scene: Scene) -> Scene:
    """Return the town as it stands, without ground in the way of any line."""
    return replace(scene, relief=level_relief())


Pairs = frozenset[tuple[int, int]]  # camera and place


def _seen_in(scene: Scene, setting: Setting, samples: ProtectedSamples, progress: Progress) -> Pairs:
    density = setting.sight.densities(setting.eyes.views, samples.xyz_m, scene, progress=progress)
    limits = setting.thresholds
    looks = look_at(density, samples, samples.direction, setting.eyes, buildings=setting.buildings, thresholds=limits)
    return _places(looks, samples, setting)


def _places(looks: Looks, samples: ProtectedSamples, setting: Setting) -> Pairs:
    read = read_places(looks, samples, setting.thresholds.frontage_m)
    return frozenset(zip(read.camera.tolist(), read.place.tolist(), strict=True))


def _by_class(pairs: Pairs, setting: Setting) -> Counts:
    found = [setting.protected[place].cls for _, place in pairs]
    return {cls: found.count(cls) for cls in ProtectedClass if cls in found}
