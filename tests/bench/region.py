"""A region for measuring: made-up cities side by side, each another one."""

from dataclasses import asdict, dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.project import Project

from .audit_city import Size, city

ORDER_FILE = "order.json"
GAP_M = 2_000.0  # of open land between cities


@dataclass(frozen=True)
class Order:
    """How many cities of which size are audited together, whether all cameras are looked through at once, and where.

    ``workers`` are processes of a dask scheduler that look; without any this process looks itself.
    """

    cities: int
    buildings: int = 24_000
    places: int = 2_000
    cameras: int = 5_000
    at_once: bool = False
    workers: int = 0

    @property
    def size(self) -> Size:
        """Return the size of one city."""
        return Size(self.buildings, self.places, self.cameras)

    def as_json(self) -> dict:
        """Return the order as plain values."""
        return asdict(self)


def region(order: Order) -> Project:
    """Return the cities in one project, from west to east; it says that it is synthetic."""
    towns, east_m = [], 0.0
    for number in range(order.cities):
        towns.append(_moved(city(order.size, seed=7 + number), f"{number}.", east_m))
        east_m += float(np.ptp(shapely.total_bounds(towns[-1].layers["buildings"].geometry)[::2])) + GAP_M
    layers = {name: _joined([town.layers[name] for town in towns]) for name in towns[0].layers}
    cameras = tuple(camera for town in towns for camera in town.cameras)
    return replace(towns[0], name="region", layers=layers, cameras=cameras, synthetic=True)


def _moved(town: Project, prefix: str, east_m: float) -> Project:
    layers = {
        name: replace(
            layer,
            ids=np.array([prefix + each for each in layer.ids], object),
            geometry=shapely.transform(layer.geometry, lambda xy: xy + np.array([east_m, 0.0])),
        )
        for name, layer in town.layers.items()
    }
    cameras = tuple(replace(each, camera_id=prefix + each.camera_id, x_m=each.x_m + east_m) for each in town.cameras)
    return replace(town, layers=layers, cameras=cameras)


def _joined(layers: list[Layer]) -> Layer:
    ids, shapes = (np.concatenate([getattr(each, name) for each in layers]) for name in ("ids", "geometry"))
    return replace(layers[0], ids=ids, geometry=shapes, tags=tuple(tags for each in layers for tags in each.tags))
