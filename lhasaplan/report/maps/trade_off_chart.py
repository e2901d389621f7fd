"""Draw the trade-off of proposals: what each further camera serves, and the unasked ground that it shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lhasaplan.core.base.translations import Translations
from lhasaplan.report.facts.part_options import ACROSS, KNEE, SERVED, UNASKED
from lhasaplan.report.maps.figures import fonts
from lhasaplan.report.maps.map_decorations import CM_PER_INCH, PRINT_DPI, png
from lhasaplan.report.text.numerals import number_text

if TYPE_CHECKING:
    from lhasaplan.core.siting.curve import Point

GOOD, DUE = "#1b7837", "#b35806"  # told apart by mark and dash, too


@dataclass(frozen=True, slots=True)
class ChartLook:
    """How large a chart and its letters are, in the size in which it is shown."""

    width_cm: float
    height_cm: float
    letters_pt: float
    mark_pt: float


PRINTED = ChartLook(12.0, 6.4, 8.0, 4.0)
PROJECTED = ChartLook(14.5, 12.5, 14.0, 8.0)  # of a slide, to be read from the last row of a hall


def trade_off_chart(points: "Sequence[Point]", translations: Translations, look: ChartLook = PRINTED) -> bytes:
    """Return the picture: shares with discs on the left axis, ground with squares and dashes on the right one."""
    new = [each.new for each in points]
    with fonts():
        figure = Figure(figsize=(look.width_cm / CM_PER_INCH, look.height_cm / CM_PER_INCH), layout="constrained")
        left = figure.add_subplot()
        right = left.twinx()
        left.plot(new, [100.0 * each.figures["reached"] for each in points], "o-", color=GOOD, markersize=look.mark_pt)
        right.plot(new, [each.figures["unasked_m2"] for each in points], "s--", color=DUE, markersize=look.mark_pt)
        left.set_ylim(0.0, 102.0)
        right.set_ylim(0.0, 1.05 * max(1.0, *(each.figures["unasked_m2"] for each in points)))
        right.yaxis.set_major_formatter(lambda value, _: number_text(value, translations))
        left.xaxis.set_major_locator(MaxNLocator(integer=True))
        for axes, name, colour in ((left, SERVED, GOOD), (right, UNASKED, DUE)):
            axes.set_ylabel(translations(name), color=colour, fontsize=look.letters_pt)
            axes.tick_params(labelsize=look.letters_pt - 0.5)
        left.set_xlabel(translations(ACROSS), fontsize=look.letters_pt)
        for each in points:
            if each.is_knee:
                left.axvline(each.new, color="0.4", linewidth=0.8, linestyle=":")
                left.text(each.new, 4.0, f" {translations(KNEE)}", fontsize=look.letters_pt - 0.5, color="0.25")
        return png(figure, dpi=PRINT_DPI)


# The options of a plan in one chart, for a slide: what each serves to the left, what it shows unasked to the right.


@dataclass(frozen=True, slots=True)
class OptionBar:
    """One option: its name, parts met, ground that no part asks for, a remark at its end, and whether the rule marks it."""

    name: str
    met: float
    unasked_m2: float
    remark: str
    is_marked: bool


CHART_WIDTH_CM, ROW_CM, HEAD_CM = 30.5, 1.45, 1.5
LETTERS_PT, NAME_SHARE, MARKED = 15.0, 0.36, "#0b4f8a"


def options_chart(bars: Sequence[OptionBar], heads: tuple[str, str], parts: float, translations: Translations) -> bytes:
    """Return the picture: names in the middle, bars of both kinds from there outwards, an arrow at the marked option."""
    height_cm = HEAD_CM + ROW_CM * len(bars)
    with fonts():
        figure = Figure(figsize=(CHART_WIDTH_CM / CM_PER_INCH, height_cm / CM_PER_INCH))
        side, low, high = (1.0 - NAME_SHARE) / 2.0, 0.0, 1.0 - HEAD_CM / height_cm
        left = figure.add_axes((0.0, low, side, high), xlim=(1.2 * max(parts, 1.0), 0.0), ylim=(len(bars) - 0.5, -0.5))
        most = max(1.0, *(bar.unasked_m2 for bar in bars))
        right = figure.add_axes((1.0 - side, low, side, high), xlim=(0.0, 1.85 * most), ylim=(len(bars) - 0.5, -0.5))
        for axes in (left, right):
            axes.axis("off")
        for row, bar in enumerate(bars):
            ink = MARKED if bar.is_marked else "black"  # no bold letters: the face of Chinese has none here
            said: dict[str, Any] = {"va": "center", "fontsize": LETTERS_PT, "color": ink}
            left.barh(row, bar.met, height=0.55, color=GOOD)
            left.text(bar.met + 0.02 * parts, row, f"{bar.met:g} ", ha="right", **said)
            right.barh(row, bar.unasked_m2, height=0.55, color=DUE, hatch="//", edgecolor="white")
            text = f" {number_text(bar.unasked_m2, translations)}\n {bar.remark}"
            right.text(bar.unasked_m2, row, text, ha="left", **said)
            y = high * (1.0 - (row + 0.5) / len(bars))
            figure.text(0.5, y, f"▶ {bar.name}" if bar.is_marked else bar.name, ha="center", **said)
        figure.text(side, 1.0, heads[0], ha="right", va="top", fontsize=LETTERS_PT, color=GOOD)
        figure.text(1.0 - side, 1.0, heads[1], ha="left", va="top", fontsize=LETTERS_PT, color=DUE)
        return png(figure, dpi=150)
