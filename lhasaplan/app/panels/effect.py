"""The line that says, while a camera is drawn or dragged, what that does: parts, protected places by grade, unasked ground."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QLabel

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_tip
from lhasaplan.app.look.quantities import area_text
from lhasaplan.core.base.wording import marked

if TYPE_CHECKING:
    from lhasaplan.core.live.effect import Effect

PLACES = marked("Protected places in view: note {note}, due {due}, error {error}, possible {possible}")
UNASKED = marked("unasked ground {area}")
GAINED, LOST = marked("parts gained: {count}"), marked("parts lost: {count}")
TIP = marked("What the change of this camera does, before and after it. Cures and all other findings: run the analysis.")
BETWEEN = "  ·  "


class EffectLine(QLabel):
    """Follows what is done to the selected camera; empty while nothing is."""

    def __init__(self, effects: SignalInstance, language: Language) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._say = language
        self._effect: Effect | None = None
        effects.connect(self._take)
        language.changed.connect(self._write)

    def _take(self, effect: "Effect | None") -> None:
        self._effect = effect
        self._write()

    def _write(self) -> None:
        self.setText(BETWEEN.join(self._pieces(self._effect)) if self._effect is not None else "")
        self.setToolTip(plain_tip(self._say(TIP)) if self._effect is not None else "")

    def _pieces(self, effect: "Effect") -> list[str]:
        before, after = (area_text(area_m2, self._say.wording) for area_m2 in effect.unasked_m2)
        pieces = [self._say(PLACES, **{grade: _pair(*map(str, pair)) for grade, pair in effect.places_by_grade.items()})]
        pieces.append(self._say(UNASKED, area=_pair(before, after)))
        told = ((GAINED, effect.gained), (LOST, effect.lost))
        return [*pieces, *(self._say(template, count=len(parts)) for template, parts in told if parts)]


def _pair(before: str, after: str) -> str:
    """Return both values, or the one that stayed."""
    return after if before == after else f"{before} → {after}"
