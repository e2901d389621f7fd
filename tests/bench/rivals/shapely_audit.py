"""The plain way to audit: shapely in a loop over cameras, as one writes it in a notebook; sight is given."""

import math
import time

import numpy as np
import shapely

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.sight import visibility_fields
from lhasaplan.workflow.answers import reference_data

from ..audit_city import city, read_size
from ..worker import serve

SAMPLE = 100
GRADES_PX_M = (25.0, 62.5, 125.0)
FACADE_M = 0.2


def prepare(folder):
    """Return a run over a sample of cameras; the fields of their views and the tree of homes are made before."""
    project = city(read_size(folder))
    setting = make_context(project, reference_data(open_services(), project), with_planned=False)
    step = max(1, len(setting.placed) // SAMPLE)
    sample = [(placed, visibility_fields(placed.views, setting.scene)) for placed in setting.placed[::step]]
    places = [place for place in setting.protected if place.cls is not ProtectedClass.USE_UNKNOWN]
    grounds = np.array([place.ground for place in places], object)
    tree = shapely.STRtree(grounds)

    def run():
        start = time.perf_counter()
        seen = [_audit(placed, fields, grounds, tree) for placed, fields in sample]
        loop_s = time.perf_counter() - start
        shapely.union_all(seen)
        return {"answers": len(sample), "loop_s": loop_s, "union_s": time.perf_counter() - start - loop_s}

    return run


def _audit(placed, fields, grounds, tree):
    """Return the ground that one camera sees, after grading every home in it by its nearest seen frontage."""
    seen = shapely.union_all([band for field in fields for _, band in field.bands])
    reach = shapely.buffer(seen, FACADE_M)
    lens = shapely.Point(placed.views[0].x_m, placed.views[0].y_m)
    focal_px = max(view.width_px / (2.0 * math.tan(math.radians(view.hfov_deg) / 2.0)) for view in placed.views)
    frontage = []
    for place in tree.query(reach, predicate="intersects").tolist():
        line = shapely.intersection(reach, shapely.boundary(grounds[place]))
        density = focal_px / max(shapely.distance(line, lens), 0.1)
        if line.length >= 1.0 and density >= GRADES_PX_M[0]:
            frontage.append((sum(density >= grade for grade in GRADES_PX_M), line))
    if frontage:
        worst = max(grade for grade, _ in frontage)
        shapely.line_merge(shapely.union_all([line for grade, line in frontage if grade == worst]))
    return seen


if __name__ == "__main__":
    serve(prepare)
