"""Ours in the duel of pictures: what every pixel meets first, or the finished picture."""

from dataclasses import replace

from lhasaplan.bootstrap import open_services
from lhasaplan.core.context.audit_context import set_up
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.picture.camera_picture import Look, camera_picture
from lhasaplan.core.picture.picture_town import PictureTown
from lhasaplan.core.project.project import Project
from lhasaplan.core.sight import make_scene
from lhasaplan.core.sight.lines.first_hits import picture_hits
from lhasaplan.core.sight.lines.meeting import fine_fan, quick_fan
from lhasaplan.core.site.terrain import Terrain
from lhasaplan.workflow.answers import reference_data

from ..town import CRS
from ..worker import serve
from ..workload import load
from .face import relief_in
from .views import views_of

SIZE, REACH_M = (640, 360), 600.0


def prepare(folder):
    """Return a run over all cameras; the town is made before and not timed, rays are made anew for each."""
    town, lenses, _, settings = load(folder)
    views, buildings = views_of(lenses), town.buildings()
    if not settings.get("whole"):
        scene = make_scene(buildings)
        return lambda: {"answers": len([_depth(view, scene) for view in views])}
    project = _project(buildings)
    known, relief = reference_data(open_services(), project), relief_in(folder)
    place = PictureTown(set_up(project, known if relief is None else replace(known, terrain=Terrain(relief))))
    return lambda: {"answers": len([_picture(view, place) for view in views])}


def _forget_fans():
    quick_fan.cache_clear()
    fine_fan.cache_clear()


def _depth(view, scene):
    _forget_fans()
    return picture_hits(view, SIZE, scene, REACH_M)


def _picture(view, place):
    _forget_fans()
    return camera_picture(view, place, Look(SIZE[0]))


def _project(buildings):
    tags = tuple({"building": "retail", "height": f"{top:.1f}"} for top in buildings.top_m.tolist())
    return Project("bench", CRS, layers={"buildings": Layer("buildings", buildings.ids, buildings.polygons, tags)})


if __name__ == "__main__":
    serve(prepare)
