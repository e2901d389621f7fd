"""The tool of offices: open a project that several change, see what others kept, and merge a file that grew from the same one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from lhasaplan import workflow
from lhasaplan.app.commands.closed_places import READING, ReadingBeside
from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.opening import Opening
from lhasaplan.app.commands.saving import Saving
from lhasaplan.app.commands.tool import Entry, Tool, ToolCondition
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.state.attention import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import Project
from lhasaplan.errors import ConflictError, Fault
from lhasaplan.ports import Incoming, KeptProject, SharedStore
from lhasaplan.report.facts.row_words import kind_name, side_rows

if TYPE_CHECKING:
    from lhasaplan.core.project.projects import JoinedProjects
    from lhasaplan.core.project.three_ways import Conflict

# Work on a project that several change: tell what others kept, show it, decide rows that two changed, merge another file.

LANE, EVERY_MS = "news", 20_000
NEWS, SHOW = marked("Others have changed this project:"), marked("Show it")
SHOWN = marked("The project now includes what others saved. Earlier steps can no longer be undone.")
MERGING = marked("Merging the projects")
STEP = marked("Changes that are not saved yet")
MERGE_STEP, MERGED = marked("Merge with another project"), marked("Taken from {file}:")
NOTHING = marked("{file} has nothing new.")
OTHER, BASE = marked("The other project"), marked("The common origin of both projects")
Choices = Mapping[tuple[str, str], str]


class Sharing:
    """Follows a project that is kept where others change it too, and merges files."""

    def __init__(self, bench: Workbench, opening: Opening, saving: Saving, beside: ReadingBeside) -> None:
        self._bench, self._opening, self._saving, self._beside = bench, opening, saving, beside
        self._reported: tuple[Fault, ...] = ()
        self._timer = QTimer(bench.session)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        saving.on_conflict = self._decide
        bench.session.document_changed.connect(self._follow)

    @property
    def store(self) -> SharedStore | None:
        """Return the store of the project where others change it too."""
        store = self._bench.session.store
        return store if isinstance(store, SharedStore) else None

    def ask_and_open(self) -> None:
        """Open a project by its address."""
        address = self._bench.dialogs.ask_address()
        if address:
            self._opening.reopen(address)

    def keep_shared(self) -> None:
        """Ask for an address, and keep the project that is shown there, beside the file that it came from."""
        address = self._bench.dialogs.ask_new_address()
        if address:
            self._saving.save_into(address)

    # What others kept

    def _follow(self) -> None:
        if self.store is None:
            self._timer.stop()
        elif not self._timer.isActive():
            self._reported = ()
            self._timer.start()

    def look(self) -> None:
        """Ask once what others kept; what was told is not told again, and a server that is gone is told by the next saving."""
        store = self.store
        if store is None:
            return

        def work(_report: Report) -> tuple[Fault, ...]:
            return store.news()

        self._bench.jobs.start(LANE, work, self._tell, lambda _lost: None)

    def _tell(self, news: tuple[Fault, ...]) -> None:
        store = self._bench.session.store
        if news and news != self._reported:
            self._bench.notices.note(
                NEWS,
                lambda: [*map(self._bench.language.fault, news)],
                Tone.NOTE,
                [(SHOW, self.show)],
                stays=True,
                holds=lambda: self._bench.session.store is store,
            )
        self._reported = news

    def show(self) -> None:
        """Show what others kept, with what is not saved here on top of it."""
        store = self.store
        if store is not None:
            self._bring(self._bench.session.opened_in(store), store, {}, saves=False)

    def _decide(self, opened: KeptProject, error: ConflictError) -> None:
        """Ask which side counts of each row that two changed, and save the whole."""
        store = self.store
        if store is None or store is not opened.store:
            self._bench.notices.note_error(error)
        else:
            self._bring(opened, store, {}, saves=True)

    def _bring(self, opened: KeptProject, store: SharedStore, choices: Choices, *, saves: bool) -> None:
        def work(report: Report) -> Incoming:
            report(0.2, READING)
            found = store.incoming(opened.project, choices, key=opened.key)
            return workflow.as_pulled(self._bench.engine.services, opened.project, found)

        def done(found: Incoming) -> None:
            if not found.joined.conflicts:
                self._go_on(opened, found, saves=saves)
                return
            chosen = self._ask(found.joined.conflicts)
            if chosen is not None:
                self._bring(opened, store, {**choices, **chosen}, saves=saves)

        self._bench.notices.start("file", work, done)

    def _go_on(self, opened: KeptProject, found: Incoming, *, saves: bool) -> None:
        """Show what is stored, with unsaved changes as one step upon it; undoing that step removes no row of others."""
        session = self._bench.session
        was_dirty = session.is_dirty
        whole = workflow.with_later_steps(opened.project, session.project, found.joined.project)
        self._opening.take(found.kept, opened.store, opened.key)
        self._reported = ()
        if was_dirty:
            session.edit(STEP, lambda _kept: whole)
        if saves:
            self._saving.save()
        else:
            self._bench.notices.note(SHOWN)

    def _ask(self, conflicts: "Sequence[Conflict]") -> Choices | None:
        """Return for each row the side that counts; None where the person thought better of it."""
        reported = [
            replace(conflict, key=f"{conflict.kind} {conflict.key}") for conflict in conflicts
        ]  # a name is of one row then
        rows = list(side_rows(conflicts, self._bench.language.translations))
        chosen = self._bench.dialogs.ask_sides(reported, rows)
        if chosen is None:
            return None
        return {(each.kind, each.key): chosen[name.key] for each, name in zip(conflicts, reported, strict=True)}

    # Another file

    def merge(self) -> None:
        """Ask for a project that grew from the same one, and for that one, and bring both together as one step."""
        theirs = self._bench.dialogs.ask_other_project(OTHER)
        base = self._bench.dialogs.ask_other_project(BASE) if theirs is not None else None
        if theirs is not None and base is not None:
            self._beside.read((theirs, base), lambda opened: self._merge(opened[theirs], opened[base], {}))

    def _merge(self, theirs: KeptProject, base: KeptProject, choices: Choices) -> None:
        bench, project = self._bench, self._bench.session.project

        def work(report: Report) -> "tuple[JoinedProjects, tuple[Fault, ...]]":
            report(0.2, MERGING)
            grown = [workflow.NamedProject(each.store.name, each.project) for each in (base, theirs)]
            mine = workflow.NamedProject(project.name, project)
            return workflow.merge_projects(bench.engine.services, grown[0], mine, grown[1], choices)

        def done(found: "tuple[JoinedProjects, tuple[Fault, ...]]") -> None:
            joined, remarks = found
            if joined.conflicts:
                chosen = self._ask(joined.conflicts)
                if chosen is not None:
                    self._merge(theirs, base, {**choices, **chosen})
            elif bench.session.project is project:  # else it was changed meanwhile
                self._take(project, joined, remarks, theirs.store.name)

        bench.notices.start("file", work, done)

    def _take(self, before: Project, joined: "JoinedProjects", remarks: tuple[Fault, ...], file: str) -> None:
        bench = self._bench
        if not joined.taken:
            bench.notices.note(NOTHING, lambda: [*map(bench.language.fault, remarks)], Tone.NOTE, file=file)
            return
        bench.session.edit(MERGE_STEP, lambda _before: joined.project)
        undo = bench.notices.undoing(before)

        def lines() -> list[str]:
            translations = bench.language.translations
            taken = (f"{kind_name(kind, translations)}: {len(keys)}" for kind, keys in joined.taken.items())
            return [*taken, *map(bench.language.fault, remarks)]

        bench.notices.note(MERGED, lines, Tone.DONE, undo, file=file)


KEY = "sharing"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, sharing = bench.session, Sharing(bench, commands.opening, commands.saving, commands.beside)
    is_shared = ToolCondition(lambda: sharing.store is not None, (session.document_changed,))
    has_city = ToolCondition(lambda: bool(session.project.crs), (session.project_changed,))
    file = marked("&File")
    return Tool(
        KEY,
        entries=(
            (file, Entry("open_shared", marked("Open s&hared project…"), sharing.ask_and_open)),
            (file, Entry("keep_shared", marked("Save as a sha&red project…"), sharing.keep_shared, condition=has_city)),
            (file, Entry("show_others", marked("Sho&w what others saved"), sharing.show, condition=is_shared)),
            (file, Entry("merge_project", marked("Mer&ge with another project…"), sharing.merge, condition=has_city)),
        ),
        commands=sharing,
    )
