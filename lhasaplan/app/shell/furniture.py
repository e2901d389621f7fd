"""What stands round the map: menus, toolbar, panels, status line, the card of an empty window, the strip of notices."""

from dataclasses import dataclass

from PySide6.QtWidgets import QMainWindow

from lhasaplan.app.dialogs.dialogs import Dialogs
from lhasaplan.app.jobs.engine import Engine
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.schemes import Scheme
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.panels.notice_strip import NoticeStrip
from lhasaplan.app.panels.start import StartCard
from lhasaplan.app.shell.assembly import Assembly, assemble
from lhasaplan.app.shell.bare_window import BareWindow
from lhasaplan.app.shell.docks import Docks
from lhasaplan.app.shell.menu_table import menus_of
from lhasaplan.app.shell.menus import Menus
from lhasaplan.app.shell.panel_keys import PanelKeys
from lhasaplan.app.shell.status_line import StatusLine
from lhasaplan.app.shell.toolbar import Toolbar
from lhasaplan.app.shell.undo_keys import UndoKeys


@dataclass(frozen=True, eq=False, slots=True)
class Furniture:
    """The parts of a window besides its map."""

    assembly: Assembly
    menus: Menus
    docks: Docks
    toolbar: Toolbar
    status: StatusLine
    start: StartCard
    strip: NoticeStrip
    panel_keys: PanelKeys
    undo_keys: UndoKeys
    bare: BareWindow


def furnish(  # noqa: PLR0917 - a window and its map, what it works with, and how it looks
    window: QMainWindow,
    canvas: MapCanvas,
    engine: Engine,
    language: Language,
    today: str,
    scheme: Scheme,
    dialogs: Dialogs | None,
) -> Furniture:
    """Make the parts and put them round the map of a window."""
    assembly = assemble(engine, canvas, today, language, dialogs or Dialogs(window, language))
    bench, commands = assembly.bench, assembly.commands
    menus = Menus(window, language, menus_of(bench, commands, assembly.tools))
    status = StatusLine(bench)
    window.setStatusBar(status)
    panels = (panel for tool in assembly.tools for panel in tool.panels)
    docks = Docks(window, language, bench.session.attention, panels)
    panel_keys = PanelKeys(canvas, docks)
    menus.add_panels(docks, panel_keys)
    menus.add_languages()
    menus.add_schemes(scheme)
    menus.add_recent(bench.session.recent, commands.opening.reopen)
    commands.helping.menu_keys = menus.keys
    toolbar = Toolbar(language, menus.by_key)
    window.addToolBar(toolbar)
    start = StartCard(canvas, bench.session, language, {key: action.trigger for key, action in menus.by_key.items()})
    start.recent_wished.connect(commands.opening.reopen)
    strip = NoticeStrip(canvas, bench.session, language)
    strip.room_taken.connect(start.stand_below)
    panel_keys.over = (strip, start)
    return Furniture(assembly, menus, docks, toolbar, status, start, strip, panel_keys, UndoKeys(window), BareWindow(window))
