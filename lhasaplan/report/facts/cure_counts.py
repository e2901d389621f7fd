"""What would end the views onto protected places: how many views each cure is the first for, and where else it was tried out."""

from collections import Counter
from collections.abc import Iterable

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import Assessment, Sighting
from lhasaplan.core.results.finding import CureAction
from lhasaplan.report.facts.alternatives import named_cures, tried_cures
from lhasaplan.report.facts.short_answer import all_grave_views
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Grid

Counts = Counter[CureAction]


def cure_grid(assessment: Assessment, wording: Wording) -> Grid:
    """Return one row per cure in the order of the rules: views that it would end, certain and grave apart from the rest."""
    grave = all_grave_views(assessment)
    ids = set(map(id, grave))
    others = [one for result in assessment.cameras for one in result.sightings if id(one) not in ids]
    columns = (
        first_cures(grave),
        Counter(action for one in grave for action in {cure.action for cure in tried_cures(one.cure)}),
        Counter(action for one in grave for action in {cure.action for cure in named_cures(one.cure)}),
        first_cures(others),
    )
    headings = (
        wording(marked("Cure")),
        wording(marked("first cure of certain views that are due or error")),
        wording(marked("would also end such views, tried out")),
        wording(marked("may also end such views, only named")),
        wording(marked("first cure of notes and possible views")),
    )
    rows = tuple(
        (wording(words.CURES[action]), *(str(counts[action]) for counts in columns))
        for action in CureAction
        if any(counts[action] for counts in columns)
    )
    return Grid(headings, rows, (2.6, 1.6, 1.6, 1.6, 1.6), numeric=frozenset(range(1, 5)))


def first_cures(views: Iterable[Sighting]) -> Counts:
    """Return of how many views each cure is the first."""
    return Counter(one.cure.action for one in views if one.cure is not None)
