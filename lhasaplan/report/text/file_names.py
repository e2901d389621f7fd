"""Names of files that are about somebody: a number, and letters that every system takes."""

from lhasaplan.core.base.plain_letters import plain_letters


def numbered_name(start: str, number: int, about: str, unknown: str = "unknown") -> str:
    """Return a name that no letter of somebody's own makes unsafe; ``unknown`` stands for one without a letter of ASCII.

    >>> numbered_name("letter", 2, "Straßen- & Tiefbauamt / Süd")
    'letter-02-strassen-tiefbauamt-sud'
    """
    return f"{start}-{number:02d}-{plain_letters(about) or unknown}"
