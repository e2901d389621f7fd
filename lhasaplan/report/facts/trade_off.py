"""The trade-off of proposals in words: what each further camera serves, and what it shows that nobody asks for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.report.text.numerals import grouped_text, number_text

if TYPE_CHECKING:
    from lhasaplan.core.siting.curve import Point

CHART_NAME = marked("Trade-off: what each further camera would bring")
POINT = marked("{count} new cameras: {share} % of what is asked is served, {unasked} m² are shown unasked")
KNEE = marked("knee")
SERVED, UNASKED, ACROSS = marked("Served, %"), marked("Unasked, m²"), marked("New cameras")


def curve_in_words(points: "Sequence[Point]", wording: Wording) -> tuple[str, ...]:
    """Return every point as a sentence."""
    lines = []
    for each in points:
        share = number_text(100.0 * each.figures["reached"], wording, 1)
        line = wording(POINT, count=each.new, share=share, unasked=grouped_text(each.figures["unasked_m2"], wording))
        lines.append(f"{line} ({wording(KNEE)})" if each.is_knee else line)
    return tuple(lines)
