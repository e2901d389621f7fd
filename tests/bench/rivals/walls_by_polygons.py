"""The exact polygons on the plane of each wall in a duel: some of the cameras of a load."""

from ..wall_load import read_load
from ..worker import serve
from .exact_walls import density_px_m, frontage_m, seen_walls

SAMPLE = 25


def prepare(folder):
    """Return a run over some cameras; the trees of walls and buildings are made before and not timed."""
    from ..accuracy.walls import lens_in

    town, cameras = read_load(folder)
    step = max(1, len(cameras) // SAMPLE)
    lenses = [lens_in(town, placed) for placed in town.placed(cameras[::step])]

    def run():
        for lens in lenses:
            for row, seen in seen_walls(lens, town.facades, town.prisms):
                frontage_m(seen), density_px_m(lens, town.facades.ends_m[row], seen)
        return {"cameras": len(lenses)}

    return run


if __name__ == "__main__":
    serve(prepare)
