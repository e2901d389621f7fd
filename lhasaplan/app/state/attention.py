"""Decide which panel comes to the front, and what the status line and the strip over the map say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal


class Tone(StrEnum):
    """How a notice sounds: done as wished, something to note, or something that went wrong."""

    DONE = "good"
    NOTE = "note"
    TROUBLE = "error"


def always() -> bool:
    """Say that an offer holds whatever happens."""
    return True


@dataclass(frozen=True, eq=False, slots=True)
class Offer:
    """Something that can be done about what is reported: its words, what it does, and whether it still can be done."""

    said: Callable[[], str]
    does: Callable[[], object]
    holds: Callable[[], bool] = always


@dataclass(frozen=True, eq=False, slots=True)
class Notice:
    """What is reported where the eye is, without a box: a sentence, lines under it, and what can be done about it.

    All words are asked for when they are shown, so that they follow a switch of the language. An offer that is carried out
    takes the notice away. A notice that ``stays`` waits for an answer; others give way to the next one, or go by themselves
    when they are only good news. It ends with what it is about: one that does not hold any more is taken away.
    """

    said: Callable[[], str]
    listed: Callable[[], Sequence[str]] = tuple
    tone: Tone = Tone.DONE
    offers: tuple[Offer, ...] = ()
    stays: bool = False
    holds: Callable[[], bool] = always

    @property
    def text(self) -> str:
        """Return the sentence in the current language."""
        return self.said()

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines in the current language."""
        return tuple(self.listed())

    @property
    def actions(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """Return what can be done now, in the current language."""
        return tuple((offer.said(), offer.does) for offer in self.offers if offer.holds())


class Attention(QObject):
    """Requests to the window's frame, from parts that do not know the frame."""

    panel_wished = Signal(str)  # key of a panel
    panel_offered = Signal(str)  # key of a panel that has news: it comes forward unless it was closed
    panel_seen = Signal(str, bool)  # key of a panel; does it lie in front, or behind another?
    leave_wished = Signal()  # close the window
    bare_wished = Signal(bool)  # show the map alone on the whole screen, or the window as it was
    noted = Signal(object)  # Notice
    said = Signal(str, int)  # a sentence, and for how many milliseconds; 0 until the next

    def bring(self, panel: str) -> None:
        """Bring a panel forward."""
        self.panel_wished.emit(panel)

    def offer(self, panel: str) -> None:
        """Bring a panel forward where it is shown."""
        self.panel_offered.emit(panel)

    def note(self, notice: Notice) -> None:
        """Tell something in the strip over the map."""
        self.noted.emit(notice)

    def leave(self) -> None:
        """Ask the window to close."""
        self.leave_wished.emit()

    def say(self, sentence: str, for_ms: int = 0) -> None:
        """Write a sentence into the status line; an empty one clears it."""
        self.said.emit(sentence, for_ms)
