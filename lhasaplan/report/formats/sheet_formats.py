"""File formats that a sheet of pictures can have, checked before anything is drawn."""

from pathlib import Path

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where

ENDINGS = (".pdf", ".html")
FORMATS = marked("A sheet of pictures is a .pdf or .html file, not {name}")


def require_format(path: Path) -> None:
    """Refuse a file that is neither PDF nor HTML."""
    if path.suffix.casefold() not in ENDINGS:
        raise InputError(Fault(FORMATS, Where(str(path)), {"name": path.name}))
