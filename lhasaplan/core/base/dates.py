"""Read a calendar date as ISO 8601 writes it; nothing else counts as one."""

from datetime import date


def iso_date(text: str) -> date | None:
    """Return the date of a text YYYY-MM-DD, None for anything else.

    >>> iso_date("2026-02-30") is None
    True
    """
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-31") else None
    except ValueError:
        return None
