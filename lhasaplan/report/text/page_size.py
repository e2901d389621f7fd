"""How large the pages of drafts are."""

from lhasaplan.report.text.document import PageFormat
from lhasaplan.report.text.style import load_style

A3_CM = (29.7, 42.0)


def page_size_cm(page: PageFormat) -> tuple[float, float]:
    """Return width and height of a page; A4 is what the style file says."""
    style = load_style()["page"]
    short, long = A3_CM if page.size == "A3" else (float(style["width_cm"]), float(style["height_cm"]))
    return (long, short) if page.landscape else (short, long)


def text_width_cm(page: PageFormat) -> float:
    """Return the width between the margins."""
    return page_size_cm(page)[0] - 2.0 * float(load_style()["page"]["margin_cm"])
