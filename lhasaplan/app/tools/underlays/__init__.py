"""The tool that lays background maps from files under the map."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.underlays.commands import Underlaying
from lhasaplan.core.base.wording import marked

VIEW = marked("&View")


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    laying = Underlaying(bench)
    has_ground = Condition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    has_some = Condition(laying.has_some, (laying.changed,))
    return Tool(
        "underlays",
        entries=(
            (VIEW, Entry("underlay", marked("Background map from a &file…"), laying.add_file, condition=has_ground)),
            (
                VIEW,
                Entry(
                    "underlay_folder", marked("Background map from a &folder of tiles…"), laying.add_folder, condition=has_ground
                ),
            ),
            (VIEW, Entry("no_underlay", marked("Take background maps &away"), laying.clear, condition=has_some)),
        ),
        commands=laying,
    )
