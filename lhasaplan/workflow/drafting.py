"""Tell progress while drafts are written: every sentence of a draft passes through its wording, so that one can listen there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from lhasaplan.core.wording import Wording
from lhasaplan.ports import Progress

STEP = "write the drafts"
SENTENCES_A_WORD = 16


@dataclass(frozen=True, slots=True)
class HeardWording(Wording):
    """Wording that lets somebody hear that it is used; a cancel raised there ends the draft, whose file is not replaced."""

    hear: Callable[[], None] = field(default=lambda: None, compare=False)

    def __call__(self, template: str, **params: Any) -> str:
        """Return the template in this language with its parameters filled in."""
        self.hear()
        return Wording.__call__(self, template, **params)


def heard(wording: Wording, progress: Progress, share: float) -> Wording:
    """Return the wording of one draft, which tells the share of the work now and with every 16th sentence."""
    sentences = count()

    def hear() -> None:
        if next(sentences) % SENTENCES_A_WORD == 0:
            progress(share, STEP)

    hear()
    return HeardWording(wording.language, wording.catalogue, hear)
