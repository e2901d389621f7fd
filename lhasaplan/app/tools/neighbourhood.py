"""The tool that shows the neighbourhood of a camera in space: houses as prisms, what is seen of ground and walls, each lens."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Switch, Tool, ToolCondition, Workbench
from lhasaplan.app.jobs import Report
from lhasaplan.app.map.neighbourhood import VIEW, LensMark, NeighbourhoodView, Standpoint, seen_ground
from lhasaplan.app.map.sight import Seen
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Sighting

if TYPE_CHECKING:
    from lhasaplan.core.picture.neighbourhood import Neighbourhood

KEY, LANE = "neighbourhood", "neighbourhood"
LEAST_PX_M = 1.6
BEING_BUILT = marked("The neighbourhood is being put together …")
NO_CITY = marked("Nothing is here to be shown in space. Import buildings first.")
CAPTION = marked(
    "Drag to turn and tilt, with Shift to move; turn the wheel to come nearer. The arrows, + and -, Home do the same. Esc closes."
)
HEIGHTS = marked("Buildings: {count}. Heights recorded: {recorded}; from storeys: {storeys}; assumed from the kind: {assumed}.")
CROWNS = marked("Trees drawn as simple crowns: {trees}; woods are left out.")
ROOFS = marked("Roofs drawn pitched, by their recorded shape and height: {pitched}; all others are flat.")
WALLS = marked("Walls are coloured from the lowest to the highest point in view.")
LEVEL = marked("No terrain is loaded: the ground is drawn level.")


class ShownNeighbourhood(QObject):
    """Builds what is shown in space around the selected camera or the middle of the map, and follows edits while it is open."""

    def __init__(self, bench: Workbench, commands: Commands) -> None:
        super().__init__()
        self._bench, self._middle = bench, (0.0, 0.0)
        self.view = NeighbourhoodView(bench.canvas)
        self.view.closed.connect(lambda: self.turn(False))
        self.view.camera_picked.connect(commands.looking.show_camera)
        session = bench.session
        session.selection_changed.connect(self._follow)
        for signal in (session.project_changed, bench.sight.sight_changed, session.shown.changed, bench.canvas.palette_changed):
            signal.connect(self._build)
        session.left.connect(lambda: self.turn(False))
        bench.language.changed.connect(self._write)
        bench.names.changed.connect(self._call_again)

    @property
    def is_open(self) -> bool:
        """Say whether the neighbourhood covers the map."""
        return not self.view.isHidden()

    def turn(self, on: bool) -> None:
        """Open it where the map is, or close it."""
        if on and not self.is_open:
            canvas = self._bench.canvas
            self._middle = self._bench.sight.middle()
            self.view.open(Standpoint(px_per_m=max(1.0 / canvas.viewport.metres_per_px, LEAST_PX_M)))
            self._follow()
        elif not on and self.is_open:
            self._bench.jobs.cancel(LANE)
            self.view.hide()
            self._bench.canvas.setFocus()
        self._bench.session.mode.changed.emit()

    def _follow(self) -> None:
        """Go to the selected camera."""
        camera = self._bench.session.selected
        if camera is not None:
            self._middle = camera.x_m, camera.y_m
        self._build()

    def _build(self) -> None:
        if not self.is_open:
            return
        live = self._bench.sight.live
        self._write()
        if live is not None:
            work = self._work()
            if work is not None:
                self._bench.jobs.start(LANE, work, self._take, self._bench.notices.tell_once, follow=True)

    def _work(self) -> "Callable[[Report], Neighbourhood] | None":
        bench, middle, live = self._bench, self._middle, self._bench.sight.live
        if live is None:
            return None
        town, visible = bench.context.picture_town(live.city), bench.canvas.visible
        seen, discloses_all = self._seen_near(middle), bench.session.project.has_opened
        sightings: list[Sighting] = []
        for each in seen if "protected_views" in visible else ():
            reported = bench.sight.answers_now(each.placed.camera, discloses_all=discloses_all)
            sightings += reported.sightings if reported is not None else ()

        def work(_report: Report) -> "Neighbourhood":
            from lhasaplan.core.exposure.sightings import walls_in_view
            from lhasaplan.core.picture.neighbourhood import neighbourhood

            sheets = seen_ground(seen, visible)
            walls = [(f"{VIEW}{grade or ''}", ends, heights) for one in sightings for grade, ends, heights in walls_in_view(one)]
            return neighbourhood(town, middle, sheets, walls, has_trees="trees" in visible)

        return work

    def _seen_near(self, middle: tuple[float, float]) -> list[Seen]:
        """Return what is seen by cameras that reach what is shown around a place."""
        return [
            seen
            for seen in self._bench.sight.sight.seen.values()
            if any(math.dist((view.x_m, view.y_m), middle) <= REACH_M + view.range_m for view in seen.placed.views)
        ]

    def _call_again(self) -> None:
        if self.view.town is not None:
            self._take(self.view.town)

    def _take(self, town: "Neighbourhood") -> None:
        if not self.is_open:
            return
        bench = self._bench
        x_m, y_m, z_m = town.middle_m
        marks = []
        for seen in bench.sight.sight.seen.values():
            views, camera = seen.placed.views, seen.placed.camera
            if not views or camera.status is Status.REMOVED:
                continue
            lens = (views[0].x_m - x_m, views[0].y_m - y_m, views[0].lens_z_m - z_m)
            if max(abs(lens[0]), abs(lens[1])) > REACH_M:
                continue
            ground = views[0].lens_z_m - z_m - (camera.mount_height_m or ASSUMED_M)
            bearing = views[0].azimuth_deg if camera.azimuth_deg is not None else None
            colours = bench.canvas.palette_now
            ink = colours.planned if camera.status is Status.PLANNED else colours.camera
            marks.append(LensMark(camera.camera_id, bench.names.camera(camera.camera_id), lens, ground, bearing, ink))
        self.view.show_town(town, marks, bench.session.selected_id, bench.canvas.palette_now)
        self._write()

    def _write(self) -> None:
        say, town = self._bench.language, self.view.town
        if town is None:
            self.view.say(say(CAPTION), reason=say(BEING_BUILT if self._bench.session.project.crs else NO_CITY))
            return
        recorded = town.buildings - town.assumed - town.storeys
        figures = {"count": town.buildings, "recorded": recorded, "storeys": town.storeys, "assumed": town.assumed}
        told = [say(HEIGHTS, **figures)]
        told += [say(CROWNS, trees=town.trees)] if town.trees else []
        told += [say(ROOFS, pitched=town.pitched)] if town.pitched else []
        told += [say(WALLS), *([say(LEVEL)] if town.is_level else [])]
        self.view.say(say(CAPTION), " ".join(told))


REACH_M, ASSUMED_M = 300.0, 4.0


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    shown = ShownNeighbourhood(bench, commands)
    has_city = ToolCondition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    switch = Switch(shown.turn, lambda: shown.is_open, bench.session.mode.changed)
    entry = Entry(KEY, marked("Neighbourhood in &3D"), switch, "Ctrl+3", has_city)
    return Tool(KEY, entries=((marked("&View"), entry),), commands=shown)
