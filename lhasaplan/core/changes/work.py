"""What a change means: said in words, and as work on the spot, counted by kind and priced where prices are known."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.camera_change import (
    AddCamera,
    CameraChange,
    ChangeLens,
    ChangeMask,
    ChangeMount,
    ChangeRange,
    ChangeRecord,
    ChangeStatus,
    MoveCamera,
    RemoveCamera,
    TiltCamera,
    TurnCamera,
    ValueChange,
    value_changes,
)
from lhasaplan.core.changes.proposal import by_id
from lhasaplan.core.model.camera import Camera, Mount, Status
from lhasaplan.core.model.camera_fields import MOUNTS, STATUSES

# Say in words what a change does to a camera: from what to what.

Sentence = tuple[str, dict[str, object]]
UNKNOWN = marked("not recorded")


def in_words(change: CameraChange, before: Camera | None, translations: Translations) -> str:
    """Return what a change does, in the reader's language; ``before`` is the camera as it was, None for one that comes."""
    template, params = _SENTENCES[type(change)](change, before, translations)
    return translations(template, **params)


def _number(value: float | None, translations: Translations, decimals: int = 0) -> str:
    """Return a figure with the decimal mark of the language, or that there is none."""
    if value is None:
        return translations(UNKNOWN)
    rounded = round(value, decimals)
    text = f"{rounded:.{decimals}f}" if decimals and rounded != int(rounded) else f"{rounded:.0f}"
    return text.replace(".", translations(".")) if "." in text else text


def _measure(value: float | None, unit: str, translations: Translations, decimals: int = 0) -> str:
    """Return a figure with its unit, or that there is none."""
    number = _number(value, translations, decimals)
    return number if value is None else f"{number}{unit}"


def _added(change: AddCamera, _before: Camera | None, translations: Translations) -> Sentence:
    camera = change.camera
    mount = translations(MOUNTS[camera.mount]) if camera.mount is not None else translations(UNKNOWN)
    height = _number(camera.mount_height_m, translations, 1)
    if camera.azimuth_deg is None:
        return marked("new: {mount}, {height} m high"), {"mount": mount, "height": height}
    azimuth = _number(camera.azimuth_deg, translations)
    return marked("new: {mount}, {height} m high, looking to {azimuth}°"), {
        "mount": mount,
        "height": height,
        "azimuth": azimuth,
    }


def _moved(change: MoveCamera, before: Camera | None, translations: Translations) -> Sentence:
    if before is None:
        return marked("moved"), {}
    away_m = math.hypot(change.x_m - before.x_m, change.y_m - before.y_m)
    return marked("moved by {metres} m"), {"metres": _number(away_m, translations, 1)}


def _from_to(template: str, name: str, unit: str, decimals: int = 0) -> Callable[[object, Camera | None, Translations], Sentence]:
    """Return what says one value before and after, each with its unit where it is recorded."""

    def say(change: object, before: Camera | None, translations: Translations) -> Sentence:
        old, new = (_measure(getattr(each, name, None), unit, translations, decimals) for each in (before, change))
        return template, {"old": old, "new": new}

    return say


def _lens(change: ChangeLens, before: Camera | None, translations: Translations) -> Sentence:
    if before is not None and before.hfov_deg == change.hfov_deg:
        return marked("another lens"), {}
    old, new = (_measure(getattr(each, "hfov_deg", None), "°", translations) for each in (before, change))
    return marked("another lens: angle changed from {old} to {new}"), {"old": old, "new": new}


def _mask(change: ChangeMask, before: Camera | None, _translations: Translations) -> Sentence:
    old = len(before.mask_px) + len(before.mask_sector_deg) if before is not None else 0
    return marked("masks: {old} before, {new} now"), {"old": old, "new": len(change.mask_px) + len(change.mask_sector_deg)}


def _status(change: ChangeStatus, before: Camera | None, translations: Translations) -> Sentence:
    old = translations(STATUSES[before.status]) if before is not None else translations(UNKNOWN)
    return marked("{old} before, {new} now"), {"old": old, "new": translations(STATUSES[change.status])}


def _plain(template: str) -> Callable[[object, Camera | None, Translations], Sentence]:
    return lambda _change, _before, _translations: (template, {})


_SENTENCES: Mapping[type, Callable[[Any, Camera | None, Translations], Sentence]] = {
    AddCamera: _added,
    RemoveCamera: _plain(marked("taken out")),
    MoveCamera: _moved,
    TurnCamera: _from_to(marked("turned from {old} to {new}"), "azimuth_deg", "°", 1),
    TiltCamera: _from_to(marked("tilted below the horizon from {old} to {new}"), "tilt_deg", "°", 1),
    ChangeLens: _lens,
    ChangeRange: _from_to(marked("range changed from {old} to {new}"), "range_m", " m"),
    ChangeMask: _mask,
    ChangeMount: _from_to(marked("mount height changed from {old} to {new}"), "mount_height_m", " m", 1),
    ChangeStatus: _status,
    ChangeRecord: _plain(marked("corrected record")),
}


# What has to be done on the spot for changes of cameras, counted by kind of work, and what it costs where prices are given.

# Kept with a camera: what its work costs, as the office filled it in, and which work that is.
UNIT_PRICE, PRICED_FOR, CURRENCY = "unit_price", "priced_for", "currency"


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
# Kept with a camera on which several kinds of work are done, of which each has a price of its own.
PRICE_OF: Mapping[Work, str] = {work: f"price_{work}" for work in dict.fromkeys(BY_CHANGE.values())}
_IN_ORDER = {work: rank for rank, work in enumerate(Work)}


