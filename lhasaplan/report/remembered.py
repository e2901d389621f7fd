"""Compose a draft once for the formats that carry it: its maps cost more than all the rest."""

from collections import deque
from collections.abc import Callable
from typing import Any

from lhasaplan.report.document import Document

KEPT = 2
_made: deque[tuple[Callable[..., Document], tuple[Any, ...], Document]] = deque(maxlen=KEPT)


def composed(compose: Callable[..., Document], *values: Any) -> Document:
    """Return ``compose(*values)``, or the document it gave for these very values a moment ago."""
    for made_by, of, document in tuple(_made):
        if made_by is compose and len(of) == len(values) and all(a is b or a == b for a, b in zip(of, values, strict=True)):
            return document
    document = compose(*values)
    _made.append((compose, values, document))
    return document
