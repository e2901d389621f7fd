"""The panels that every job needs, and the tools of the window, a line each; the order is that of tabs and menus."""

from collections.abc import Callable

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.workbench import Panel, Side, Tool, Workbench
from lhasaplan.app.map.decorations import swatches_of
from lhasaplan.app.map.plausible import remarks_on
from lhasaplan.app.map.style import GROUPS
from lhasaplan.app.panels.camera import CameraPanel
from lhasaplan.app.panels.findings import FindingsPanel
from lhasaplan.app.panels.layers import LayersPanel
from lhasaplan.app.panels.parts import PartsPanel
from lhasaplan.app.panels.selected import SelectedPanel
from lhasaplan.app.panels.summary import SummaryPanel
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
    links = bench.engine.services.content.load_camera_links()
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
        seen, usual = sight.seen_now(camera), bench.engine.usual_of(camera)
        moved_m = seen.placed.moved_m if seen is not None else 0.0
        unusual = remarks_on(camera, usual, session.project.layers, bench.engine.unusual, moved_m)
        panel.set_remarks((*(fault.faults if fault is not None else ()), *unusual))

    sight.sight_changed.connect(tell)
    session.selection_changed.connect(tell)
    for signal in (session.selection_changed, session.project_changed, sight.sight_changed):
        signal.connect(remark)
    panel.remove_wished.connect(commands.editing.remove)
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
