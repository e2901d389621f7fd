"""The table of a merge: what each district has, and all have together."""

from collections.abc import Sequence

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.districts.sums import DistrictSum

TO_FILL, ELSEWHERE, TOGETHER = marked("to be filled in"), marked("in no district"), marked("together")


def sum_heads(translations: Translations) -> list[str]:
    """Return the heads of the sums."""
    texts = (marked("District"), marked("Operating"), marked("Planned"), marked("Parts"), marked("Cost of the planned"))
    return [translations(text) for text in texts]


def sum_rows(sums: Sequence[DistrictSum], translations: Translations) -> list[tuple[object, ...]]:
    """Return a row for each district and the sum of them all."""
    rows = [_row(each.area or translations(ELSEWHERE), each, translations) for each in sums]
    costs = [each.cost for each in sums]
    known = [cost for cost in costs if cost is not None]
    currencies = {each.currency for each in sums if each.planned}
    named = {each for each in currencies if each}
    whole = DistrictSum(
        "",
        sum(each.operating for each in sums),
        sum(each.planned for each in sums),
        sum(each.parts for each in sums),
        sum(known) if len(known) == len(costs) and len(named) < 2 else None,
        named.pop() if len(currencies) == len(named) == 1 else "",
    )
    return [*rows, _row(translations(TOGETHER), whole, translations)]


def _row(name: str, each: DistrictSum, translations: Translations) -> tuple[object, ...]:
    cost = (
        "–" if not each.planned else translations(TO_FILL) if each.cost is None else f"{each.cost:.2f} {each.currency}".rstrip()
    )
    return name, each.operating, each.planned, each.parts, cost
