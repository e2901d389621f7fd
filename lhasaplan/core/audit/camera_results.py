"""The results of one camera in one value: fields, unasked area, sightings, questions, parts served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, IntArray
from lhasaplan.core.base.kept_shapes import Keeper, Shape, as_kept, in_memory, may_be_kept, read_shape
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.coverage.mapped_ground import not_mapped, together, without
from lhasaplan.core.coverage.seen_unions import unions
from lhasaplan.core.coverage.unasked_area import unasked_grounds
from lhasaplan.core.exposure.grading import CLASSES, Key
from lhasaplan.core.model.camera import Basis, Camera, Placed, Status
from lhasaplan.core.model.place import Part
from lhasaplan.core.remedies.view_cures import questions_of
from lhasaplan.core.results.assessment import CameraResult, Field, Sighting
from lhasaplan.core.results.sighting_basis import SightingBasis
from lhasaplan.core.sight.visibility.at_density import ground_at_least
from lhasaplan.core.site.night_range import night_ground


@may_be_kept("seen", "unasked", "whole", "whole_unasked", "not_mapped")
@dataclass(frozen=True, eq=False, slots=True)
class SeenGround:
    """What one camera can see of the ground, at 25 px/m or better; for an uncertain camera both its ends together.

    Parameters
    ----------
    seen, unasked : where buildings are mapped: this is counted, drawn and told as seen.
    swept : the same of what the sweep of a pan-tilt with a recorded home view shows beside it.
    whole, whole_unasked : with the ground that nobody mapped: what changes are judged by, or looking there would count as less.
    not_mapped : of ``whole`` and of the sweep what nobody mapped; None where all of it is mapped.
    """

    certain: Field | None
    possible: tuple[Field, ...]
    seen: shapely.Geometry
    unasked: shapely.Geometry
    swept: tuple[Shape, ...]
    whole: shapely.Geometry
    whole_unasked: shapely.Geometry
    not_mapped: shapely.Geometry | None


def grounds_of(
    context: AuditContext,
    fields: Sequence[Field],
    served: Sequence[IntArray],
    parts: Sequence[Part],
    progress: Progress = no_progress,
) -> tuple[SeenGround, ...]:
    """Return the ground of each placed camera.

    Parameters
    ----------
    fields : one per view of the context.
    served : for each camera, indices of the parts that it serves.
    """
    views = context.view_table.views
    sharp = ground_at_least(views, fields, context.rooms, SEEN_PX_M, progress=part_of(progress, 0.0, 0.4))
    mine = _by_camera(fields, context.view_table.camera, len(context.placed))
    seen = unions([sharp[own] for own, _, _ in mine], part_of(progress, 0.4, 0.8))
    asked = [[parts[p].geometry for p in numbers.tolist()] for numbers in served]
    unasked = unasked_grounds(seen, asked, context.thresholds.unasked_distance_m, part_of(progress, 0.8, 1.0))
    swept = [tuple(sharp[possible]) if certain else () for _, possible, certain in mine]
    bare = iter(not_mapped([each for c, some in enumerate(swept) for each in (seen[c], *some)], context.scene.tree))
    return tuple(
        _where_mapped(
            SeenGround(
                certain=fields[own[0]] if certain else None,
                possible=tuple(fields[v] for v in possible),
                seen=seen[c],
                unasked=unasked[c],
                swept=swept[c],
                whole=seen[c],
                whole_unasked=unasked[c],
                not_mapped=None,
            ),
            [next(bare) for _ in range(1 + len(swept[c]))],
        )
        for c, (own, possible, certain) in enumerate(mine)
    )


def _where_mapped(ground: SeenGround, bare: Sequence[shapely.Geometry | None]) -> SeenGround:
    """Return the ground without what of it nobody mapped: of the camera's own view first, then of each view of its sweep."""
    blank = together(bare)
    if blank is None:
        return ground
    seen = without(ground.whole, bare[0])
    return replace(
        ground,
        seen=seen,
        unasked=seen if ground.whole_unasked is ground.whole else without(ground.whole_unasked, bare[0]),
        swept=tuple(without(read_shape(shape), own) for shape, own in zip(ground.swept, bare[1:], strict=True)),
        not_mapped=blank,
    )