class UnitPrices(Mapping[Work, float]):
    """What each kind of work costs once, all in one currency; that is empty where it is not stated."""

    def __init__(self, prices: Mapping[Work, float], currency: str = "") -> None:
        self._prices, self.currency = dict(prices), currency

    def __getitem__(self, work: Work) -> float:
        return self._prices[work]

    def __iter__(self) -> Iterator[Work]:
        return iter(self._prices)

    def __len__(self) -> int:
        return len(self._prices)


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One kind of work: how often, and what once costs; None where no price is stated.

    Work of one kind has a line for each of its prices. Where an office states one price for all the work on a camera, the first
    kind has it, and the others are ``is_included``.
    """

    work: Work
    count: int
    unit_price: float | None = None
    is_included: bool = False
    currency: str = ""  # of the price, where it is stated

    @property
    def total(self) -> float | None:
        """Return what all of it costs; None where that is not stated."""
        if self.is_included:
            return 0.0
        return None if self.unit_price is None else self.count * self.unit_price


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
    def currencies(self) -> tuple[str, ...]:
        """The currencies in which its prices are stated, in the order of the lines."""
        return tuple(dict.fromkeys(line.currency for line in self.lines if line.currency))

    @property
    def currency(self) -> str:
        """The one currency of all its prices; empty where that is not stated of each, or they are in several."""
        known = {line.currency for line in self.lines if line.unit_price is not None}
        return known.pop() if len(known) == 1 else ""

    @property
    def total(self) -> float | None:
        """Return the price of it all; None where any price is not stated, and for no work: nothing is ever called free.

        Prices in several currencies have no sum.
        """
        if len(self.currencies) > 1:
            return None
        sums = [line.total for line in self.lines]
        known = [each for each in sums if each is not None]
        return sum(known) if sums and len(known) == len(sums) else None


def cost_of(before: Sequence[Camera], after: Sequence[Camera], unit_prices: Mapping[Work, float] | None = None) -> Cost:
    """Return the work that makes the cameras before those after.

    A camera that is only planned is still to be installed: to change it changes that work at most, to drop it saves it; that
    it was installed since is no work any more. What the office states of one camera, for all that is done to it, counts before
    what such work costs elsewhere.
    """
    prices: Mapping[Work, float] = {} if unit_prices is None else unit_prices
    of_prices = unit_prices.currency if isinstance(unit_prices, UnitPrices) else ""
    was, now = by_id(before), by_id(after)
    counts: Counter[tuple[Work, float | None, bool, str]] = Counter()
    for camera_id in {**was, **now}:
        for camera, work, times, stated, is_included in _work_on(was.get(camera_id), now.get(camera_id)):
            price = None if is_included else prices.get(work) if stated is None else stated
            currency = "" if price is None else of_prices if stated is None else camera.extra.get(CURRENCY, "")
            counts[work, price, is_included, currency] += times
    known = sorted(counts, key=lambda each: (_IN_ORDER[each[0]], each[2], each[1] is None, each[1] or 0.0, each[3]))
    return Cost(tuple(WorkLine(key[0], counts[key], *key[1:]) for key in known if counts[key]))


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


def _work_on(old: Camera | None, new: Camera | None) -> Iterator[tuple[Camera, Work, int, float | None, bool]]:
    """Give the record that is priced, the work on it, how often, and its own price.

    How often is minus once for what was planned and is no longer needed.

    Last comes whether that stands in the price of other work on the camera: where one is stated for all of it.
    """
    stood, stands = _as(old, Status.OPERATING), _as(new, Status.OPERATING)
    was_planned, is_planned = _as(old, Status.PLANNED), _as(new, Status.PLANNED)
    if stood and stands:
        # Turned and tilted is one visit.
        kinds = [type(change) for change in (value_changes(stood, stands) if stood is not stands else ())]
        works = sorted({BY_CHANGE[kind] for kind in kinds if kind in BY_CHANGE}, key=_IN_ORDER.__getitem__)
        for_all = _stated(stood, priced_for(works)) if stood.extra.get(PRICED_FOR) else None
        for number, work in enumerate(works):
            stated = price_in(stood.extra.get(PRICE_OF[work], "")) if for_all is None else for_all
            yield stood, work, 1, stated, for_all is not None and number > 0
        return
    if stood:
        yield stood, Work.TAKE_AWAY, 1, _stated(stood, Work.TAKE_AWAY), False
    if was_planned and not stands:
        yield was_planned, NEW[was_planned.mount], -1, _stated(was_planned, NEW[was_planned.mount]), False
    comes = is_planned or (None if was_planned else stands)
    if comes:
        yield comes, NEW[comes.mount], 1, _stated(comes, NEW[comes.mount]), False


def works_of(before: Camera | None, after: Camera | None) -> tuple[Work, ...]:
    """Return the kinds of work that make a camera another one, put it up or take it away."""
    return tuple(work for _, work, *_ in _work_on(before, after))


def priced_for(works: Iterable[Work]) -> str:
    """Return how a record says which work a price is for.

    >>> priced_for([Work.AIM, Work.LENS])
    'aim lens'
    """
    return " ".join(works)


def _stated(camera: Camera, work: str) -> float | None:
    """Return the price that is stated for this work on a camera; one for other work, which the plan no longer does, is none."""
    return price_in(camera.extra.get(UNIT_PRICE, "")) if camera.extra.get(PRICED_FOR, work) == work else None


def _as(camera: Camera | None, status: Status) -> Camera | None:
    return camera if camera is not None and camera.status is status else None
