"""Put the window's parts together: state, work, map, commands and tools, each given what it needs."""

from dataclasses import dataclass

from lhasaplan.app.commands.commands import Commands, make_commands
from lhasaplan.app.commands.notices import Notices
from lhasaplan.app.commands.tool import Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.dialogs.dialogs import Dialogs
from lhasaplan.app.jobs.city import City
from lhasaplan.app.jobs.engine import AppContext
from lhasaplan.app.jobs.jobs import Jobs
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.jobs.map_follower import MapFollower, ShownProposals
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.jobs.placing import GateKeeper, Snapper
from lhasaplan.app.jobs.spots import SpotQuestions
from lhasaplan.app.look.language import Language
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.style import SHOWN_AT_FIRST
from lhasaplan.app.shell.tools import TOOLS
from lhasaplan.app.state.bookmarks import Bookmarks
from lhasaplan.app.state.session import Session


@dataclass(frozen=True, eq=False, slots=True)
class Assembly:
    """A workbench with all that stands on it."""

    bench: Workbench
    commands: Commands
    tools: tuple[Tool, ...]
    gate: GateKeeper


def assemble(engine: AppContext, canvas: MapCanvas, today: str, language: Language, dialogs: Dialogs) -> Assembly:
    """Return the parts of a window round its map."""
    bench = make_workbench(engine, language, today, dialogs, canvas)
    gate = GateKeeper(bench.session, engine, bench.jobs, bench.sight)
    commands = make_commands(bench)
    return Assembly(bench, commands, tuple(make(bench, commands) for make in TOOLS), gate)


def make_workbench(
    engine: AppContext, language: Language, today: str, dialogs: Dialogs, canvas: MapCanvas | None = None
) -> Workbench:
    """Return a workbench: whoever holds it needs no window; the map is made here where there is none yet."""
    session, jobs, canvas = Session(today, SHOWN_AT_FIRST), Jobs(), canvas if canvas is not None else MapCanvas(language)
    session.history.lost_by_undo = engine.lost_by_undo
    city, sight = City(session, engine, jobs), LiveSight(session, engine, jobs)
    follower = MapFollower(session, canvas, city, sight, jobs)
    spots = SpotQuestions(session, engine, jobs, sight, canvas)
    proposals = ShownProposals(session, jobs, canvas, city, sight)
    dialogs.preferences = session.preferences
    dialogs.list_layers = lambda path, show: jobs.start("list", lambda _report: engine.layers_in(path), show, lambda _error: None)
    dialogs.template_faults = lambda paths: engine.template_faults(paths)  # noqa: PLW0108 - asked when it is needed
    notices = Notices(session, dialogs, language, jobs)
    city.walls_up.connect(sight.take_walls)
    city.set_up.connect(sight.take_city)
    canvas.viewport_changed.connect(sight.rest)
    sight.middle = lambda: canvas.view_now[:2]
    city.known = lambda: sight.live
    for work in (city, follower, spots, proposals):
        work.failed.connect(notices.tell_once)
    bookmarks, snapper = Bookmarks(session, session), Snapper(session, engine, jobs, canvas, city, sight)
    shown, names = (canvas, city, sight, follower, spots, proposals), Names(session, engine, jobs, language)
    canvas.called = names.camera
    return Workbench(session, engine, jobs, language, dialogs, notices, *shown, bookmarks, snapper, names)
