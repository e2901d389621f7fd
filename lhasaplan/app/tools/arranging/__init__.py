"""The tool that lays out several cameras: copies, mirrors, alignment, rows along a street."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Panel, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.arranging.commands import Arranging
from lhasaplan.app.tools.arranging.panel import ArrangingPanel
from lhasaplan.app.tools.arranging.preview import Preview
from lhasaplan.core.base.wording import marked

KEY = "arranging"
EDIT = marked("&Edit")


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, arranging, panel = bench.session, Arranging(bench, commands.placing), ArrangingPanel(bench.language)
    preview = Preview(bench, arranging.copy, arranging.paste)
    bench.canvas.add_guest(preview)
    in_front = {"is": False}

    def follow(*_news: object) -> None:
        """Keep buttons and preview up to what is selected, copied and allowed."""
        row = arranging.row(panel.row) if in_front["is"] else ()
        preview.show(row)
        panel.enable_for(len(arranging.chosen), len(arranging.copied), session.may_plan, len(row))

    def see(key: str, is_seen: bool) -> None:
        """Draw the row only while the panel lies in front."""
        if key == KEY:
            in_front["is"] = is_seen
            follow()

    acts = {key: getattr(arranging, key) for key in panel.buttons} | {"row": lambda: arranging.add_row(panel.row)}
    panel.acted.connect(lambda key: acts[key]())
    signals = (session.selection_changed, session.project_changed, session.gate_changed, session.assessment_changed)
    for signal in (*signals, arranging.changed, panel.row_changed, bench.language.changed):
        signal.connect(follow)
    session.attention.panel_seen.connect(see)
    follow()
    some = Condition(lambda: arranging.has(1), (session.selection_changed, session.project_changed))
    kept = Condition(lambda: bool(arranging.copied), (arranging.changed,))
    entries = (
        (EDIT, Entry("copy_cameras", marked("&Copy cameras"), arranging.copy, condition=some)),
        (EDIT, Entry("paste_cameras", marked("Pa&ste cameras as plans"), arranging.paste, condition=kept)),
        (EDIT, Entry("arrange_cameras", marked("A&rrange cameras"), lambda: session.attention.bring(KEY))),
    )
    dock = Panel(KEY, marked("Arrange"), panel, behind="camera", stays=True)
    return Tool(KEY, panels=(dock,), entries=entries, commands=arranging)
