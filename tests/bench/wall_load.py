"""What each side of a duel about walls makes again: a made-up town or the city of a file, and its cameras."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from lhasaplan.bootstrap import open_services
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.project import Project
from lhasaplan.workflow.answers import reference_data

from .town import CRS, make_town
from .wall_towns import PACK, WallTown, random_cameras, read_city, set_up

FILE = "load.json"
OF_BOXES, OF_A_FILE = "town", "file"
TOWN_M = 1500.0


@dataclass(frozen=True, slots=True)
class Load:
    """A made-up town or the file of a city, and how many cameras."""

    kind: str
    file: str
    cameras: int

    @property
    def name(self) -> str:
        """What the table calls it."""
        return Path(self.file).name.split(".")[0] if self.file else "made-up town"


def save_load(folder: Path, load: Load) -> None:
    """Write what another process is to make again."""
    (folder / FILE).write_text(json.dumps(asdict(load)), "utf-8")


def read_load(folder: Path) -> tuple[WallTown, tuple[Camera, ...]]:
    """Return town and cameras."""
    load = Load(**json.loads((folder / FILE).read_text("utf-8")))
    town = read_city(Path(load.file)) if load.kind == OF_A_FILE else _streets()
    return town, random_cameras(town, load.cameras, 1)


def _streets() -> WallTown:
    """Return a made-up town of some 4,500 homes in streets."""
    made = make_town(TOWN_M)
    tags = tuple({"building": "house", "height": f"{top:.1f}"} for top in made.top_m)
    ids = np.array([f"way/{number}" for number in range(len(tags))], object)
    layer = Layer("buildings", ids, made.polygons(), tags)
    project = Project("streets", CRS, packs=(PACK,), layers={"buildings": layer})
    return set_up("streets", project, reference_data(open_services(), project))
