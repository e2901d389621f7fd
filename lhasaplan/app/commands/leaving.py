"""Leave a project: ask about unsaved changes, and save before it goes."""

from PySide6.QtCore import QEventLoop

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import UserError
from lhasaplan.ports import Store

LANE = "saving"


class Leaving:
    """Asked before another project comes or the window closes."""

    def __init__(self, bench: Workbench) -> None:
        self._session, self._engine = bench.session, bench.engine
        self._dialogs, self._notices, self._jobs = bench.dialogs, bench.notices, bench.jobs

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
        return None if path is None else self._engine.open_derived(self._session.store, path)

    def _save_now(self) -> bool:
        """Save in a job while the window goes on painting and takes no input: nothing may come between."""
        store = self._session.store or self.ask_store()
        if store is None:
            return False
        opened, results = self._session.opened_in(store), self._session.kept_results
        waiting, failed = QEventLoop(), list[UserError]()

        def work(report: Report) -> None:
            report(0.2, marked("Saving the project"))
            self._engine.save(opened, results)

        def fail(error: UserError) -> None:
            failed.append(error)
            waiting.quit()

        self._jobs.start(LANE, work, lambda _nothing: waiting.quit(), fail, broken=fail)
        waiting.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        for error in failed:
            self._notices.tell_error(error)
        if not failed:
            self._session.mark_saved(store)
        return not failed
