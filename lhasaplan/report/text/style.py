"""How drafts look, read from reports/templates/style.toml."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from lhasaplan.content import content_folder
from lhasaplan.report.text.document import PageFormat


@lru_cache(maxsize=1)
def load_style() -> Mapping[str, Mapping[str, Any]]:
    """Return fonts, page, limits, colours and bands."""
    return tomllib.loads((content_folder("reports") / "templates" / "style.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def load_slide_style() -> Mapping[str, Mapping[str, Any]]:
    """Return page, letter sizes, fit, colours and verdict colours of the slides."""
    return tomllib.loads(template("slides.toml"))


def template(name: str) -> str:
    """Return the text of a file of reports/templates."""
    return (content_folder("reports") / "templates" / name).read_text("utf-8")


def band_colour(lower_px_m: float) -> str:
    """Return the colour of the finest band that starts at or below the density."""
    bands = sorted((float(low), str(colour)) for low, colour in load_style()["bands"].items())
    return next((colour for low, colour in reversed(bands) if low <= lower_px_m), bands[0][1])


# How large the pages of drafts are.

A3_CM = (29.7, 42.0)


def page_size_cm(page: PageFormat) -> tuple[float, float]:
    """Return width and height of a page; A4 is what the style file says."""
    style = load_style()["page"]
    short, long = A3_CM if page.size == "A3" else (float(style["width_cm"]), float(style["height_cm"]))
    return (long, short) if page.landscape else (short, long)


def text_width_cm(page: PageFormat) -> float:
    """Return the width between the margins."""
    return page_size_cm(page)[0] - 2.0 * float(load_style()["page"]["margin_cm"])
