"""Give a part its verdict by its measured shares, as docs/glossary.md defines verdicts."""

from lhasaplan.core.model.place import Part, Verdict
from lhasaplan.core.results.assessment import Measured

_ROUNDING = 1e-9  # a share that is the required one but for rounding is met


def judge(part: Part, measured: Measured, excused: bool, declared: bool) -> Verdict:
    """Return the verdict of one part.

    ``excused`` with reason and name goes before all; an indoor part is ``declared`` when a person says so and ``asked``
    until then, as is a part that the data lack.
    """
    if excused:
        return Verdict.EXCUSED
    if declared:
        return Verdict.DECLARED
    if part.indoor or part.question:
        return Verdict.ASKED
    return judge_shares(measured, part.required.min_share)


def judge_shares(measured: Measured, min_share: float) -> Verdict:
    """Return met, weak, gap or partial.

    >>> [str(judge_shares(Measured(served, seen, 0.0), 0.9)) for served, seen in ((0.9, 1.0), (0.5, 0.9), (0.5, 0.8), (0.0, 0.0))]
    ['met', 'weak', 'partial', 'gap']
    """
    if measured.share_served >= min_share - _ROUNDING:
        return Verdict.MET
    if measured.share_seen >= min_share - _ROUNDING:
        return Verdict.WEAK
    return Verdict.GAP if measured.share_seen <= 0.0 else Verdict.PARTIAL
