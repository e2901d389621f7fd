"""Ours in a duel of single cameras: their polygons, their whole fields, or these cut into bands."""

from ..worker import serve
from ..workload import load
from .face import banded, fields, polygons, scene_of
from .views import views_of


def prepare(folder):
    """Return a run over all cameras; the scene is made before and not timed."""
    town, lenses, _, settings = load(folder)
    views, scene = views_of(lenses), scene_of(town.buildings(), folder)
    answer = banded if settings.get("bands") else fields if settings.get("whole") else polygons
    return lambda: {"answers": len(answer(views, scene))}


if __name__ == "__main__":
    serve(prepare)
