"""What cameras can see right now, as maps draw it, and the marks that are drawn live: aim, spots, lines, chosen cameras."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.shapes import painter_path
from lhasaplan.core.demand.ground_in_view import (
    REACH_OF,
    DrawnField,
    Reach,
    as_mapped,
    drawn_fields,
    drawn_ground,
    in_layers,
    split_frontage,
)
from lhasaplan.core.model.camera import Basis, Field, Placed
from lhasaplan.core.protection.undisclosed import Witness, in_order
from lhasaplan.core.results.assessment import Assessment, CameraResult, Sighting
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.site.camera_placing import night_ground
from lhasaplan.core.site.mounting import AskedMount

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import AuditContext

# Outlines of what is drawn live, made once for many paintings: the pointer moves far more often than a cone changes.
_Points = tuple[NDArray[np.float64], NDArray[np.bool_]]  # shape (N, 2) in metres; before which of them the pen is lifted, (N,)


class LiveOutlines:
    """Outlines of geometries, kept by the caller; their paths are reused until the map moves.

    Not for several threads at once: a worker may make them ready, and the window paints them afterwards.
    """

    def __init__(self) -> None:
        self._points: dict[int, tuple[BaseGeometry, _Points]] = {}  # by the identity of a geometry, which is held for it
        self._paths: dict[int, QPainterPath] = {}
        self._of: tuple[tuple[float, float], float] = ((0.0, 0.0), 0.0)

    def points(self, geometry: BaseGeometry) -> _Points:
        """Return the points of a geometry, ring by ring, line by line; holes run against their shells."""
        known = self._points.get(id(geometry))
        if known is None:
            known = self._points[id(geometry)] = geometry, _points_of(geometry)
        return known[1]

    def path(self, geometry: BaseGeometry | None, origin_m: tuple[float, float], px_per_m: float) -> QPainterPath:
        """Return a geometry as a path in pixels; the origin is the top left corner."""
        if geometry is None or geometry.is_empty:
            return QPainterPath()
        if (origin_m, px_per_m) != self._of:
            self._paths, self._of = {}, (origin_m, px_per_m)
        path = self._paths.get(id(geometry))
        if path is None:
            xy, first = self.points(geometry)
            path = self._paths[id(geometry)] = painter_path(xy, first, origin_m, px_per_m) if len(xy) else QPainterPath()
        return path


def _points_of(geometry: BaseGeometry) -> _Points:
    parts = shapely.get_parts(geometry)
    parts = shapely.orient_polygons(parts[~shapely.is_empty(parts) & (shapely.get_type_id(parts) != 0)])
    is_area = shapely.get_dimensions(parts) == 2
    lines = np.concatenate([shapely.get_rings(parts[is_area]), parts[~is_area]])
    xy, line = shapely.get_coordinates(lines, return_index=True)
    first = np.ones(len(line), dtype=bool)
    first[1:] = line[1:] != line[:-1]
    return xy, first


# What cameras can see right now, as maps draw it.


@dataclass(frozen=True, eq=False)
class GradedView:
    """Lines of protected frontage that a camera shows at one grade: at the ground that is drawn, and beyond it."""

    grade: Severity | None
    at_ground: BaseGeometry
    beyond: BaseGeometry


@dataclass(frozen=True, eq=False)
class Seen:
    """One camera as placed, with its fields and what of protected places it shows."""

    placed: Placed
    fields: tuple[Field, ...]
    sightings: tuple[Sighting, ...] = ()
    grounds: tuple[BaseGeometry, ...] = ()  # what each field shows of mapped ground at 25 px/m or better, where known
    not_mapped: BaseGeometry | None = None  # what nobody mapped: it is not drawn as seen

    def prepared(self, with_views: bool = True) -> "Seen":
        """Return this with everything made that is drawn, so that a worker does it and not the window."""
        assert self.drawn is not None
        if with_views:
            for geometry in self._drawn_live():
                if geometry is not None and not geometry.is_empty:
                    self.outlines.points(geometry)
        return self

    @cached_property
    def outlines(self) -> LiveOutlines:
        """Return the outlines of what is drawn live of this camera."""
        return LiveOutlines()

    def _drawn_live(self) -> Iterator[BaseGeometry | None]:
        """Yield what is drawn of the camera while it is selected; bands are cut when they are read first."""
        yield from (one.ground for one in self.drawn)
        for one in self.drawn:
            yield from (geometry for _, geometry in one.field.bands) if one.reach is Reach.NEAR and self.certain is None else ()
        yield self.night
        for view in self.views:
            yield from (view.at_ground, view.beyond)

    @property
    def certain(self) -> Field | None:
        """Return the field of recorded values, if direction and lens are recorded."""
        return next((f for f in self.fields if f.basis is Basis.RECORDED and self.placed.certain), None)

    @property
    def possible(self) -> tuple[Field, ...]:
        """Return the fields that stand on assumptions or a sweep."""
        certain = self.certain
        return tuple(f for f in self.fields if f is not certain)

    @cached_property
    def drawn(self) -> tuple[DrawnField, ...]:
        """Return the fields as every map draws them."""
        if not self.grounds:
            return drawn_fields(self.certain, self.possible, self.not_mapped)
        certain = self.certain
        known = zip(self.fields, self.grounds, strict=True)
        found = (DrawnField(Reach.CERTAIN if f is certain else REACH_OF[f.basis], f, ground) for f, ground in known)
        bare = self.not_mapped
        return in_layers(found if bare is None else (as_mapped(one, bare) for one in found))

    @cached_property
    def views(self) -> tuple[GradedView, ...]:
        """Return the protected frontage in view, by grade."""
        if not self.sightings:
            return ()
        ground = drawn_ground(self.drawn)
        return tuple(
            GradedView(grade, *split_frontage(lines, ground)) for one in self.sightings for grade, lines in one.graded_outlines()
        )

    @cached_property
    def night(self) -> BaseGeometry | None:
        """Return the ground seen at night, None where the range at night is not recorded; as the answers have it."""
        if self.placed.camera.night_range_m is None:
            return None
        own = [one for one in self.drawn if self.certain is None or one.reach is Reach.CERTAIN]
        return night_ground(drawn_ground(own), self.placed)


_DRAWN = ("drawn", "views", "night")  # what is worked out of the fields when it is first drawn


@dataclass(frozen=True, eq=False)
class CurrentSight:
    """What every camera can see, by camera id; frozen, so that the map may draw it in other threads."""

    seen: Mapping[str, Seen] = field(default_factory=dict)

    def drawn_of(self, result: CameraResult) -> tuple[DrawnField, ...]:
        """Return the fields of a camera as they were when it was answered: the current ones where the camera is the same."""
        seen = self.seen.get(result.placed.camera.camera_id)
        is_same = seen is not None and seen.placed is result.placed
        return seen.drawn if seen is not None and is_same else drawn_fields(result.certain, result.possible, result.not_mapped)

    def unchanged(self, results: Mapping[str, CameraResult]) -> dict[str, Seen]:
        """Return the cameras whose answers have the very same fields and sightings, with what was drawn of them, placed anew."""
        found = {}
        for key, result in results.items():
            old, new = self.seen.get(key), seen_of(result)
            if old is not None and _is_drawn_alike(old, new):
                new.__dict__.update({name: old.__dict__[name] for name in _DRAWN if name in old.__dict__})
                found[key] = new
        return found

    def updated(self, seen: Mapping[str, Seen], keep: Iterable[str] | None = None) -> "CurrentSight":
        """Return the sight with some cameras new; ``keep`` says which there are and their order, None where that stays."""
        merged = {**self.seen, **seen}
        if keep is None:
            return replace(self, seen=merged)
        return replace(self, seen={camera_id: merged[camera_id] for camera_id in keep if camera_id in merged})


def sight_of(assessment: Assessment) -> CurrentSight:
    """Return what an assessment already knows."""
    return CurrentSight({result.placed.camera.camera_id: seen_of(result) for result in assessment.cameras})


def seen_of(result: CameraResult) -> Seen:
    """Return what the answers about a camera, live ones too, have of its fields."""
    return Seen(
        result.placed,
        result.fields,
        result.sightings,
        not_mapped=result.not_mapped,
    )


def ahead_of_answers(cone: Seen, before: Seen | None) -> Seen:
    """Return a cone that is drawn, for the moment until its answers come, with the protected views that the camera had before."""
    if before is not None:
        cone.__dict__["views"] = before.views
    return cone


def _is_drawn_alike(one: Seen, other: Seen) -> bool:
    """Say whether two have the very same fields and sightings, and as much of the ground is mapped."""
    if not (_are_one(one.fields, other.fields) and _are_one(one.sightings, other.sightings)):
        return False
    bare, blank = one.not_mapped, other.not_mapped
    return bare is blank or (bare is not None and blank is not None and bare.equals(blank))


def _are_one(these: Sequence[object], those: Sequence[object]) -> bool:
    return len(these) == len(those) and all(a is b for a, b in zip(these, those, strict=True))


# Which cameras may see a spot; of a spot inside a building, what of its walls they may see.
NEAR_M = 60.0  # so near one wonders why a camera does not see


def who_sees(asked: AskedMount, sight: CurrentSight, city: "AuditContext") -> tuple[Witness, ...]:
    """Return the cameras that may see a spot, sharpest first, then those near it that do not, with the reason.

    What blocks a view is withheld by the one rule that the command line has, too (``core/protection/undisclosed.py``).
    """
    from lhasaplan.core.exposure.who_sees import spot_rule  # noqa: PLC0415 - a bare window opens without sight

    tells_why = not bool(spot_rule(city).is_withheld(asked.spot).any())
    found = [_witness(one, asked, city, tells_why=tells_why) for one in sight.seen.values() if _reaches(one, asked)]
    return in_order(found)


def _reaches(one: Seen, asked: AskedMount) -> bool:
    """Say whether a camera is worth asking: in range, or so near that one wonders why it does not see."""
    ground = asked.footprint if asked.footprint is not None else shapely.Point(asked.spot[0, :2])
    return any(ground.distance(shapely.Point(v.x_m, v.y_m)) <= max(v.range_m, NEAR_M) for v in one.placed.views)


def _witness(one: Seen, asked: AskedMount, city: "AuditContext", *, tells_why: bool) -> Witness:
    """Ask every view of a camera what it shows of the points, and why it does not see; the answer is the command line's."""
    from lhasaplan.core.exposure.who_sees import spot_scenes, witness_at  # noqa: PLC0415 - as above
    from lhasaplan.core.sight import densities, explain  # noqa: PLC0415 - as above

    seen = spot_scenes(city).densities(one.placed.views, one.placed.level_views, asked.points, densities).toarray()
    return witness_at(one.placed, asked, seen, city.rooms, explain, tells_why=tells_why)
