"""Ours in a duel about walls: what of protected walls and ground every camera of a load can see, and how sharply."""

from lhasaplan.core.context.audit_context import set_in
from lhasaplan.core.exposure.grading import read_places, walls_within_reach
from lhasaplan.core.exposure.seen_walls import look_at_walls

from ..wall_load import read_load
from ..worker import serve


def prepare(folder):
    """Return a run over all cameras; the town and the places of its cameras are made before and not timed."""
    town, cameras = read_load(folder)
    context = set_in(town.context, cameras)

    def run():
        walls = walls_within_reach(context)
        seen = look_at_walls(context, walls)
        limits = context.thresholds
        read_places(seen, limits.frontage_m, limits.note_px_m)
        return {"cameras": len(cameras), "walls": len(walls.ends_m)}

    return run


if __name__ == "__main__":
    serve(prepare)
