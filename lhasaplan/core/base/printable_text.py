"""Text from files, without signs that no page can print."""

from __future__ import annotations  # types that are named here alone are not loaded

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar, cast

from lhasaplan.core.base.kept_shapes import as_kept, replace_kept

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# Spell a name in letters that every system takes in the name of a file.

LONGEST = 40


def plain_letters(text: str, longest: int = LONGEST) -> str:
    """Return small letters and digits of ASCII with hyphens between words; empty for a name without any.

    >>> plain_letters("Straßen- & Tiefbauamt / Süd")
    'strassen-tiefbauamt-sud'
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")


# Controls but tab and line ends, signs that turn the reading direction, halves of surrogate pairs, and what is no character.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
_NO_TEXT = frozenset((float, int, bool, type(None)))
Value = TypeVar("Value")


def printable(text: str) -> str:
    r"""Return the text without signs that no document may hold or that make it read otherwise than it is stored.

    >>> printable("Gate \x07north"), printable("a\tb"), printable("\u202egnp.exe")
    ('Gate north', 'a\tb', 'gnp.exe')
    """
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)


def printable_values(value: Value, skipped: Collection[str] = ()) -> Value:
    """Return a value with every text in it printable; the very same object where all was.

    Frozen dataclasses, tuples, lists and mappings are walked, ``skipped`` names fields that are not.
    """
    return cast("Value", _walked(value, skipped))


def _walked(value: object, skipped: Collection[str]) -> object:
    if type(value) in _NO_TEXT:  # most values of a city, and asking whether one is a mapping takes longest
        return value
    if isinstance(value, str):
        return value if isinstance(value, Enum) else printable(value)
    if isinstance(value, Mapping):
        after = {_walked(key, skipped): _walked(each, skipped) for key, each in value.items()}
        return value if _is_same((*value, *value.values()), (*after, *after.values())) else after
    if isinstance(value, tuple | list) and type(value) in (tuple, list):
        members = [_walked(each, skipped) for each in value]
        return value if _is_same(value, members) else type(value)(members)
    return _walked_fields(value, skipped) if is_dataclass(value) and not isinstance(value, type) else value


def _walked_fields(value: DataclassInstance, skipped: Collection[str]) -> object:
    before = {each.name: as_kept(value, each.name) for each in fields(value) if each.name not in skipped}
    after = {name: _walked(each, skipped) for name, each in before.items()}
    changed = {name: each for name, each in after.items() if each is not before[name]}
    return replace_kept(value, **changed) if changed else value


def _is_same(before: Sequence[object], after: Sequence[object]) -> bool:
    return len(before) == len(after) and all(one is other for one, other in zip(before, after, strict=True))
