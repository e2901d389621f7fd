"""Where a long word may break: identifiers and digests have no spaces, and columns are narrow."""

import re

BREAK = "\u200b"


def breakable(text: str, longest: int = 16) -> str:
    """Let a long identifier or digest break inside a narrow cell, at zero-width spaces that a search ignores."""
    return " ".join(_broken(part, longest) if len(part) > longest and part.isascii() else part for part in text.split(" "))


def _broken(word: str, longest: int) -> str:
    """Break after colons, slashes and underscores first, then anywhere."""
    pieces = re.split(r"(?<=[:/_-])", word)
    return BREAK.join(piece[start : start + longest] for piece in pieces for start in range(0, len(piece), longest))
