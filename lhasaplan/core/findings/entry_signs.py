"""Signs before entry to a view (EDPB Guidelines 3/2019, 112-113): which ways in have none, where positions were imported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.city.streets import open_ways
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.demand.ground_in_view import ground_seen
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import ChangeFigures, Draft, Mitigation, MitigationAction, Severity
from lhasaplan.core.rules.audit_policy import SignRule

# Where public ways enter what a camera can see: crossings of its seen ground, bunched where several ways enter side by side.

_END_M = 0.05  # a view that reaches the end of a way is not entered there


@dataclass(frozen=True, eq=False, slots=True)
class Ways:
    """Lines of public ways with their widths, m, and an index of them."""

    lines: ObjectArray
    widths_m: FloatArray
    tree: shapely.STRtree


@dataclass(frozen=True, slots=True)
class Crossing:
    """A point where a way enters a view."""

    x_m: float
    y_m: float
    way: int

    def apart_m(self, other: "Crossing") -> float:
        """Return how far another one is."""
        return float(np.hypot(self.x_m - other.x_m, self.y_m - other.y_m))


Entry = tuple[Crossing, ...]  # crossings side by side: a carriageway and its pavements


def ways_of(lines: ObjectArray, widths_m: FloatArray) -> Ways:
    """Return the lines among streets and ways; a square that is drawn as an area has no one way in."""
    is_line = np.flatnonzero(shapely.get_dimensions(lines) == 1) if len(lines) else np.zeros(0, np.int64)
    kept = lines[is_line]
    return Ways(kept, widths_m[is_line], shapely.STRtree(kept))


def entries_of(seen: BaseGeometry, ways: Ways, rule: SignRule) -> tuple[Entry, ...]:
    """Return the entries to a view, in the order of the ways.

    A stretch out of view that is shorter than ``gap_m`` and in view again beyond is a gap in the view, not its end.
    Crossings no farther apart than ``beside_m`` are one entry.
    """
    if seen.is_empty:
        return ()
    near = np.sort(ways.tree.query(seen, predicate="intersects"))
    crossings = [crossing for way in near.tolist() for crossing in _crossings(seen, ways.lines[way], way, rule.gap_m)]
    return _bunched(crossings, rule.beside_m)


def _crossings(seen: BaseGeometry, line: BaseGeometry, way: int, gap_m: float) -> list[Crossing]:
    """Return where one way enters the view, along the way."""
    ends = [at for pair in _stretches_in_view(seen, line, gap_m) for at in pair]
    inner = [at for at in ends if _END_M < at < line.length - _END_M]
    points = [shapely.line_interpolate_point(line, at) for at in inner]
    return [Crossing(float(point.x), float(point.y), way) for point in points]


def _stretches_in_view(seen: BaseGeometry, line: BaseGeometry, gap_m: float) -> list[tuple[float, float]]:
    """Return from where to where along a way it is in view, gaps closed."""
    parts = [part for part in shapely.get_parts(shapely.intersection(line, seen)) if part.length > _END_M]
    where = sorted(_along(line, part) for part in parts)
    found: list[tuple[float, float]] = []
    for low, high in where:
        if found and low - found[-1][1] < gap_m:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found


def _along(line: BaseGeometry, part: BaseGeometry) -> tuple[float, float]:
    """Return from where to where along a way a part of it lies."""
    ends = shapely.points(shapely.get_coordinates(part)[[0, -1]])
    low, high = sorted(shapely.line_locate_point(line, ends).tolist())
    return low, max(high, low + part.length)  # a way that closes on itself has both ends at 0


def _bunched(crossings: list[Crossing], beside_m: float) -> tuple[Entry, ...]:
    bunches: list[list[Crossing]] = []
    for crossing in crossings:
        near = [bunch for bunch in bunches if any(crossing.apart_m(each) <= beside_m for each in bunch)]
        joined = [crossing] if not near else [*(each for bunch in near for each in bunch), crossing]
        bunches = [bunch for bunch in bunches if bunch not in near] + [joined]
    return tuple(tuple(bunch) for bunch in bunches)


EDGE_M = 1.0  # a sign this near to the edge of the view stands at the edge
SHOWN = 5


@dataclass(frozen=True, slots=True)
class SignAnswer:
    """What the imported signs say of one camera: how many ways in it has, and the finding on those without a sign."""

    entries: int
    draft: Draft | None


def sign_answers(context: AuditContext, results: Iterable[CameraResult]) -> Mapping[str, SignAnswer]:
    """Return the answer for each camera with a certain view that some public way enters; none without imported signs."""
    signs = context.project.layers.get("signs")
    if signs is None or not len(signs):
        return {}
    ways = ways_of(*open_ways(context.project.layers, context.reference_data.widths, public_only=True))
    found = {}
    for result in results:
        seen = ground_seen(result.certain) if result.placed.certain else shapely.MultiPolygon()
        entries = entries_of(seen, ways, context.reference_data.policy.signs)
        if entries:
            camera_id = result.placed.camera.camera_id
            # A sign speaks for the cameras that it names, or for all; one without a text to read speaks for none.
            points = [point for point, tags in zip(signs.geometry, signs.tags, strict=True) if _speaks(tags, camera_id)]
            speaking, rule = shapely.STRtree(points), context.reference_data.policy.signs
            bare = [each for each in entries if not any(_has_sign(crossing, seen, ways, speaking, rule) for crossing in each)]
            found[camera_id] = SignAnswer(len(entries), _draft(context, camera_id, bare, len(entries)) if bare else None)
    return found


def with_signs(drafts: Iterable[Draft], answer: SignAnswer | None) -> list[Draft]:
    """Return a camera's drafts with that on its signs; where positions of signs are known, the record is not asked."""
    if answer is None:
        return list(drafts)
    return [*(each for each in drafts if each.kind != "sign_unknown"), *([answer.draft] if answer.draft else [])]


