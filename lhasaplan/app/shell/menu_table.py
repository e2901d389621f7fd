"""The menus as a table: which entries there are, what they are called, what they do, and their keys."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from PySide6.QtWidgets import QMenu, QWidget

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.placing import PLACE
from lhasaplan.app.commands.workbench import Entry, SpotEntry, Switch, Tool, ToolCondition, Workbench
from lhasaplan.core.base.translations import marked

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
GROUPS = (
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
    added = [(VIEW, _legend(bench)), *(pair for tool in tools for pair in tool.entries)]
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
    for group in (*GROUPS, tuple(left)):
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


def _legend(bench: Workbench) -> Entry:
    canvas = bench.canvas
    return Entry("legend", marked("L&egend"), Switch(canvas.show_legend, lambda: canvas.shows_legend, canvas.legend_switched))


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
