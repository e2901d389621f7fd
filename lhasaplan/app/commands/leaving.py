"""Leave a project: ask about unsaved changes, and save before it goes."""

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.work.jobs import unreadable
from lhasaplan.errors import UserError
from lhasaplan.ports import Store


class Leaving:
    """Asked before another project comes or the window closes."""

    def __init__(self, bench: Workbench) -> None:
        self._session, self._engine = bench.session, bench.engine
        self._dialogs, self._notices = bench.dialogs, bench.notices

    def may_leave(self) -> bool:
        """Ask about unsaved changes; say whether the project may be left."""
        if not self._session.is_dirty:
            return True
        answer = self._dialogs.ask_save()
        return answer == "discard" or (answer == "save" and self._save_now())

    def ask_store(self) -> Store | None:
        """Ask where the project is to be kept."""
        project = self._session.project
        first = next((record.path.partition(".")[0] for record in project.inputs), "")
        path = self._dialogs.ask_save_as(project.name or first)
        return None if path is None else self._engine.open_store(path)

    def _save_now(self) -> bool:
        """Save in this thread: nothing may come between."""
        store = self._session.store or self.ask_store()
        if store is None:
            return False
        try:
            self._engine.save(self._session.opened_in(store), self._session.current_results)
        except (UserError, OSError) as error:
            self._notices.tell_error(error if isinstance(error, UserError) else unreadable(error))
            return False
        self._session.mark_saved(store)
        return True
