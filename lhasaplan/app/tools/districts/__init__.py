"""The tool of districts: draft the plan of one, take districts back into the city's, and lay another plan beside this one."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.districts.commands import Districts
from lhasaplan.core.base.wording import marked

KEY = "districts"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, districts = bench.session, Districts(bench, commands.beside)
    changed = (session.project_changed,)
    is_city = Condition(lambda: bool(session.project.crs) and session.project.district is None, changed)
    is_district = Condition(lambda: session.project.district is not None, changed)
    has_city = Condition(lambda: bool(session.project.crs), changed)
    file, analysis = marked("&File"), marked("&Analysis")
    return Tool(
        KEY,
        entries=(
            (file, Entry("draft_district", marked("Draft the plan of a &district…"), districts.draft, condition=is_city)),
            (file, Entry("merge_districts", marked("&Take districts back…"), districts.merge, condition=is_city)),
            (analysis, Entry("compare_project", marked("Compare with another pro&ject…"), districts.compare, condition=has_city)),
            (
                analysis,
                Entry("compare_city", marked("Compare with the &city's plan"), districts.beside_city, condition=is_district),
            ),
        ),
        commands=districts,
    )
