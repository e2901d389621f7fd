"""Charts on slides that can be edited: bars with their numbers, hatched where they rest on an assumption."""

from collections.abc import Callable
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN
from pptx.oxml.ns import qn
from pptx.util import Pt

from lhasaplan.report.powerpoint.text import corners, rgb
from lhasaplan.report.slides.deck import Chart, Series
from lhasaplan.report.slides.deck_flow import Placed
from lhasaplan.report.slides.deck_sizes import points
from lhasaplan.report.text.numerals import NO_BREAK

# A thousands mark that every language here reads; a nought in a stack is no bar and needs no figure.
NUMBERS = f'[>=1000000]0"{NO_BREAK}"000"{NO_BREAK}"000;[>=1000]0"{NO_BREAK}"000;0'
NO_NOUGHT = "0;;"
DARK = 140.0  # mean of red, green and blue below which a label is white


def add_chart(slide: Any, placed: Placed, block: Chart) -> Any:
    """Add a bar chart; the first category stands on top, as in a table."""
    chart_data: Callable[..., Any] = CategoryChartData  # untyped
    data = chart_data(number_format=NO_NOUGHT if block.stacked else NUMBERS)
    data.categories = list(block.categories)
    for series in block.series:
        data.add_series(series.name, series.values)
    kind = XL_CHART_TYPE.BAR_STACKED if block.stacked else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *corners(placed.box), data)
    chart = frame.chart
    chart.has_title, chart.font.size, chart.font.color.rgb = False, Pt(points("chart", placed.scale)), rgb("ink")
    _axes(chart)
    _legend(chart, block)
    chart.plots[0].gap_width = 45
    chart.plots[0].overlap = 100 if block.stacked else -10
    for shown, series in zip(chart.plots[0].series, block.series, strict=True):
        _colour(shown, series)
        _label(shown, series, placed.scale, stacked=block.stacked)
    return frame


def _axes(chart: Any) -> None:
    """Keep the names of the bars; the values stand in the bars, so their axis and its lines go."""
    names, values = chart.category_axis, chart.value_axis
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = rgb("line")
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    values.visible = False
    values.has_major_gridlines = False
    values.minimum_scale = 0


def _legend(chart: Any, block: Chart) -> None:
    chart.has_legend = len(block.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False


def _colour(shown: Any, series: Series) -> None:
    fill = shown.format.fill
    if not series.hatched:
        fill.solid()
        fill.fore_color.rgb = rgb(series.colour)
        return
    fill.patterned()
    fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
    fill.fore_color.rgb, fill.back_color.rgb = rgb(series.colour), rgb("paper")
    shown.format.line.color.rgb = rgb(series.colour)


def _label(shown: Any, series: Series, scale: float, *, stacked: bool) -> None:
    """Write the values: into stacked bars in letters that stand out from them, else after the bars."""
    labels = shown.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = NO_NOUGHT if stacked else NUMBERS, False
    labels.position = XL_LABEL_POSITION.CENTER if stacked else XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size, labels.font.bold = Pt(points("chart", scale)), True
    is_dark = stacked and not series.hatched and sum(rgb(series.colour)) / 3 < DARK
    labels.font.color.rgb = rgb("paper" if is_dark else "ink")
    labels._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("wrap", "none")  # or a long number is broken in two
    if stacked and series.hatched:
        _on_white(labels)


def _on_white(labels: Any) -> None:
    """Put a white ground under a label that would stand on hatching."""
    properties = labels._element.get_or_add_spPr() if hasattr(labels._element, "get_or_add_spPr") else None
    if properties is None:
        properties = labels._element.makeelement(qn("c:spPr"), {})
        labels._element.find(qn("c:txPr")).addprevious(properties)
    fill = properties.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": "FFFFFF"}))
    properties.append(fill)
