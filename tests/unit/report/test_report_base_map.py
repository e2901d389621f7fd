"""What the quiet ground of a map may show: what anybody's map shows, and nothing that a user drew for the program alone."""

import numpy as np
import pytest
import shapely

from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.project import Project
from lhasaplan.report.maps.base_map import BaseMap

STREET, WAY = shapely.LineString([(0, 0), (50, 0)]), shapely.LineString([(0, 10), (50, 10)])


@pytest.mark.parametrize(
    "drawn", [{"lhasaplan": "processional_way"}, {"kind": "processional_way"}, {"amenity": "processional_way"}]
)
def test_that_a_pilgrims_way_among_the_streets_is_on_no_map(drawn):
    geometry = np.array([STREET, WAY, None], object)
    tags = ({"highway": "residential", "kind": "x"}, {"highway": "road", **drawn}, {"highway": "road"})
    roads = Layer("roads", np.array(["way/1", "user/1", "user/2"], object), geometry, tags)
    shown = BaseMap(Project(layers={"roads": roads})).inside("roads", (-100, -100, 100, 100))
    assert shown.tolist() == [STREET]
