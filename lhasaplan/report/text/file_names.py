"""Names of files that are about somebody: a number, and letters that every system takes."""

import re
import unicodedata

LONGEST = 40


def numbered_name(start: str, number: int, about: str, unknown: str = "unknown") -> str:
    """Return a name that no letter of somebody's own makes unsafe; ``unknown`` stands for one without a letter of ASCII.

    >>> numbered_name("letter", 2, "Straßen- & Tiefbauamt / Süd")
    'letter-02-strassen-tiefbauamt-sud'
    """
    plain = unicodedata.normalize("NFKD", about.casefold().replace("ß", "ss")).encode("ascii", "ignore").decode()
    short = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")
    return f"{start}-{number:02d}-{short or unknown}"
