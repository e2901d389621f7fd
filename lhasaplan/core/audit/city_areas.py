"""The ground that all cameras of a city see together, and what of it no purpose asks for."""

from collections.abc import Sequence
from typing import Any

from lhasaplan.core.audit.camera_results import SeenGround
from lhasaplan.core.base.kept_shapes import Shape, as_kept
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.coverage.seen_unions import union_m2


def city_areas(
    grounds: Sequence[SeenGround],
    today: Sequence[bool],
    with_plan: Sequence[bool],
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """Return areas in square metres, each square metre once; ``with_planned`` has those once the plan is carried out, or None.

    Parameters
    ----------
    today, with_plan : of each camera, whether it stands then.
    """
    now, then = ([ground for ground, stands in zip(grounds, each, strict=True) if stands] for each in (today, with_plan))
    return {
        **areas_m2(now, progress),
        "with_planned": None if list(today) == list(with_plan) else areas_m2(then, progress),
    }


def areas_m2(grounds: Sequence[SeenGround], progress: Progress = no_progress) -> dict[str, float]:
    """Return the ground seen for certain and possibly, what of it no purpose asks for, and what in view nobody mapped.

    The first four count where buildings are mapped.
    """
    known = [ground for ground in grounds if ground.certain is not None]
    guessed = [ground for ground in grounds if ground.certain is None]
    sweeps = [swept for ground in known for swept in ground.swept]
    certain, possible = (union_m2(_kept(some, "seen"), progress) for some in (known, guessed))
    bare = [as_kept(ground, "not_mapped") for ground in grounds]
    return {
        "area_not_mapped_m2": union_m2(bare, progress),
        "area_seen_certain_m2": certain,
        "area_seen_possible_m2": union_m2([*_kept(guessed, "seen"), *sweeps], progress) if sweeps else possible,
        "unasked_certain_m2": certain if _is_all_unasked(known) else union_m2(_kept(known, "unasked"), progress),
        "unasked_possible_m2": possible if _is_all_unasked(guessed) else union_m2(_kept(guessed, "unasked"), progress),
    }


def _kept(grounds: Sequence[SeenGround], name: str) -> list[Shape]:
    return [as_kept(each, name) for each in grounds]


def _is_all_unasked(grounds: Sequence[SeenGround]) -> bool:
    """Tell whether no part asks for any of the ground: without confirmed parts the same union need not be made twice."""
    return all(as_kept(ground, "unasked") is as_kept(ground, "seen") for ground in grounds)
