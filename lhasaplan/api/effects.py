"""What a proposal does, as a Python program takes it: the effect with its tables."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from lhasaplan.core.base.wording import marked
from lhasaplan.core.live.effect import Effect as CoreEffect
from lhasaplan.errors import Fault, InputError

if TYPE_CHECKING:
    import pandas as pd

NO_TABLE = marked("There is no table {name} of an effect; there are: {known}")
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Effect(CoreEffect):
    """What changes of cameras mean, before and after; no place is named, listed or located.

    Shares are 0 to 1, areas m²; ``parts`` counts planned cameras, ``parts_operating`` those that operate alone.
    """

    def to_pandas(self, name: str = "parts") -> "pd.DataFrame":
        """Return one table.

        ``name`` is parts (verdict and shares of each part that changes), places (protected places in view by class and grade),
        areas (ground that no part asks for, and that is shared with other cameras, m²) or work (by kind, with prices).

        Raises
        ------
        InputError
            No such table.
        """
        import pandas as pd  # noqa: PLC0415 - a program that asks for no table need not load it

        if name not in TABLES:
            raise InputError(Fault(NO_TABLE, params={"name": name, "known": ", ".join(TABLES)}))
        columns, rows = TABLES[name]
        return pd.DataFrame(list(rows(self)), columns=list(columns))


def as_offered(effect: CoreEffect) -> Effect:
    """Return an effect with its tables."""
    return Effect(*(getattr(effect, each.name) for each in fields(effect)))


def _parts(effect: CoreEffect) -> Iterator[Row]:
    for counted, parts in (("with_planned", effect.parts), ("operating", effect.parts_operating)):
        for part in parts:
            values = (part.part_id, counted, *part.verdict, *part.share_served, *part.share_seen)
            yield dict(zip(PARTS, values, strict=True))


def _places(effect: CoreEffect) -> Iterator[Row]:
    for cls, grades in effect.places.items():
        for grade, pair in grades.items():
            yield dict(zip(PLACES, (cls, grade, *pair), strict=True))


def _areas(effect: CoreEffect) -> Iterator[Row]:
    told = {
        "unasked": effect.unasked_m2,
        "unasked_possible": effect.unasked_possible_m2,
        "not_mapped": effect.not_mapped_m2,
        "overlap": effect.overlap_m2,
    }
    for what, pair in told.items():
        if pair is not None:
            yield dict(zip(AREAS, (what, *pair), strict=True))


def _work(effect: CoreEffect) -> Iterator[Row]:
    for line in effect.cost.lines:
        yield dict(zip(WORK, (str(line.work), line.count, line.unit_price, line.total, line.currency), strict=True))


PARTS = (
    *("part_id", "cameras", "verdict_before", "verdict_after", "share_served_before", "share_served_after"),
    *("share_seen_before", "share_seen_after"),
)
PLACES = ("class", "grade", "before", "after")
AREAS = ("what", "before_m2", "after_m2")
WORK = ("work", "count", "unit_price", "price", "currency")
TABLES: Mapping[str, tuple[tuple[str, ...], Callable[[CoreEffect], Iterator[Row]]]] = {
    "parts": (PARTS, _parts),
    "places": (PLACES, _places),
    "areas": (AREAS, _areas),
    "work": (WORK, _work),
}
