"""What the window offers, as tables: the panels that every job needs, the tools, the menus; in the order of tabs and menus."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from PySide6.QtWidgets import QMenu, QWidget

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.placing import PLACE
from lhasaplan.app.commands.workbench import Entry, Panel, Side, SpotEntry, Switch, Tool, ToolCondition, Workbench
from lhasaplan.app.map.decorations import swatches_of
from lhasaplan.app.map.style import GROUPS
from lhasaplan.app.panels.camera import CameraPanel
from lhasaplan.app.panels.findings import FindingsPanel
from lhasaplan.app.panels.layers import LayersPanel, SummaryPanel
from lhasaplan.app.panels.parts import PartsPanel
from lhasaplan.app.panels.selected import SelectedPanel
from lhasaplan.app.tools import (
    arranging,
    bookmarks,
    candidates,
    declaring,
    districts,
    drawn_places,
    handles,
    lens_calculator,
    lens_here,
    mandate,
    map_states,
    meeting,
    neighbourhood,
    outlook,
    overpass,
    picture,
    print_layout,
    siting,
    tables,
    tour,
    versions,
    walk,
    who_sees,
    why_not_seen,
)
from lhasaplan.core.base.translations import marked
from lhasaplan.core.records.unusual import remarks_on

# The menu of a spot on the map: who sees it, its coordinates, and what can be done there.
COPY, SPOT_PLACE = marked("Copy latitude and longitude"), marked("Place a planned camera here")


def spot_entries(bench: Workbench, commands: Commands, tools: Iterable[Tool]) -> tuple[SpotEntry, ...]:
    """Return what can be done at a spot; planning is offered only while it is allowed."""
    return (
        *(entry for tool in tools for entry in tool.spot_entries),
        SpotEntry(COPY, commands.looking.copy_lonlat),
        SpotEntry(SPOT_PLACE, commands.placing.place, lambda: bench.session.may_plan),
    )


def spot_menu(parent: QWidget, entries: Iterable[SpotEntry], bench: Workbench, x_m: float, y_m: float) -> QMenu:
    """Return the menu of a spot."""
    menu = QMenu(parent)
    for entry in entries:
        if entry.is_offered():
            menu.addAction(bench.language(entry.text), partial(entry.run, x_m, y_m))
    return menu


LINE = None
FILE, EDIT, VIEW = marked("&File"), marked("&Edit"), marked("&View")
ANALYSIS, HELP = marked("&Analysis"), marked("&Help")
# What tools add, put together by what it is for.
MENU_GROUPS = (
    ("draft_district", "merge_districts"),
    ("print_layout",),
    ("select_all", "select_box", "select_lasso"),
    ("copy_cameras", "paste_cameras", "arrange_cameras", "draw_row", "lens_calculator"),
    ("draw_area", "draw_protected", "take_out"),
    ("camera_table", "picture", "outlook", "neighbourhood"),
    ("search", "find", "measure", "walk"),
    ("why_not_seen", "siting", "lens_here"),
    ("versions", "keep_version", "compare", "compare_mitigation", "compare_project", "compare_city"),
)
# What opens from one entry of its menu, so that no menu has more entries than the words in it have letters.
SUBMENUS = {
    marked("On the &map"): ("legend", "night", "count_map", "counts"),
    marked("&State of the plan"): ("map_today", "map_plan", "map_difference"),
    marked("&Bookmarks"): ("bookmark", "next_bookmark", "last_bookmark"),
    marked("Bac&kground maps"): ("basemap", "basemap_folder", "no_basemap"),
}


class Submenu(NamedTuple):
    """Entries that open from one entry of a menu."""

    title: str
    entries: tuple[Entry, ...]


Menu = tuple[str, tuple[Entry | Submenu | None, ...]]


def menus_of(bench: Workbench, commands: Commands, tools: Iterable[Tool]) -> tuple[Menu, ...]:
    """Return the menus, with what the tools add at their ends; below all of File stands what leaves the program."""
    canvas = bench.canvas
    legend_switch = Switch(canvas.show_legend, lambda: canvas.shows_legend, canvas.legend_switched)
    added = [(VIEW, Entry("legend", marked("L&egend"), legend_switch)), *(pair for tool in tools for pair in tool.entries)]
    quit_entry = Entry("quit", marked("&Quit"), bench.session.attention.leave, "Ctrl+Q")
    last: dict[str, tuple[Entry | None, ...]] = {FILE: (LINE, quit_entry)}
    tables = (_file(commands), _edit(bench, commands), _view(bench, commands), _analysis(commands), _help(commands))
    return tuple(
        (title, (*entries, *_grouped([entry for menu, entry in added if menu == title]), *last.get(title, ())))
        for title, entries in tables
    )


def _grouped(entries: Iterable[Entry]) -> Iterator[Entry | Submenu | None]:
    """Yield entries group by group with a line before each, then those that no group names, then the submenus."""
    left = {entry.key: entry for entry in entries}
    submenus = [Submenu(title, tuple(left.pop(key) for key in keys if key in left)) for title, keys in SUBMENUS.items()]
    for group in (*MENU_GROUPS, tuple(left)):
        found = [left.pop(key) for key in group if key in left]
        yield from (LINE, *found) if found else ()
    there = [submenu for submenu in submenus if submenu.entries]
    yield from (LINE, *there) if there else ()


def _file(commands: Commands) -> Menu:
    opening, saving = commands.opening, commands.saving
    return FILE, (
        Entry("new", marked("&New project…"), opening.begin, "Ctrl+N"),
        Entry("open", marked("&Open project…"), opening.ask_and_open, "Ctrl+O"),
        Entry("sample_helsinki", marked("Sample: audit a real city (Helsinki)"), partial(opening.open_sample, "helsinki")),
        Entry("sample_hilltown", marked("Sample: plan a made-up town (Hilltown)"), partial(opening.open_sample, "hilltown")),
        LINE,
        Entry("save", marked("&Save"), saving.save, "Ctrl+S"),
        Entry("save_as", marked("Save &as…"), saving.save_as, "Ctrl+Shift+S"),
        LINE,
        Entry("import", marked("&Import city data or cameras…"), commands.dropping.ask_and_import, "Ctrl+I"),
        Entry("mandate", marked("Read &mandate…"), commands.importing.read_mandate),
        Entry("protect", marked("Close &drawn protected places…"), saving.protect),
        Entry("export", marked("&Export drafts…"), commands.exporting.export, "Ctrl+E"),
    )


def _edit(bench: Workbench, commands: Commands) -> Menu:
    session, editing, placing = bench.session, commands.editing, commands.placing
    steps, history = (session.steps_changed,), session.history
    is_there = ToolCondition(editing.can_remove, (session.selection_changed, session.project_changed))
    is_planned = ToolCondition(editing.has_planned, (session.selection_changed, session.project_changed))
    return EDIT, (
        Entry("undo", marked("&Undo"), editing.undo, "Ctrl+Z", ToolCondition(history.canUndo, steps)),
        Entry("redo", marked("&Redo"), editing.redo, "Ctrl+Shift+Z", ToolCondition(history.canRedo, steps)),
        LINE,
        Entry(PLACE, marked("&Place a planned camera"), Switch(placing.turn, placing.is_on, session.mode.changed), "Ctrl+K"),
        Entry("remove", marked("Remove camera"), editing.remove, condition=is_there),
        Entry("record_done", marked("Record as done"), editing.record_done, condition=is_planned),
        Entry("leave_as_is", marked("Take out of the plan"), editing.leave_as_is, condition=is_planned),
        Entry("let_go", marked("Clear the se&lection"), commands.looking.let_go, "Esc"),
    )


def _view(bench: Workbench, commands: Commands) -> Menu:
    looking, session = commands.looking, bench.session
    has_camera = ToolCondition(lambda: bool(session.selected_id), (session.selection_changed,))
    return VIEW, (
        Entry("zoom_in", marked("Zoom &in"), looking.zoom_in, "Ctrl++"),
        Entry("zoom_out", marked("Zoom &out"), looking.zoom_out, "Ctrl+-"),
        Entry("show_all", marked("Show &all"), looking.show_all, "Ctrl+0"),
        Entry("show_camera", marked("Show the selected &camera"), looking.show_selected, "Ctrl+1", has_camera),
    )


def _analysis(commands: Commands) -> Menu:
    analysing = commands.analysing
    return ANALYSIS, (
        Entry("audit", marked("Run &audit"), analysing.audit, "F5"),
        Entry("check", marked("Run &check"), analysing.check, "Shift+F5"),
        Entry("cancel", marked("Ca&ncel"), analysing.cancel),
    )


def _help(commands: Commands) -> Menu:
    helping = commands.helping
    return HELP, (
        Entry("keys", marked("&Mouse and keys"), helping.tell_keys, "Shift+F1"),
        Entry("about", marked("&About"), helping.tell_about),
    )


# The panels that every job needs: layers, summary, the selected camera, findings, parts; wired to state and commands.
def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the panels at a workbench."""
    left, bottom = Side.LeftDockWidgetArea, Side.BottomDockWidgetArea
    layers, summary = _layers(bench), SummaryPanel(bench.session, bench.language)
    findings, parts = _findings(bench, commands), _parts(bench, commands)
    return Tool(
        "standing",
        panels=(
            Panel("layers", marked("Layers"), layers, left),
            Panel("summary", marked("Figures"), summary, left, behind="layers"),
            Panel("selected", marked("Selected"), SelectedPanel(bench.session, bench.language)),
            Panel("finding", marked("Finding"), findings.detail, within="selected", told=findings.detail.told),
            Panel("part", marked("Part"), parts.detail, within="selected", told=parts.detail.told),
            Panel("camera", marked("Camera"), _camera(bench, commands), within="selected"),
            Panel("findings", marked("Findings"), findings, bottom),
            Panel("parts", marked("Parts"), parts, bottom, behind="findings"),
        ),
    )


