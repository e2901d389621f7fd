"""The plain way to ask streets: shapely, a line from every camera in range to every place, past every footprint near it."""

import numpy as np

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.along_lines import densities_on, pieces_of
from lhasaplan.core.exposure.streets_in_view import STREET_STEP_M, ways_of
from lhasaplan.core.exposure.who_sees import spot_scenes
from lhasaplan.workflow.answers import reference_data

from ...slow_sight import densities_by_lines
from ..audit_city import read_size, street_city
from ..worker import serve

SAMPLE = 200
LEAST_PX_M = 25.0


def prepare(folder):
    """Return a run over a sample of places; how many of them ours answers otherwise is reported with it."""
    project = street_city(read_size(folder))
    context = make_context(project, reference_data(open_services(), project), with_planned=False)
    places = pieces_of(ways_of(project.layers["roads"]).lines, STREET_STEP_M).xy_m
    some = places[np.linspace(0, len(places) - 1, SAMPLE).astype(int)]
    heads, scene, views = np.column_stack((some, np.full(len(some), 1.5))), spot_scenes(context).guarded, context.view_table.views
    ours = densities_on(context, some).toarray().max(axis=1)

    def run():
        seen = densities_by_lines(views, heads, scene).toarray()
        best = np.where(seen >= LEAST_PX_M, seen, 0.0).max(axis=1)
        return {"answers": len(some), "all": len(places), "apart": int((np.abs(best - ours) > 1e-6 * best).sum())}

    return run


if __name__ == "__main__":
    serve(prepare)
