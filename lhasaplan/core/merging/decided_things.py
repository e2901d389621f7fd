"""Tell decisions apart by their things where files gave one id to several in turn, and join what sides have suspended."""

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from lhasaplan.core.project.decisions import Suspended

OF_THINGS = frozenset(("confirmations", "excuses", "declarations"))  # lists of a project


def things_apart(sides: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return the keys under which sides have decisions about several things: a file gave one id to each of them in turn."""
    grounds: dict[str, set[str]] = {}
    for rows in sides:
        for key, each in rows.items():
            if each.thing is not None:
                grounds.setdefault(key, set()).add(each.thing.ground)
    return frozenset(key for key, some in grounds.items() if len(some) > 1)


def by_thing(rows: Mapping[str, Any], apart: Container[str]) -> dict[str, Any]:
    """Return rows by what tells them apart; where that is several things, their ground belongs to it."""
    return {f"{key} {_sign(each)}" if key in apart and each.thing is not None else key: each for key, each in rows.items()}


def _sign(decision: Any) -> str:
    return hashlib.sha256(decision.thing.ground.encode()).hexdigest()[:8]


def suspended_of(
    own: Sequence[Suspended], others: Iterable[tuple[Sequence[Suspended], Sequence[Suspended]]]
) -> tuple[Suspended, ...]:
    """Return what any side has suspended, without what one side dropped, took back or made anew since.

    Parameters
    ----------
    own : what the side has that the others come to, the city or this project.
    others : of each other side what it and the own side had in common, and what it has now.
    """
    here = {each.key: each for each in own}
    found, ended = dict(here), set[tuple[str, str, str, str]]()
    for before, now in others:
        had, there = {each.key for each in before}, {each.key: each for each in now}
        ended |= had - (here.keys() & there.keys())
        found = {**there, **found}
    return tuple(each for key, each in found.items() if key not in ended)
