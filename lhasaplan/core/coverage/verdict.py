"""The verdict of a part, exactly in the words of RULES.md."""

from lhasaplan.core.model.place import Part
from lhasaplan.core.results.assessment import Measured

VERDICTS = ("met", "weak", "partial", "gap", "declared", "asked", "excused")
_ROUNDING = 1e-9  # a share that is the required one but for rounding is met


def judge(part: Part, measured: Measured, excused: bool, declared: bool) -> str:
    """Return the verdict of one part.

    ``excused`` with reason and name goes before all; an indoor part is ``declared`` when a person says so and ``asked``
    until then, as is a part that the data lack.
    """
    if excused:
        return "excused"
    if declared:
        return "declared"
    if part.indoor or part.question:
        return "asked"
    return judge_shares(measured, part.required.min_share)


def judge_shares(measured: Measured, min_share: float) -> str:
    """Return met, weak, gap or partial.

    >>> [judge_shares(Measured(served, seen, 0.0), 0.9) for served, seen in ((0.9, 1.0), (0.5, 0.9), (0.5, 0.8), (0.0, 0.0))]
    ['met', 'weak', 'partial', 'gap']
    """
    if measured.share_served >= min_share - _ROUNDING:
        return "met"
    if measured.share_seen >= min_share - _ROUNDING:
        return "weak"
    return "gap" if measured.share_seen <= 0.0 else "partial"
