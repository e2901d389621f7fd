"""Where the geometry of answers lies until outputs ask for it."""

from lhasaplan.core.base.kept_shapes import ShapeSink, in_memory
from lhasaplan.ports import OpenProject, Services

FEW_CAMERAS = 1_024  # the shapes of so many answers fit into memory, and a file saves nothing


def sink_of(services: Services, opened: OpenProject) -> ShapeSink:
    """Return what keeps the geometry of answers about a project: a file of its own where they are many, else memory.

    What only a passphrase opens is never written plainly: answers about a sealed project, or about places that lie open in
    memory alone, stay in memory.
    """
    is_secret = opened.store.has_passphrase or opened.project.has_opened
    is_small = len(opened.project.cameras) <= FEW_CAMERAS
    return in_memory if is_secret or is_small else services.compute.spool_shapes()
