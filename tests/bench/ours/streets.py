"""Ours saying of every street how much of it cameras can see."""

from lhasaplan.bootstrap import open_services
from lhasaplan.compute import open_sight
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.streets_in_view import streets_in_view
from lhasaplan.workflow.answers import reference_data

from ..audit_city import read_size, street_city
from ..worker import serve


def prepare(folder):
    """Return a run over all streets; the city is set up before and not timed."""
    project = street_city(read_size(folder))
    known = reference_data(open_services(), project)

    def run():
        with open_sight() as sight:
            found = streets_in_view(make_context(project, known, with_planned=False, sight=sight, known=context))
        return {"km": found.whole.length_m / 1e3, "answers": len(found.streets)}

    context = make_context(project, known, with_planned=False)
    return run


if __name__ == "__main__":
    serve(prepare)
