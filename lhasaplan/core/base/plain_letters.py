"""Spell a name in letters that every system takes in the name of a file."""

import re
import unicodedata

LONGEST = 40


def plain_letters(text: str, longest: int = LONGEST) -> str:
    """Return small letters and digits of ASCII with hyphens between words; empty for a name without any.

    >>> plain_letters("Straßen- & Tiefbauamt / Süd")
    'strassen-tiefbauamt-sud'
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")
