"""Session, engine, jobs, map and dialogs in one value: what commands, tools and panels work with, without the window itself."""

from dataclasses import dataclass

from lhasaplan.app.commands.notices import Notices
from lhasaplan.app.dialogs.dialogs import Dialogs
from lhasaplan.app.jobs.city import City, SpotQuestions
from lhasaplan.app.jobs.engine import AppContext
from lhasaplan.app.jobs.jobs import Jobs
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.jobs.map_updater import MapUpdater, ShownProposals
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.jobs.placing import Snapper
from lhasaplan.app.look.language import Language
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.state.bookmarks import Bookmarks
from lhasaplan.app.state.session import Session


@dataclass(frozen=True, eq=False, slots=True)
class Workbench:
    """State, engine, boxes, the map, and the work that goes on beside the window."""

    session: Session
    engine: AppContext
    jobs: Jobs
    language: Language
    dialogs: Dialogs
    notices: Notices
    canvas: MapCanvas
    city: City
    sight: LiveSight
    map: MapUpdater
    spots: SpotQuestions
    proposals: ShownProposals
    bookmarks: Bookmarks
    snapper: Snapper
    names: Names
