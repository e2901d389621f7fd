"""The tools of several offices: the plans of districts, a project that several change, files that grew from the same one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from lhasaplan import workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.analysing import tell_written
from lhasaplan.app.commands.opening import READING, Opened, Opening, ReadingBeside
from lhasaplan.app.commands.project_files import Saving
from lhasaplan.app.commands.workbench import Entry, Tool, ToolCondition, Workbench
from lhasaplan.app.jobs import Report
from lhasaplan.app.state.selection import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project
from lhasaplan.errors import ConflictError, Fault
from lhasaplan.ports import Incoming, KeptProject, SharedStore, Store
from lhasaplan.report.facts.project_words import conflict_rows, doubts, kind_name, side_rows, taken_lines

if TYPE_CHECKING:
    from lhasaplan.core.project.projects import JoinedProjects
    from lhasaplan.core.project.three_ways import Conflict
    from lhasaplan.workflow.districts import Merge

# Work on a project that several change: tell what others kept, show it, decide rows that two changed, merge another file.
LANE, EVERY_MS = "news", 20_000
NEWS, SHOW = marked("Others have changed this project:"), marked("Show it")
SHOWN = marked("The project now includes what others saved. Earlier steps can no longer be undone.")
MERGING_FILES = marked("Merging the projects")
STEP = marked("Changes that are not saved yet")
MERGE_FILES_STEP, MERGED_FILES = marked("Merge with another project"), marked("Taken from {file}:")
NOTHING = marked("{file} has nothing new.")
OTHER, BASE = marked("The other project"), marked("The common origin of both projects")
FileChoices = Mapping[tuple[str, str], str]


class Sharing:
    """Follows a project that is kept where others change it too, and merges files."""

    def __init__(self, bench: Workbench, opening: Opening, saving: Saving, beside: ReadingBeside) -> None:
        self._bench, self._opening, self._saving, self._beside = bench, opening, saving, beside
        self._reported: tuple[Fault, ...] = ()
        self._known: tuple[Store | None, SharedStore | None] = (None, None)  # a store, and what it is to several
        self._timer = QTimer(bench.session)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)
        saving.on_conflict = self._decide
        bench.session.document_changed.connect(self._follow)

    @property
    def store(self) -> SharedStore | None:
        """Return the store of the project where others change it too."""
        store = self._bench.session.store
        if store is not self._known[0]:  # asked at each step of a drag, and a protocol compares all its methods
            self._known = store, store if isinstance(store, SharedStore) else None
        return self._known[1]

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

    def _bring(self, opened: KeptProject, store: SharedStore, choices: FileChoices, *, saves: bool) -> None:
        def work(report: Report) -> Incoming:
            report(0.2, READING)
            found = store.incoming(opened.project, choices, key=opened.key)
            return workflow.as_pulled(self._bench.services, opened.project, found)

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

    def _ask(self, conflicts: "Sequence[Conflict]") -> FileChoices | None:
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

    def _merge(self, theirs: KeptProject, base: KeptProject, choices: FileChoices) -> None:
        bench, project = self._bench, self._bench.session.project

        def work(report: Report) -> "tuple[JoinedProjects, tuple[Fault, ...]]":
            report(0.2, MERGING_FILES)
            grown = [workflow.NamedProject(each.store.name, each.project) for each in (base, theirs)]
            mine = workflow.NamedProject(project.name, project)
            return workflow.merge_projects(bench.services, grown[0], mine, grown[1], choices)

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
        bench.session.edit(MERGE_FILES_STEP, lambda _before: joined.project)
        undo = bench.notices.undoing(before)

        def lines() -> list[str]:
            translations = bench.language.translations
            taken = (f"{kind_name(kind, translations)}: {len(keys)}" for kind, keys in joined.taken.items())
            return [*taken, *map(bench.language.fault, remarks)]

        bench.notices.note(MERGED_FILES, lines, Tone.DONE, undo, file=file)


SHARING_KEY = "sharing"


def sharing_tool(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, sharing = bench.session, Sharing(bench, commands.opening, commands.saving, commands.beside)
    is_shared = ToolCondition(lambda: sharing.store is not None, (session.document_changed,))
    has_city = ToolCondition(lambda: bool(session.project.crs), (session.project_changed,))
    file = marked("&File")
    return Tool(
        SHARING_KEY,
        entries=(
            (file, Entry("open_shared", marked("Open s&hared project…"), sharing.ask_and_open)),
            (file, Entry("keep_shared", marked("Save as a sha&red project…"), sharing.keep_shared, condition=has_city)),
            (file, Entry("show_others", marked("Sho&w what others saved"), sharing.show, condition=is_shared)),
            (file, Entry("merge_project", marked("Mer&ge with another project…"), sharing.merge, condition=has_city)),
        ),
        commands=sharing,
    )


# The tool of districts: draft the plan of one, take districts back into the city's, and lay another plan beside this one.

NO_AREAS = marked("This project has no areas yet. Draw the district on the map, or import areas: a district is one of them.")
DRAW_ONE = marked("Draw it now")
DRAW_AREA = "draw_area"  # the mode of the map in which areas are drawn
DRAFTING, MERGING = marked("Drafting the district"), marked("Taking the districts back")
MERGED = marked("Districts were taken back:")
MERGE_STEP = marked("Take districts back")
CITY_PLAN = marked("City's plan")
CLOSED = marked(
    "{file}: {count} drawn protected places are closed. Without their passphrase this district lacks them, and "
    "its plan cannot be taken back."
)
SideChoices = Mapping[str, str]
OfFiles = Mapping[Path, str]  # by file a passphrase, or a version


class Districts:
    """Each step asks, works beside the window, and tells how it ended; what is taken back is one step that can be undone."""

    def __init__(self, bench: Workbench, beside: ReadingBeside) -> None:
        self._bench, self._beside = bench, beside

    # Draft

    def draft(self) -> None:
        """Ask which area and which drafts, then write the district's project and its drafts."""
        bench, project, services = self._bench, self._bench.session.project, self._bench.services
        names = bench.area_names()
        if not names:
            bench.notices.note(NO_AREAS, tone=Tone.NOTE, actions=((DRAW_ONE, lambda: bench.session.mode.use(DRAW_AREA)),))
            return
        chosen = bench.dialogs.ask_district(names, [version.name for version in project.versions])
        wish = bench.dialogs.ask_export(is_plan=True) if chosen is not None else None
        if chosen is None or wish is None:
            return
        area, version = chosen
        log_in = bench.session.store  # of the city: which numbers a district gets is kept there
        opened = bench.session.opened_in(services.stores.open(wish.folder / workflow.district_file(area)))

        def work(report: Report) -> tuple[list[Path], tuple[Fault, ...]]:
            def reported(share: float, _step: str) -> None:
                report(share, DRAFTING)

            how: dict[str, Any] = {"language": wish.language, "templates": wish.templates, "version": version, "log_in": log_in}
            files = workflow.write_district(services, opened, area, wish.formats, wish.folder, progress=reported, **how)
            return files, services.drafts.template_remarks(wish.templates)

        bench.notices.start("file", work, lambda written: tell_written(bench, *written))

    # Merge

    def merge(self) -> None:
        """Ask which projects, for the passphrases of what is sealed or closed in them and for versions, and take them back."""
        paths = self._bench.dialogs.ask_districts()
        if paths:
            self._beside.read(paths, self._ask_and_merge)

    def _ask_and_merge(self, opened: Opened) -> None:
        versions = self._beside.versions_of(opened)
        if versions is not None:
            self._merge(opened, {}, self._passphrases(opened), versions)

    def _passphrases(self, opened: Opened) -> OfFiles:
        """Return the passphrases that a person gives; what is left closed is missing in its district."""
        bench, asked = self._bench, dict[Path, str | None]()
        for path, one in opened.items():
            if one.project.is_closed:
                count = one.project.closed_count
                asked[path] = bench.dialogs.ask_passphrase(bench.language(CLOSED, file=path.name, count=count))
        return {path: passphrase for path, passphrase in asked.items() if passphrase}

    def _merge(self, opened: Opened, choices: SideChoices, passphrases: OfFiles, versions: OfFiles) -> None:
        bench, project, services = self._bench, self._bench.session.project, self._bench.services

        def whole(path: Path) -> Project:
            one = workflow.open_places(services, opened[path], passphrases[path]) if path in passphrases else opened[path]
            return workflow.as_version(one.project, versions.get(path, ""))

        def work(report: Report) -> "Merge":
            from lhasaplan.core.districts.merging import Choices

            def reported(share: float, _step: str) -> None:
                report(share, MERGING)

            return workflow.merge(services, project, [whole(path) for path in opened], Choices(choices), progress=reported)

        def take(found: "Merge") -> None:
            self._take(found, project, lambda chosen: self._merge(opened, {**choices, **chosen}, passphrases, versions))

        bench.notices.start("file", work, take)

    def _take(self, found: "Merge", made_for: Project, again: Callable[[SideChoices], None]) -> None:
        """Take the merged project over as one step; with conflicts open ask which side counts, and try again."""
        bench = self._bench
        if found.plan.conflicts:
            rows = list(conflict_rows(found.plan.conflicts, found.project, bench.language.translations))
            chosen = bench.dialogs.ask_sides(found.plan.conflicts, rows)
            if chosen is not None:
                again(chosen)
            return
        if bench.session.project is not made_for:
            return  # changed while the districts were taken back
        bench.session.edit(MERGE_STEP, lambda _project: found.project)

        def lines() -> list[str]:
            translations = bench.language.translations
            return [
                *taken_lines(found.plan, translations),
                *doubts(found.plan, translations),
                *map(bench.language.fault, found.remarks),
            ]

        tone = Tone.NOTE if found.remarks or found.plan.near else Tone.DONE
        bench.notices.note(MERGED, lines, tone, bench.notices.undoing(made_for))

    # Compare

    def compare(self) -> None:
        """Ask for another project and which version of its plan, and lay that plan beside this one."""
        path = self._bench.dialogs.ask_open()
        if path is not None:
            self._beside.read((path,), lambda opened: self._lay_beside(opened, path))

    def _lay_beside(self, opened: Opened, path: Path) -> None:
        bench, project = self._bench, self._bench.session.project
        versions = self._beside.versions_of(opened)
        if versions is None:
            return

        def work(report: Report) -> tuple[str, tuple[Camera, ...]]:
            report(0.2, READING)
            name, version = opened[path].store.name, versions.get(path, "")
            cameras = workflow.cameras_beside(project, workflow.as_version(opened[path].project, version))
            return f"{name}: {version}" if version else name, cameras

        bench.notices.start("file", work, lambda found: bench.proposals.beside_wished.emit(partial(str, found[0]), found[1]))

    def beside_city(self) -> None:
        """Lay the plan beside this one that the city handed over."""
        district = self._bench.session.project.district
        if district is not None:
            self._bench.proposals.beside_wished.emit(partial(self._bench.language, CITY_PLAN), district.cameras)


KEY = "districts"


def districts_tool(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, districts = bench.session, Districts(bench, commands.beside)
    changed = (session.project_changed,)
    is_city = ToolCondition(lambda: bool(session.project.crs) and session.project.district is None, changed)
    is_district = ToolCondition(lambda: session.project.district is not None, changed)
    has_city = ToolCondition(lambda: bool(session.project.crs), changed)
    file, analysis = marked("&File"), marked("&Analysis")
    return Tool(
        KEY,
        entries=(
            (file, Entry("draft_district", marked("Draft the plan of a &district…"), districts.draft, condition=is_city)),
            (file, Entry("merge_districts", marked("&Take districts back…"), districts.merge, condition=is_city)),
            (analysis, Entry("compare_project", marked("Compare with another pro&ject…"), districts.compare, condition=has_city)),
            (
                analysis,
                Entry("compare_city", marked("Compare with the &city's plan"), districts.beside_city, condition=is_district),
            ),
        ),
        commands=districts,
    )
