"""The results of one camera in one value: fields, unasked area, sightings, questions, parts served."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, IntArray
from lhasaplan.core.base.kept_shapes import (
    Shape,
    ShapeSink,
    area_m2,
    as_kept,
    in_memory,
    kept_by_id,
    may_be_kept,
    replace_kept,
)
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.demand.ground_in_view import mapped_parts, not_mapped, together, unasked_grounds, union_m2, unions, without
from lhasaplan.core.exposure.grading import CLASSES, Key
from lhasaplan.core.model.camera import Basis, Camera, Field, Placed, Status
from lhasaplan.core.model.optics import SEEN_PX_M
from lhasaplan.core.model.place import Part
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import SightingBasis
from lhasaplan.core.sight.sweep.density_bands import BandsOnDemand
from lhasaplan.core.sight.sweep.fields import ground_at_least
from lhasaplan.core.site.camera_placing import night_ground


@may_be_kept("seen", "unasked", "whole", "whole_unasked", "not_mapped")
@dataclass(frozen=True, eq=False, slots=True)
class SeenGround:
    """What one camera can see of the ground, at 25 px/m or better; for an uncertain camera both its ends together.

    Parameters
    ----------
    seen, unasked : where buildings are mapped: this is counted, drawn and told as seen.
    swept : the same of what the sweep of a pan-tilt with a recorded home view shows beside it.
    whole, whole_unasked : with the unmapped ground: what changes are judged by, or looking there would count as less.
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

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields of all its views, the recorded one first."""
        return (*(() if self.certain is None else (self.certain,)), *self.possible)

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Return the shapes of the ground itself, beside those of its fields."""
        bare = () if self.not_mapped is None else (self.not_mapped,)
        return (self.seen, self.unasked, self.whole, self.whole_unasked, *self.swept, *bare)


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
    whole = [each for c, some in enumerate(swept) for each in (seen[c], *some)]
    bare = not_mapped(whole, context.scene.tree)
    rows = iter(zip(bare, mapped_parts(whole, bare), strict=True))
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
            [next(rows) for _ in range(1 + len(swept[c]))],
        )
        for c, (own, possible, certain) in enumerate(mine)
    )


def _where_mapped(ground: SeenGround, rows: Sequence[tuple[shapely.Geometry | None, shapely.Geometry]]) -> SeenGround:
    """Return the mapped ground; ``rows`` have what is not and what is: of the camera's own view, then of each of its sweep."""
    blank = together([bare for bare, _ in rows])
    if blank is None:
        return ground
    bare, seen = rows[0]
    return replace(
        ground,
        seen=seen,
        unasked=seen if ground.whole_unasked is ground.whole else without(ground.whole_unasked, bare),
        swept=tuple(mapped for _, mapped in rows[1:]),
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
    keep: ShapeSink = in_memory,
) -> tuple[CameraResult, ...]:
    """Return the answers of every active camera, in the order of the project; ``keep`` puts away what is drawn of each."""
    x = np.array([each.camera.x_m for each in context.placed], float)
    y = np.array([each.camera.y_m for each in context.placed], float)
    lon, lat = context.crs.to_lonlat(x, y) if len(x) else (x, y)
    names = context.areas.names(list(shapely.points(np.stack([x, y], axis=1))))
    results = []
    for c, (each, ground) in enumerate(zip(context.placed, grounds, strict=True)):
        unasked_m2, is_mapped = area_m2(ground, "unasked"), as_kept(ground, "not_mapped") is None
        night = None if each.camera.night_range_m is None else night_ground(ground.seen, each)
        results.append(
            CameraResult(
                placed=each,
                lon=float(lon[c]),
                lat=float(lat[c]),
                certain=ground.certain,
                possible=ground.possible,
                area_m2=area_m2(ground, "seen"),
                unasked_m2=unasked_m2,
                unasked=None if unasked_m2 == 0.0 else as_kept(ground, "unasked"),
                sightings=tuple(
                    sightings[c, cls, basis] for cls in CLASSES for basis in SightingBasis if (c, cls, basis) in sightings
                ),
                questions=(*each.questions, *unrecorded(each.camera)),
                parts_served=served_ids[c],
                removable=_removable(each, removable, c),
                area_names=names[c],
                night=None if night is None else keep([night])[0],
                night_m2=None if night is None else float(night.area),
                not_mapped=as_kept(ground, "not_mapped"),
                not_mapped_m2=0.0 if is_mapped else area_m2(ground, "not_mapped"),
                whole_unasked_m2=unasked_m2 if is_mapped else area_m2(ground, "whole_unasked"),
            )
        )
    return tuple(results)


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


# Answers of a stretch of cameras whose geometry is put away, so that a region is not held as shapes.

Shapes = Mapping[int, Shape]  # what stands for a geometry, by its id


