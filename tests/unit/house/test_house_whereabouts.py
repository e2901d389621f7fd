"""Nobody confirms a number: cells and candidates are told by street and place, and one reason stands for like places alone."""

from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from lhasaplan.core.audit.output_notes import _declared
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.gate.planning_ground import beyond_data_m2, cell_box, cell_text
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.place import Part, Required
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.errors import InputError
from lhasaplan.workflow.decisions import _require_alike

UTM = Crs("EPSG:32635")


def roads(*rows):
    shapes = np.array([*(shape for shape, _ in rows), None], object)[:-1]
    ids = np.array([f"way/{n}" for n in range(len(rows))], object)
    return Layer("roads", ids, shapes, tuple(tags for _, tags in rows))


MAIN = (shapely.LineString([(385000, 6672300), (386000, 6672300)]), {"highway": "residential", "name": "Bulevardi"})
PATH = (shapely.LineString([(385000, 6672250), (386000, 6672250)]), {"highway": "footway", "name": "Cathedral steps"})


def test_that_a_cell_is_told_by_its_middle_and_the_street_nearest_to_it():
    # Cell (771, 13344) reaches from (385500, 6672000) to (386000, 6672500); its middle is (385750, 6672250).
    lon, lat = UTM.to_lonlat(np.array([385750.0]), np.array([6672250.0]))
    text = cell_text("cell:771:13344", NearestStreet(roads(PATH, MAIN), UTM))
    assert text == f"cell:771:13344 ({lon[0]:.5f}, {lat[0]:.5f}, Bulevardi)"
    assert cell_box("cell:771:13344").bounds == (385500.0, 6672000.0, 386000.0, 6672500.0)


def test_that_what_is_no_cell_stays_as_it_is():
    assert cell_text("cell:x", NearestStreet(None, UTM)) == "cell:x"


def test_that_a_path_lends_no_name_and_a_street_far_away_neither():
    at = NearestStreet(roads(PATH), UTM)
    assert at.street(shapely.Point(385500, 6672251)) == ""
    assert NearestStreet(roads(MAIN), UTM).street(shapely.Point(385500, 6673000)) == ""


def declared(fact, *subjects, by="A. Clerk"):
    return tuple(Declaration(each, fact, by, "2026-05-01") for each in subjects)


def notes(*declarations):
    project = SimpleNamespace(declarations=declarations, layers={"roads": roads(MAIN)})
    return list(_declared(SimpleNamespace(project=project, crs=UTM)))


def test_that_cells_declared_without_buildings_stand_in_the_notes_with_who_when_and_which():
    ((sentence, params),) = notes(*declared("no_buildings", "cell:771:13344", "cell:772:13344"))
    assert sentence == NOTES["declared_cells"]
    assert (params["by"], params["date"], params["count"]) == ("A. Clerk", "2026-05-01", 2)
    assert params["cells"].count("Bulevardi") == 1  # the middle of the second lies 255 m from its end


def test_that_declared_buildings_stand_there_by_their_number_alone():
    reported = notes(*declared("dwelling", "way/1", "way/2"), *declared("not_dwelling", "way/3"))
    assert [sentence for sentence, _ in reported] == [NOTES["declared_dwellings"], NOTES["declared_no_dwellings"]]
    assert "way/" not in str([params for _, params in reported])


def test_that_what_nobody_stands_for_is_not_told():
    assert notes(*declared("no_buildings", "cell:771:13344", by="unknown")) == []


def candidate(number, **more):
    given = {"category": "junction", "kind": "junction_ground", "required": Required(25.0), **more}
    return Part(f"p{number}", f"p{number}", "", "duties", shape="area", geometry=shapely.box(0, 0, 1, 1), **given)


def test_that_one_reason_stands_for_like_places_and_for_no_others():
    _require_alike([candidate(1), candidate(2)])
    for other in ({"category": "stop"}, {"kind": "crossing"}, {"required": Required(62.5)}):
        with pytest.raises(InputError, match="of different kinds"):
            _require_alike([candidate(1), candidate(2, **other)])


def test_that_a_plan_area_past_the_edge_of_the_data_is_measured():
    layers = {"roads": roads(*((shapely.LineString([(0, y), (1000, y)]), {"highway": "residential"}) for y in (0, 1000)))}
    assert beyond_data_m2(shapely.box(100, 100, 900, 900), layers) == 0.0
    assert beyond_data_m2(shapely.box(500, 100, 1501, 600), layers) == pytest.approx(500 * 500)
