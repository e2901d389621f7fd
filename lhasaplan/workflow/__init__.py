"""The use cases: a project in, a project or an answer out; no user interface, no file formats.

Names are imported when first used: opening a project must not wait for the sight engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lhasaplan.workflow.answers import Candidates as Candidates
    from lhasaplan.workflow.answers import areas_by_name as areas_by_name
    from lhasaplan.workflow.answers import asks_for_coarse as asks_for_coarse
    from lhasaplan.workflow.answers import audit as audit
    from lhasaplan.workflow.answers import candidates as candidates
    from lhasaplan.workflow.answers import check as check
    from lhasaplan.workflow.answers import export as export
    from lhasaplan.workflow.answers import knowledge as knowledge
    from lhasaplan.workflow.answers import require_open_gate as require_open_gate
    from lhasaplan.workflow.answers import who_sees_spot as who_sees_spot
    from lhasaplan.workflow.closing import close_places as close_places
    from lhasaplan.workflow.closing import open_places as open_places
    from lhasaplan.workflow.closing import remarks_on_drawn as remarks_on_drawn
    from lhasaplan.workflow.closing import remarks_on_outputs as remarks_on_outputs
    from lhasaplan.workflow.count_grid import Counted as Counted
    from lhasaplan.workflow.count_grid import write_count_grid as write_count_grid
    from lhasaplan.workflow.decisions import Selection as Selection
    from lhasaplan.workflow.decisions import confirm as confirm
    from lhasaplan.workflow.decisions import declare as declare
    from lhasaplan.workflow.decisions import excuse as excuse
    from lhasaplan.workflow.decisions import remarks_on_mandate as remarks_on_mandate
    from lhasaplan.workflow.decisions import select_candidates as select_candidates
    from lhasaplan.workflow.decisions import set_mandate as set_mandate
    from lhasaplan.workflow.drafting import shown as shown
    from lhasaplan.workflow.drafting import written as written
    from lhasaplan.workflow.imports import ImportReport as ImportReport
    from lhasaplan.workflow.imports import import_file as import_file
    from lhasaplan.workflow.listing import Listed as Listed
    from lhasaplan.workflow.listing import Listing as Listing
    from lhasaplan.workflow.listing import list_candidates as list_candidates
    from lhasaplan.workflow.listing import with_decisions as with_decisions
    from lhasaplan.workflow.pairs import demand_points as demand_points
    from lhasaplan.workflow.pairs import sight_pairs as sight_pairs
    from lhasaplan.workflow.projects import has_results as has_results
    from lhasaplan.workflow.projects import load as load
    from lhasaplan.workflow.projects import new_project as new_project
    from lhasaplan.workflow.projects import save as save
    from lhasaplan.workflow.samples import Demo as Demo
    from lhasaplan.workflow.samples import demo as demo
    from lhasaplan.workflow.samples import open_sample as open_sample

_MODULES = {
    "answers": "Candidates asks_for_coarse audit candidates check export areas_by_name knowledge require_open_gate who_sees_spot",
    "closing": "close_places open_places remarks_on_drawn remarks_on_outputs",
    "count_grid": "Counted write_count_grid",
    "decisions": "Selection confirm declare excuse remarks_on_mandate select_candidates set_mandate",
    "drafting": "shown written",
    "imports": "ImportReport import_file",
    "listing": "Listed Listing list_candidates with_decisions",
    "projects": "has_results load new_project save",
    "samples": "Demo demo open_sample",
    "pairs": "demand_points sight_pairs",
}
_HOME = {name: module for module, names in _MODULES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """Return a use case from its module."""
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
