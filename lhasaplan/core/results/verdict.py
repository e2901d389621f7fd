"""The verdicts that a part may have."""

from enum import StrEnum


class Verdict(StrEnum):
    """Verdicts of a part, from met to a gap, then those that are not measured: the one order that they have."""

    MET = "met"
    WEAK = "weak"  # seen, but not at the density that it needs
    PARTIAL = "partial"
    GAP = "gap"
    DECLARED = "declared"  # indoor, and a person says that it is served
    ASKED = "asked"  # the data lack the part
    EXCUSED = "excused"


NOT_MET = (Verdict.WEAK, Verdict.PARTIAL, Verdict.GAP)
UNMEASURED = (Verdict.DECLARED, Verdict.ASKED, Verdict.EXCUSED)
