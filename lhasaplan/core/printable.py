"""Text from files, without signs that no page can print."""

import re

# Controls but tab and line ends, signs that turn the reading direction, halves of surrogate pairs, and what is no character.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")


def printable(text: str) -> str:
    r"""Return the text without signs that no document may hold or that make it read otherwise than it is stored.

    >>> printable("Gate \x07north"), printable("a\tb"), printable("\u202egnp.exe")
    ('Gate north', 'a\tb', 'gnp.exe')
    """
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)