def kept_grounds(grounds: Sequence[SeenGround], keep: ShapeSink) -> Sequence[SeenGround]:
    """Return the grounds with their shapes put away, each once; the very same grounds where they stay in memory."""
    if keep is in_memory:
        return grounds
    fields = {id(field): field for each in grounds for field in each.fields}
    shapes = [field.geometry for field in fields.values()]
    shapes += [shape for each in grounds for shape in each.shapes]
    put = kept_by_id(shapes, keep)
    light = {number: _kept_field(field, put) for number, field in fields.items()}
    return [_kept_ground(each, put, light) for each in grounds]


def _kept_ground(ground: SeenGround, put: Shapes, light: Mapping[int, Field]) -> SeenGround:
    return SeenGround(
        certain=None if ground.certain is None else light[id(ground.certain)],
        possible=tuple(light[id(field)] for field in ground.possible),
        seen=put[id(ground.seen)],
        unasked=put[id(ground.unasked)],
        swept=tuple(put[id(shape)] for shape in ground.swept),
        whole=put[id(ground.whole)],
        whole_unasked=put[id(ground.whole_unasked)],
        not_mapped=None if ground.not_mapped is None else put[id(ground.not_mapped)],
    )


def _kept_field(field: Field, put: Shapes) -> Field:
    """Return a field whose ground is put away; bands that were not cut yet are cut from what is kept."""
    bands, ground = field.bands, put[id(field.geometry)]
    return replace(field, geometry=ground, bands=bands.over(ground) if isinstance(bands, BandsOnDemand) else bands)


def kept_sightings(found: Sequence[Mapping[Key, Sighting]], keep: ShapeSink) -> Sequence[Mapping[Key, Sighting]]:
    """Return several lists of sightings of the same cameras with their shapes put away; what they share is kept once."""
    if keep is in_memory:
        return found
    put = kept_by_id([shape for each in _all(found) for shape in _shapes_of(each).values()], keep)
    light = {id(each): _kept_sighting(each, put) for each in _all(found)}
    return [{key: light[id(each)] for key, each in some.items()} for some in found]


def _all(found: Sequence[Mapping[Key, Sighting]]) -> Iterable[Sighting]:
    return (each for some in found for each in some.values())


def _shapes_of(sighting: Sighting) -> dict[str, Shape]:
    shapes = {name: as_kept(sighting, name) for name in ("geometry", "at_grade", "open_ground")}
    return {name: shape for name, shape in shapes.items() if shape is not None}


def _kept_sighting(sighting: Sighting, put: Shapes) -> Sighting:
    kept = {name: put[id(shape)] for name, shape in _shapes_of(sighting).items()}
    return replace_kept(sighting, **kept) if kept else sighting


# The ground that all cameras of a city see together, and what of it no purpose asks for.


def city_areas(
    grounds: Sequence[SeenGround],
    today: Sequence[bool],
    with_plan: Sequence[bool],
    progress: Progress = no_progress,
) -> dict[str, object]:
    """Return areas in square metres, each square metre once; ``with_planned`` has those once the plan is carried out, or None.

    Parameters
    ----------
    today, with_plan : of each camera, whether it stands then.
    """
    now, then = ([ground for ground, stands in zip(grounds, each, strict=True) if stands] for each in (today, with_plan))
    return {
        **areas_m2(now, progress),
        "with_planned": None if list(today) == list(with_plan) else areas_m2(then, progress),
    }


def areas_m2(grounds: Sequence[SeenGround], progress: Progress = no_progress) -> dict[str, float]:
    """Return the ground seen for certain and possibly, what of it no purpose asks for, and unmapped ground in view.

    The first four count where buildings are mapped.
    """
    known = [ground for ground in grounds if ground.certain is not None]
    guessed = [ground for ground in grounds if ground.certain is None]
    sweeps = [swept for ground in known for swept in ground.swept]
    certain, possible = (union_m2(_kept(some, "seen"), progress) for some in (known, guessed))
    bare = [as_kept(ground, "not_mapped") for ground in grounds]
    return {
        "area_not_mapped_m2": union_m2(bare, progress),
        "area_seen_certain_m2": certain,
        "area_seen_possible_m2": union_m2([*_kept(guessed, "seen"), *sweeps], progress) if sweeps else possible,
        "unasked_certain_m2": certain if _is_all_unasked(known) else union_m2(_kept(known, "unasked"), progress),
        "unasked_possible_m2": possible if _is_all_unasked(guessed) else union_m2(_kept(guessed, "unasked"), progress),
    }


def _kept(grounds: Sequence[SeenGround], name: str) -> list[Shape]:
    return [as_kept(each, name) for each in grounds]


def _is_all_unasked(grounds: Sequence[SeenGround]) -> bool:
    """Tell whether no part asks for any of the ground: without confirmed parts the same union need not be made twice."""
    return all(as_kept(ground, "unasked") is as_kept(ground, "seen") for ground in grounds)
