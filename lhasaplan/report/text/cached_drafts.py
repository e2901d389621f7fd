"""Make a draft or a picture once for the formats that carry it: maps cost more than all the rest."""

from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Remembered(Generic[Made]):
    """What was made for one owner; another owner lets all of it go, so that no old city stays in memory."""

    def __init__(self) -> None:
        self._owner: object = None
        self._made: list[tuple[tuple[object, ...], Made]] = []

    def __call__(self, owner: object, values: tuple[object, ...], make: Callable[[], Made]) -> Made:
        """Return ``make()``, or what it gave for these very values before."""
        if owner is not self._owner:
            self._owner, self._made = owner, []
        for of, made in tuple(self._made):
            if len(of) == len(values) and all(a is b or a == b for a, b in zip(of, values, strict=True)):
                return made
        made = make()
        self._made.append((values, made))
        return made
