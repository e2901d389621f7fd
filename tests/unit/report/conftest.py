"""Maps of a town are drawn once a process for all tests that ask for them: they take half of what a draft takes."""

from collections.abc import Callable

import pytest

from lhasaplan.report import redaction
from lhasaplan.report.maps import figures
from lhasaplan.report.text.document import Remembered

OWNERS = 8  # towns of which what was made is kept; the program keeps one, since a user has one open
MEMORIES = ((figures, "_pictures"), (redaction, "_printed"))


class RememberedOfSeveral(Remembered[object]):
    """What was made for each of the last few owners."""

    def __init__(self) -> None:
        super().__init__()
        self._by_owner: list[tuple[object, Remembered[object]]] = []

    def __call__(self, owner: object, values: tuple[object, ...], make: Callable[[], object]) -> object:
        for known, memory in self._by_owner:
            if known is owner:
                return memory(owner, values, make)
        self._by_owner = [*self._by_owner[1 - OWNERS :], (owner, Remembered())]
        return self._by_owner[-1][1](owner, values, make)


@pytest.fixture(autouse=True, scope="session")
def _what_was_made_of_several_towns_is_kept():
    with pytest.MonkeyPatch.context() as patch:
        for module, name in MEMORIES:
            patch.setattr(module, name, RememberedOfSeveral())
        yield
