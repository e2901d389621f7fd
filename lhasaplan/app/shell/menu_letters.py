"""The letters that open entries of a menu by keys: one each, in every language."""

import re
from collections.abc import Sequence
from string import ascii_uppercase, digits

LETTER = re.compile(r"&([^&\s])")
IN_BRACKETS = re.compile(r"\(&.\)")  # as languages without Latin letters write it


def lettered(texts: Sequence[str]) -> list[str]:
    """Return the texts of a menu with a letter each that no other has: their own where it is free, else the next that is.

    >>> lettered(["Show &all", "Take &away", "Quit", "显示(&A)"])
    ['Show &all', '&Take away', '&Quit', '显示(&B)']
    """
    taken: set[str] = set()
    owned = []
    for text in texts:
        own = LETTER.search(text.replace("&&", "\0"))
        is_free = own is not None and own.group(1).upper() not in taken
        owned.append(is_free)
        taken |= {own.group(1).upper()} if own is not None and is_free else set()
    return [text if is_free else _other(text, taken) for text, is_free in zip(texts, owned, strict=True)]


def _other(text: str, taken: set[str]) -> str:
    """Return a text with the first free letter of its own, else with one in brackets behind it."""
    plain = LETTER.sub(r"\1", IN_BRACKETS.sub("", text).replace("&&", "\0")).replace("\0", "&&")
    places = [at for at, sign in enumerate(plain) if sign.isascii() and sign.isalpha()]
    starts = [at for at in places if at == 0 or plain[at - 1] == " "]
    is_latin = bool(re.match(r"\W*[A-Za-zÀ-ÿ]", plain))
    for at in (*starts, *places) if is_latin else ():
        if plain[at].upper() not in taken:
            taken.add(plain[at].upper())
            return f"{plain[:at]}&{plain[at:]}"
    return _behind(plain, taken)


def _behind(plain: str, taken: set[str]) -> str:
    free = next((sign for sign in ascii_uppercase + digits if sign not in taken), "")
    taken.add(free)
    body = plain.rstrip("…")
    return f"{body}(&{free}){plain[len(body) :]}" if free else plain
