"""Hold the project that the window shows, so that others who open it see by whom it is worked on, and since when."""

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state.attention import Tone
from lhasaplan.core.base.wording import marked
from lhasaplan.ports import Store

READ_ONLY = marked("This project is open elsewhere, so it is read only here.")
LOOK_AT = marked("Something about the file of this project is to be known:")


class Holding:
    """Follows where the project is kept."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._store: Store | None = None

    def begin(self) -> None:
        """Hold what is shown from now on."""
        self._bench.session.document_changed.connect(self._follow)

    def _follow(self) -> None:
        store = self._bench.session.store
        if store is not self._store:
            self.end()
            self._store = store
            found = store.hold() if store is not None else ()
            remarks = (*found, *(store.remarks() if store is not None and store.exists() else ()))
            if remarks:
                lines = [self._bench.language.fault(remark) for remark in remarks]
                self._bench.notices.note(READ_ONLY if found else LOOK_AT, lines, Tone.NOTE, stays=True)

    def end(self) -> None:
        """Let others hold it."""
        if self._store is not None:
            self._store.let_go()
        self._store = None