def _layers(bench: Workbench) -> LayersPanel:
    canvas, say = bench.canvas, bench.language
    panel = LayersPanel(bench.session.shown, say, GROUPS, lambda key: swatches_of(key, canvas.palette_now, say))
    canvas.palette_changed.connect(panel.draw_swatches)
    return panel


def _camera(bench: Workbench, commands: Commands) -> CameraPanel:
    session, sight = bench.session, bench.sight
    links = bench.services.content.load_camera_links()
    panel = CameraPanel(session, bench.language, commands.editing.correct, bench.names, links)

    def tell() -> None:
        """Pass on what sight had to assume for the selected camera."""
        seen = sight.sight.seen.get(session.selected_id)
        panel.set_assumed(seen.placed.assumed if seen is not None else ())

    def remark() -> None:
        """Say why it has no cone, and what is unusual about it."""
        camera = session.selected
        if camera is None:
            panel.set_remarks(())
            return
        fault = sight.faults.get(camera.camera_id)
        seen, usual = sight.seen_now(camera), bench.context.usual_of(camera)
        moved_m = seen.placed.moved_m if seen is not None else 0.0
        unusual = remarks_on(camera, usual, session.project.layers, bench.context.unusual, moved_m)
        panel.set_remarks((*(fault.faults if fault is not None else ()), *unusual))

    sight.sight_changed.connect(tell)
    session.selection_changed.connect(tell)
    for signal in (session.selection_changed, session.project_settled):
        signal.connect(remark)
    sight.sight_changed.connect(lambda: None if session.is_dragging else remark())
    panel.remove.clicked.connect(commands.editing.remove)
    return panel


