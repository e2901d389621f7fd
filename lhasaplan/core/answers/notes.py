"""What every output must say beside its numbers: the limits of the data and of this version."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from lhasaplan.core.answers.requested import Candidates, Refusal
from lhasaplan.core.answers.sentences import NOTES
from lhasaplan.core.answers.setting import Setting
from lhasaplan.core.assessment import CameraResult
from lhasaplan.core.camera import Status

Note = tuple[str, Mapping[str, Any]]


def notes_of(
    setting: Setting, results: Sequence[CameraResult], refused: Sequence[Refusal], candidates: Candidates, is_open: bool
) -> tuple[Note, ...]:
    """Return all notes, the gravest first."""
    counts = {
        "planned_closed": 0 if is_open else sum(each.status is Status.PLANNED for each in setting.project.cameras),
        "assumed": sum(not result.placed.certain for result in results),
        "candidates": sum(candidates.not_requested.values()),
        "candidates_refused": candidates.refused,
    }
    plain: tuple[Note, ...] = (*((NOTES[name], {}) for name in _plain(setting)), *_ground(setting))
    counted = tuple((NOTES[name], {"count": count}) for name, count in counts.items() if count)
    return (*plain, *counted, *((template, {"part": part.name or part.part_id, **params}) for part, template, params in refused))


def _plain(setting: Setting) -> Iterator[str]:
    project = setting.project
    if project.synthetic:
        yield "synthetic"
    if not len(setting.buildings):
        yield "no_buildings"
    if any(not each.used_in_sight for each in project.terrain):
        yield "terrain"
    if len(project.layers.get("trees") or ()):
        yield "trees"
    yield "unmapped"
    yield "policy"
