"""Ours in a duel of single cameras: their polygons, or their whole fields."""

from ..worker import serve
from ..workload import load
from .face import fields, polygons, scene_of
from .views import views_of


def prepare(folder):
    """Return a run over all cameras; the scene is made before and not timed."""
    town, lenses, _, settings = load(folder)
    views, scene = views_of(lenses), scene_of(town.buildings(), folder)
    answer = fields if settings.get("whole") else polygons
    return lambda: {"answers": len(answer(views, scene))}


if __name__ == "__main__":
    serve(prepare)
