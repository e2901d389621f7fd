"""What has to be done on the spot for changes of cameras, counted by kind of work, and what it costs where prices are given."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lhasaplan.core.changes.camera_change import (
    ChangeLens,
    ChangeMask,
    ChangeMount,
    ChangeRange,
    MoveCamera,
    TiltCamera,
    TurnCamera,
    ValueChange,
    value_changes,
)
from lhasaplan.core.changes.proposal import by_id
from lhasaplan.core.model.camera import Camera, Mount, Status

UNIT_PRICE = "unit_price"  # kept with a camera: what its work costs, as the office filled it in


class Work(StrEnum):
    """Kinds of work that have a price of their own."""

    NEW_ON_POLE = "new_on_pole"
    NEW_ON_WALL = "new_on_wall"
    NEW_ON_ROOF = "new_on_roof"
    NEW_INDOOR = "new_indoor"
    TAKE_AWAY = "take_away"
    MOVE = "move"
    MOUNT = "mount"  # the same place, but higher, lower or on something else
    AIM = "aim"  # turned, tilted or both
    LENS = "lens"  # another lens, sensor or picture
    MASK = "mask"
    RANGE = "range"


NEW: Mapping[Mount | None, Work] = {
    None: Work.NEW_ON_POLE,
    Mount.POLE: Work.NEW_ON_POLE,
    Mount.WALL: Work.NEW_ON_WALL,
    Mount.ROOF: Work.NEW_ON_ROOF,
    Mount.INDOOR: Work.NEW_INDOOR,
}
BY_CHANGE: Mapping[type[ValueChange], Work] = {
    MoveCamera: Work.MOVE,
    ChangeMount: Work.MOUNT,
    TurnCamera: Work.AIM,
    TiltCamera: Work.AIM,
    ChangeLens: Work.LENS,
    ChangeMask: Work.MASK,
    ChangeRange: Work.RANGE,
}
_IN_ORDER = {work: rank for rank, work in enumerate(Work)}


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One kind of work: how often, and what once costs; None where no price is stated."""

    work: Work
    count: int
    unit_price: float | None = None  # work of one kind has a line for each of its prices


@dataclass(frozen=True, slots=True)
class Cost:
    """The work that changes need beyond what was planned before; a count below zero is work that is no longer needed."""

    lines: tuple[WorkLine, ...] = ()

    @property
    def counts(self) -> Mapping[Work, int]:
        """How often each kind of work is done, whatever it costs."""
        counts: Counter[Work] = Counter()
        for line in self.lines:
            counts[line.work] += line.count
        return counts

    @property
    def total(self) -> float | None:
        """Return the price of it all; None where any price is not stated, and for no work: nothing is ever called free."""
        prices = [line.unit_price for line in self.lines]
        known = [price for price in prices if price is not None]
        if not prices or len(known) < len(prices):
            return None
        return sum(line.count * price for line, price in zip(self.lines, known, strict=True))


def cost_of(before: Sequence[Camera], after: Sequence[Camera], unit_prices: Mapping[Work, float] | None = None) -> Cost:
    """Return the work that makes the cameras before those after.

    A camera that is only planned is still to be installed: to change it changes that work at most, to drop it saves it; that
    it was installed since is no work any more. What the office states of one camera, to put it up or to take it away, counts
    before what that kind of work costs elsewhere.
    """
    prices = unit_prices or {}
    was, now = by_id(before), by_id(after)
    counts: Counter[tuple[Work, float | None]] = Counter()
    for camera_id in {**was, **now}:
        for work, times, stated in _work_on(was.get(camera_id), now.get(camera_id)):
            counts[work, prices.get(work) if stated is None else stated] += times
    known = sorted(counts, key=lambda each: (_IN_ORDER[each[0]], each[1] is None, each[1] or 0.0))
    return Cost(tuple(WorkLine(work, counts[work, price], price) for work, price in known if counts[work, price]))


def price_in(text: str) -> float | None:
    """Return the price in a text; None for what is none: a price is a finite number above 0.

    >>> price_in("4200"), price_in(""), price_in("0"), price_in("inf"), price_in("free")
    (4200.0, None, None, None, None)
    """
    try:
        price = float(text)
    except ValueError:
        return None
    return price if math.isfinite(price) and price > 0.0 else None


def _work_on(old: Camera | None, new: Camera | None) -> Iterator[tuple[Work, int, float | None]]:
    """Give the work on one camera, how often (minus once what was planned and is no longer needed), and its own price."""
    stood, stands = _as(old, Status.OPERATING), _as(new, Status.OPERATING)
    was_planned, is_planned = _as(old, Status.PLANNED), _as(new, Status.PLANNED)
    if stood and stands:
        yield from ((work, 1, None) for work in _changes_of(stood, stands))
        return
    if stood:
        yield Work.TAKE_AWAY, 1, _stated(stood)
    if was_planned and not stands:
        yield NEW[was_planned.mount], -1, _stated(was_planned)
    comes = is_planned or (None if was_planned else stands)
    if comes:
        yield NEW[comes.mount], 1, _stated(comes)


def _stated(camera: Camera) -> float | None:
    return price_in(camera.extra.get(UNIT_PRICE, ""))


def _changes_of(old: Camera, new: Camera) -> set[Work]:
    """Return the kinds of work that change a camera that stands; turned and tilted is one visit."""
    kinds = [type(change) for change in (value_changes(old, new) if old is not new else ())]
    return {BY_CHANGE[kind] for kind in kinds if kind in BY_CHANGE}


def _as(camera: Camera | None, status: Status) -> Camera | None:
    return camera if camera is not None and camera.status is status else None