def signs_of_others(context: AuditContext) -> int:
    """Return how many signs name only cameras that the project does not have."""
    signs = context.project.layers.get("signs")
    known = {camera.camera_id for camera in context.project.cameras}
    named = [_named(tags) for tags in signs.tags] if signs is not None else []
    return sum(bool(each) and known.isdisjoint(each) for each in named)


def _named(tags: Mapping[str, str]) -> list[str]:
    return [each for each in tags.get("camera_ids", "").split(";") if each]


def _speaks(tags: Mapping[str, str], camera_id: str) -> bool:
    """Say whether a sign has a text, and names this camera or none."""
    named = _named(tags)
    return tags.get("text") != "no" and (not named or camera_id in named)


def _has_sign(crossing: Crossing, seen: BaseGeometry, ways: Ways, signs: shapely.STRtree, rule: SignRule) -> bool:
    """Tell whether a sign stands near a crossing, beside its way, and outside the view or at its edge."""
    at = shapely.Point(crossing.x_m, crossing.y_m)
    near = signs.geometries[signs.query(at, predicate="dwithin", distance=rule.before_m)]
    reach_m = ways.widths_m[crossing.way] / 2.0 + rule.beside_m
    beside = shapely.dwithin(near, ways.lines[crossing.way], reach_m)
    before = ~shapely.intersects(seen, near) | shapely.dwithin(shapely.boundary(seen), near, EDGE_M)
    return bool((beside & before).any())


def _draft(context: AuditContext, camera_id: str, bare: Sequence[Entry], entries: int) -> Draft:
    """Return the finding; nothing is named on protected ground, though it counts."""
    x = np.array([entry[0].x_m for entry in bare])
    y = np.array([entry[0].y_m for entry in bare])
    public = ~context.ground.covers_points(x, y)
    lon, lat = context.crs.to_lonlat(x[public], y[public])
    places = tuple(f"{north:.5f} {east:.5f}" for north, east in zip(lat.tolist(), lon.tolist(), strict=True))
    first = (*(each.replace(" ", "\u00a0") for each in places[:SHOWN]), *(("…",) if len(places) > SHOWN else ()))
    return Draft(
        kind="sign_not_before_entry",
        severity=Severity.DUE if len(bare) == entries else Severity.NOTE,
        camera_id=camera_id,
        measured=float(len(bare)),
        required=0.0,
        unit="entries",
        mitigation=Mitigation(MitigationAction.SIGN, figures=ChangeFigures(at=places, first=first)),
        geometry=shapely.MultiPoint(np.stack([x[public], y[public]], axis=1)) if public.any() else None,
        params=(("unsigned", len(bare)), ("entries", entries), ("before_m", context.reference_data.policy.signs.before_m)),
    )
