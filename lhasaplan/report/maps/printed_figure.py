"""Put a picture into a draft in the size for which it was drawn, so that its letters come out as large as they were set."""

from lhasaplan.report.maps.map_decorations import printed_width_cm
from lhasaplan.report.text.document import Figure, PageFormat
from lhasaplan.report.text.style import text_width_cm


def printed_figure(picture: bytes, caption: str, alt: str, anchor: str = "", page: PageFormat | None = None) -> Figure:
    """Return the figure, as wide as the picture is to be printed, at most as the text of its page."""
    width = printed_width_cm(picture) / text_width_cm(page or PageFormat())
    return Figure(picture, caption, min(1.0, width), alt, anchor)
