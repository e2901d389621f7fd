"""New cameras that may be proposed: places that layers and rules yield, directions, generic classes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes.camera_change import ChangeMask
from lhasaplan.core.context.audit_context import AuditContext, set_in
from lhasaplan.core.demand.columns import DemandColumn, Needs
from lhasaplan.core.exposure.grading import seen_by_key
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.mitigation.new_mounts import MountPlaces, Spot, aimed, as_written
from lhasaplan.core.mitigation.part_option_changes import Looked, look_through, must_be_mitigated, spares_protected
from lhasaplan.core.mitigation.trial_changes import PICTURE_PADS, Round, Subject, attempts_of
from lhasaplan.core.mitigation.tried_changes import TriedChanges
from lhasaplan.core.model.camera import Camera, Mount
from lhasaplan.core.model.place import Part
from lhasaplan.core.rules.audit_policy import GenericClass, SitingRules, TagValues, has_any

# New cameras with a mask: one that would show a protected place hides it and still serves its part, or is not proposed.

FORMS = ("picture", "sector")  # a mask in the picture allowances the ground before a house; one by bearings takes it too
Masked = Mapping[int, tuple[Camera, Looked]]


def with_masks(cameras: Sequence[Camera], tried: TriedChanges, progress: Progress = no_progress) -> Masked:
    """Return, by number, the cameras that a mask frees of every view that would have to be mitigated, and what they show then.

    A camera that shows a place of which outputs tell none gets no mask: its mask would lead there.
    """
    found: dict[int, tuple[Camera, Looked]] = {}
    for at, form in enumerate(FORMS):
        step = part_of(progress, at / len(FORMS), (at + 1) / len(FORMS))
        left = [number for number in range(len(cameras)) if number not in found]
        rounds = dict(zip(left, _rounds([cameras[number] for number in left], form, tried, step), strict=True))
        for _ in PICTURE_PADS:
            ready = {number: camera for number in left if number not in found and (camera := next(rounds[number], None))}
            looked = look_through(list(ready.values()), tried, step) if ready else []
            for (number, camera), look in zip(ready.items(), looked, strict=True):
                if spares_protected(look, tried.context.thresholds.due_px_m):
                    found[number] = camera, look
    return found


def _rounds(cameras: Sequence[Camera], form: str, tried: TriedChanges, progress: Progress) -> list[Iterator[Camera]]:
    """Return, for each camera, itself with wider and wider masks of one form over all that must be remedied."""
    if not cameras:
        return []
    city = set_in(tried.context, cameras)
    seen, limits = tried.protected(city, progress), city.thresholds
    sightings, by_key = sightings_of(seen, city.view_table, placed=city.placed, thresholds=limits), seen_by_key(seen)
    mine: list[list[Subject]] = [[] for _ in cameras]
    for key, sighting in sightings.items():
        if must_be_mitigated(sighting, limits.due_px_m):
            mine[key[0]].append(Subject(sighting, city.placed[key[0]], by_key[key], limits))
    return [_masked(camera, [] if _leads_there(some) else some, form) for camera, some in zip(cameras, mine, strict=True)]


def _leads_there(subjects: Sequence[Subject]) -> bool:
    """Tell whether a mask would hide a place of which outputs tell none."""
    shown = ((each.seen.walls.places, (*each.seen.place.tolist(), *each.seen.ground.place.tolist())) for each in subjects)
    return any(places[place].is_undisclosed for places, numbers in shown for place in set(numbers))


def _masked(camera: Camera, subjects: Sequence[Subject], form: str) -> Iterator[Camera]:
    for rounds in zip(*(attempts_of(each)[form] for each in subjects), strict=False):
        yield _hiding(camera, rounds).applied(camera)


def _hiding(camera: Camera, rounds: Sequence[Round]) -> ChangeMask:
    """Return the masks of all views together."""
    changes = [
        change
        for mitigations in rounds
        for mitigation in mitigations
        for change in mitigation.changes
        if isinstance(change, ChangeMask)
    ]
    polygons = tuple(each for change in changes for each in change.mask_px)
    sectors = tuple(each for change in changes for each in change.mask_sector_deg)
    return ChangeMask(camera.camera_id, polygons, sectors)


# Which of many tried cameras are looked through: those that serve most, and those that serve most for what they show.

TWINS = 12  # cameras that serve the same points, looked through for the one that shows least besides


@dataclass(frozen=True, eq=False, slots=True)
class Worth:
    """What speaks for tried cameras, arrays (n,).

    Parameters
    ----------
    gains : what each would serve, as rows (what is open, what is served today).
    cost : what it may weigh, by the open ground that it would show.   part : that which it aims at, -1 of none.
    """

    gains: FloatArray
    cost: FloatArray
    part: IntArray

    def best(self, most: int) -> list[int]:
        """Return the numbers of so many by each kind of gain that serve most, and of as many that serve most for their cost.

        Of the latter each part has its turn.
        """
        first = [k for gain in self.gains for k in largest(gain, most)]
        second = [k for gain in self.gains for k in self._in_turns(gain / self.cost, most)]
        return list(dict.fromkeys([*first, *second]))

    def _in_turns(self, gain: FloatArray, most: int) -> list[int]:
        order, turn = largest(gain, len(gain)), Counter[int]()
        turns = []
        for k in order:
            turns.append((turn[int(self.part[k])], k))
            turn[int(self.part[k])] += 1
        rank = {k: number for number, k in enumerate(order)}
        return [k for _, k in sorted(turns, key=lambda each: (each[0], rank[each[1]]))[:most]]


def largest(gain: FloatArray, most: int) -> list[int]:
    """Return the numbers of the largest gains above 0, the largest first."""
    return [k for k in np.argsort(-gain, kind="stable")[:most].tolist() if gain[k] > 0.0]


def best_of_each(numbers: Sequence[int], gain: FloatArray, most: int) -> list[int]:
    """Return, of each camera, so many of the changes that serve most that is open."""
    taken = Counter[int]()
    best = []
    for k in np.argsort(-gain, kind="stable").tolist():
        if gain[k] > 0.0 and taken[numbers[k]] < most:
            taken[numbers[k]] += 1
            best.append(k)
    return sorted(best)


def not_twins(columns: Mapping[int, DemandColumn], needs: Needs) -> list[int]:
    """Return the cameras of which none serves just what enough earlier ones serve already."""
    seen = Counter[bytes]()
    found = []
    for k, column in columns.items():
        key = column.served(needs).tobytes()
        seen[key] += 1
        if seen[key] <= TWINS:
            found.append(k)
    return found


NAME = "proposed"


def new_places(context: AuditContext, parts: Sequence[Part], rules: SitingRules) -> list[Spot]:
    """Return the places near parts at which a new camera may hang, each once at each height.

    None lies on protected ground, on a building that is protected or of unknown use, in a tree, or on ground that the user
    forbids.
    """
    if not parts:
        return []
    usual = replace(
        context.reference_data.service.new,
        reach_m=rules.reach_m,
        spacing_m=rules.spacing_m,
        positions=rules.positions,
        corners=rules.corners,
    )
    at = [shapely.get_coordinates(shape)[0] for shape in _tagged(context, rules.poles) if shapely.get_dimensions(shape) == 0]
    xy = np.array(at, float).reshape(-1, 2)
    closed, poles = forbidden_ground(context, rules), xy[~context.ground.covers_points(xy[:, 0], xy[:, 1])] if len(xy) else xy
    found: dict[tuple[float, float, Mount, float], Spot] = {}
    for pole_m, wall_m in rules.heights_m:
        mounts = MountPlaces(context, parts, replace(usual, pole_height_m=pole_m, wall_height_m=wall_m))
        for spot in (each for part in parts for each in _spots(mounts, part, poles, rules)):
            if closed is None or not shapely.intersects_xy(closed, spot.x_m, spot.y_m):
                found.setdefault((*_place(spot), spot.height_m), spot)
    return list(found.values())


def place_numbers(spots: Sequence[Spot]) -> list[int]:
    """Return a number for each spot, the same for those that are one place at several heights: one camera may hang there."""
    known: dict[tuple[float, float, Mount], int] = {}
    return [known.setdefault(_place(spot), len(known)) for spot in spots]


def _place(spot: Spot) -> tuple[float, float, Mount]:
    return round(spot.x_m, 1), round(spot.y_m, 1), spot.mount


def looking(spot: Spot, azimuth_deg: float, tilt_deg: float, lens: GenericClass, context: AuditContext) -> Camera:
    """Return a camera of a class on a place; ``azimuth_deg`` is from grid north."""
    ahead = np.array([[spot.x_m, spot.y_m + 1.0, 0.0]])
    lean = float(context.crs.convergence_deg(spot.x_m, spot.y_m))
    one = replace(
        context.reference_data.service.new,
        hfov_deg=(lens.hfov_deg,),
        image_width_px=lens.image_width_px,
        image_height_px=lens.image_height_px,
    )
    camera = aimed(spot, NAME, ahead, context, one)
    return replace(camera, azimuth_deg=round((azimuth_deg + lean) % 360.0, 1), tilt_deg=tilt_deg)


def forbidden_ground(context: AuditContext, rules: SitingRules) -> BaseGeometry | None:
    """Return the ground on which the user wants no camera, None if there is none."""
    found = [shape for shape in _tagged(context, rules.forbidden) if int(shapely.get_dimensions(shape)) == 2]
    if not found:
        return None
    whole = shapely.union_all(found)
    shapely.prepare(whole)
    return whole


def _tagged(context: AuditContext, wanted: TagValues) -> Iterator[BaseGeometry]:
    for layer in context.project.layers.values():
        for shape, tags in zip(layer.geometry, layer.tags, strict=True):
            if has_any(tags, wanted):
                yield shape


def _spots(mounts: MountPlaces, part: Part, poles: FloatArray, rules: SitingRules) -> list[Spot]:
    """Return the mapped poles near a part, then places along kerbs and facades."""
    away = shapely.distance(shapely.points(poles), part.geometry) if len(poles) else np.empty(0)
    near = [at for at, far in zip(poles.tolist(), away.tolist(), strict=True) if mounts.rules.away_m <= far <= rules.reach_m]
    held = mounts.context.screened.hold_a_lens(np.array(near).reshape(-1, 2)) if near else np.empty(0, bool)
    height = mounts.rules.pole_height_m
    mapped = [Spot(x, y, Mount.POLE, height) for (x, y), in_tree in zip(near, held.tolist(), strict=True) if not in_tree]
    return [*as_written(mapped, mounts.context), *mounts.spots(part)][: rules.positions]
