"""Read ``data/streets.toml``: how wide a street is when the map does not say."""

import tomllib
from pathlib import Path

from lhasaplan.content import content_folder
from lhasaplan.core.street_widths import StreetWidths


def load_street_widths(path: Path | None = None) -> StreetWidths:
    """Return the shipped widths, or those of another file."""
    path = path or content_folder("data") / "streets.toml"
    return StreetWidths(**tomllib.loads(path.read_text(encoding="utf-8")))
