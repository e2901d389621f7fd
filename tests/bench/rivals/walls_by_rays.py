"""The dense rays in a duel: some of the cameras of a load."""

from ..wall_load import read_load
from ..worker import serve
from .wall_rays import by_class, look

SAMPLE = 100


def prepare(folder):
    """Return a run over some cameras; the trees of walls and buildings are made before and not timed."""
    from ..accuracy.walls import lens_in

    town, cameras = read_load(folder)
    step = max(1, len(cameras) // SAMPLE)
    lenses = [lens_in(town, placed) for placed in town.placed(cameras[::step])]

    def run():
        for lens in lenses:
            by_class(look(lens, town.facades, town.prisms), town.facades)
        return {"cameras": len(lenses)}

    return run


if __name__ == "__main__":
    serve(prepare)
