"""The tools of the window, a line each; the order is that of tabs and menus."""

from collections.abc import Callable

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.shell import standing_panels
from lhasaplan.app.tools import (
    arranging,
    bookmarks,
    candidates,
    counts,
    districts,
    drawn_places,
    handles,
    help_pages,
    lens_calculator,
    measure,
    meeting,
    night,
    outlook,
    picture,
    print_layout,
    search,
    selecting,
    sharing,
    siting,
    suspended,
    tables,
    tour,
    underlays,
    unknown_use,
    versions,
    who_sees,
    why_not_seen,
)

TOOLS: tuple[Callable[[Workbench, Commands], Tool], ...] = (
    standing_panels.make,
    tables.make,
    picture.make,
    outlook.make,
    who_sees.make,
    why_not_seen.make,
    candidates.make,
    unknown_use.make,
    drawn_places.make,
    suspended.make,
    versions.make,
    districts.make,
    sharing.make,
    siting.make,
    measure.make,
    night.make,
    meeting.make,
    print_layout.make,
    help_pages.make,
    tour.make,
    counts.make,
    bookmarks.make,
    selecting.make,
    search.make,
    underlays.make,
    handles.make,
    arranging.make,
    lens_calculator.make,
)
