"""The tool that works out lenses: sensor, focal length, angle, density at a distance, blind zone."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Panel, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.lens_calculator.panel import CalculatorPanel, Question, taken_from, values_for
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Status

KEY = "lens_calculator"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, panel = bench.session, CalculatorPanel(bench.language)

    def follow() -> None:
        """Enable the buttons while a camera that stands is selected."""
        camera = session.selected
        panel.enable_for(camera is not None and camera.status is not Status.REMOVED)

    def take() -> None:
        """Ask about the selected camera."""
        camera = session.selected
        if camera is not None:
            panel.show_question(taken_from(camera, bench.engine.usual_of(camera), panel.question))

    def give(question: Question) -> None:
        """Give the lens to the selected camera, in one step."""
        camera = session.selected
        fault = commands.editing.correct(values_for(camera, question)) if camera is not None else None
        panel.refuse(bench.language.fault(fault) if fault is not None else "")

    for signal in (session.selection_changed, session.project_changed):
        signal.connect(follow)
    panel.take_wished.connect(take)
    panel.give_wished.connect(give)
    follow()
    entry = Entry(KEY, marked("&Lens calculator"), lambda: session.attention.bring(KEY))
    dock = Panel(KEY, marked("Lens calculator"), panel, behind="selected", stays=True)
    return Tool(KEY, panels=(dock,), entries=((marked("&Edit"), entry),))