def _findings(bench: Workbench, commands: Commands) -> FindingsPanel:
    session, looking = bench.session, commands.looking
    panel = FindingsPanel(session, bench.language, bench.names)
    panel.picked.connect(looking.show_finding)
    panel.picked.connect(lambda _finding: session.attention.offer("finding"))  # after its camera was selected
    panel.dropped.connect(looking.drop_mark)
    panel.bar.wished.connect(commands.analysing.run_what_fits)
    panel.detail.mitigations.apply_wished.connect(commands.mitigating.apply)
    return panel


def _parts(bench: Workbench, commands: Commands) -> PartsPanel:
    panel = PartsPanel(bench.session, bench.language, bench.names)
    panel.picked.connect(commands.looking.show_part)
    panel.picked.connect(lambda _part: bench.session.attention.offer("part"))
    panel.detail.option_picked.connect(commands.mitigating.show_option)
    panel.detail.option_wished.connect(commands.mitigating.apply_option)
    return panel


TOOLS: tuple[Callable[[Workbench, Commands], Tool], ...] = (
    make,
    tables.make,
    picture.make,
    outlook.make,
    neighbourhood.make,
    who_sees.make,
    why_not_seen.make,
    mandate.make,
    candidates.make,
    declaring.unknown_use_tool,
    drawn_places.make,
    declaring.suspended_tool,
    versions.make,
    districts.districts_tool,
    districts.sharing_tool,
    siting.make,
    walk.measure_tool,
    walk.walk_tool,
    map_states.night_tool,
    map_states.plan_states_tool,
    meeting.make,
    print_layout.make,
    overpass.make,
    tour.help_tool,
    tour.tour_tool,
    map_states.counts_tool,
    bookmarks.bookmarks_tool,
    arranging.selecting_tool,
    bookmarks.search_tool,
    map_states.basemaps_tool,
    handles.make,
    arranging.arranging_tool,
    lens_calculator.make,
    lens_here.make,
)
