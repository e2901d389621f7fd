"""Real QGIS opens the tables of a project that an office shares, and what is edited there has a name."""

from pathlib import Path

from project_values import small_town
from qgis_here import in_qgis, needs_qgis

from lhasaplan.store.opening import Stores

SCRIPT = Path(__file__).with_name("edit_in_qgis.py")


@needs_qgis
def test_that_qgis_shows_the_cameras_in_their_system_and_an_edit_there_is_told_by_its_account(postgis):
    address = postgis.fresh()
    store = Stores().open(address)
    store.save(small_town())
    project = store.load()
    camera = project.cameras[0].camera_id
    reported = in_qgis(SCRIPT, postgis.folder, store.name, camera, 77)
    assert reported == {"valid": True, "count": len(project.cameras), "crs": "EPSG:32635", "type": 1, "kept": True}
    (news,) = store.news()
    assert (news.params["table"], news.params["keys"]) == ("cameras", camera)
    assert news.params["who"].startswith("office (")
    assert store.load().cameras[0].azimuth_deg == 77.0