def _by_camera(fields: Sequence[Field], camera: IntArray, cameras: int) -> list[tuple[list[int], list[int], bool]]:
    """Return, for each camera, the views whose ground is its own, its possible ones, and whether its own is certain."""
    found: list[tuple[list[int], list[int]]] = [([], []) for _ in range(cameras)]
    for v, (field, c) in enumerate(zip(fields, camera.tolist(), strict=True)):
        found[c][field.basis is not Basis.RECORDED].append(v)
    return [(recorded[:1] or possible, possible, bool(recorded)) for recorded, possible in found]


def camera_results(
    context: AuditContext,
    grounds: Sequence[SeenGround],
    sightings: Mapping[Key, Sighting],
    served_ids: Sequence[tuple[str, ...]],
    removable: BoolArray | None,
    *,
    keep: Keeper = in_memory,
) -> tuple[CameraResult, ...]:
    """Return the answers of every active camera, in the order of the project; ``keep`` puts away what is drawn of each."""
    x = np.array([each.camera.x_m for each in context.placed], float)
    y = np.array([each.camera.y_m for each in context.placed], float)
    lon, lat = context.crs.to_lonlat(x, y) if len(x) else (x, y)
    figures = [_figures(ground, each, keep) for ground, each in zip(grounds, context.placed, strict=True)]
    at = list(shapely.points(np.stack([x, y], axis=1)))
    names = context.areas.names(at)
    return tuple(
        CameraResult(
            placed=each,
            lon=float(lon[c]),
            lat=float(lat[c]),
            certain=grounds[c].certain,
            possible=grounds[c].possible,
            area_m2=figures[c].area_m2,
            unasked_m2=figures[c].unasked_m2,
            unasked=figures[c].unasked,
            sightings=_in_order(sightings, c),
            questions=(*questions_of(each), *unrecorded(each.camera)),
            parts_served=served_ids[c],
            removable=_removable(each, removable, c),
            area_names=names[c],
            night=figures[c].night,
            night_m2=figures[c].night_m2,
            not_mapped=None if grounds[c].not_mapped is None else as_kept(grounds[c], "not_mapped"),
            not_mapped_m2=figures[c].not_mapped_m2,
            whole_unasked_m2=figures[c].whole_unasked_m2,
        )
        for c, each in enumerate(context.placed)
    )


class _Figures(NamedTuple):
    """Areas of what a camera shows, and what of it is drawn, as it is kept."""

    area_m2: float
    unasked_m2: float
    unasked: Any
    night: Any
    night_m2: float | None
    not_mapped_m2: float
    whole_unasked_m2: float


def _figures(ground: SeenGround, placed: Placed, keep: Keeper) -> _Figures:
    seen, unasked = ground.seen, ground.unasked
    night = night_ground(seen, placed)
    return _Figures(
        area_m2=float(seen.area),
        unasked_m2=float(unasked.area),
        unasked=None if unasked.is_empty else as_kept(ground, "unasked"),
        night=None if night is None else keep([night])[0],
        night_m2=None if night is None else float(night.area),
        not_mapped_m2=0.0 if ground.not_mapped is None else float(ground.not_mapped.area),
        whole_unasked_m2=float(unasked.area if ground.not_mapped is None else ground.whole_unasked.area),
    )


def _in_order(sightings: Mapping[Key, Sighting], camera: int) -> tuple[Sighting, ...]:
    keys = ((camera, cls, basis) for cls in CLASSES for basis in SightingBasis)
    return tuple(sightings[key] for key in keys if key in sightings)


def _removable(placed: Placed, removable: BoolArray | None, camera: int) -> bool | None:
    """Return None for a camera of which nothing certain is known, and for one that does not stand yet."""
    is_judged = placed.certain and placed.camera.status is Status.OPERATING
    return bool(removable[camera]) if removable is not None and is_judged else None


def unrecorded(camera: Camera) -> tuple[str, ...]:
    """Return what the record does not say of purpose, retention and sign: questions to the controller."""
    absent = {
        "purpose": not camera.purpose.strip(),
        "retention_days": camera.retention_days is None,
        "sign": not camera.sign.strip(),
    }
    return tuple(name for name, is_absent in absent.items() if is_absent)
