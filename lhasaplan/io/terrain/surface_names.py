"""Tell from the name of a raster that it is a model of the surface and no bare ground (data/terrain.toml)."""

import re
from functools import cache
from pathlib import PurePath

from lhasaplan.content import content_folder
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.io.parse.toml_file import read_toml

_WORDS = re.compile(r"[^\W\d_]+")  # letters: dsm1m, dom1 and lidar_DSM-2020 have the words dsm and dom
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
SURFACE_NAME = marked(
    "the name of this raster says that it is a surface model or heights above the ground ({word}), in which houses stand twice "
    "and trees are ground; import a model of the bare ground instead (DTM, DGM, MNT)"
)


def remarks_on_name(name: str) -> tuple[Fault, ...]:
    """Return a remark where a word of the name says that the raster is no bare ground."""
    stem = PurePath(name).name.split(".")[0]
    words = [word.casefold() for text in (stem, _CAMEL.sub(" ", stem)) for word in _WORDS.findall(text)]
    found = next((word for word in words if _is_surface(word)), None)
    return (Fault(SURFACE_NAME, Where(name), {"word": found}),) if found else ()


def _is_surface(word: str) -> bool:
    return any(word.startswith(known[:-1]) if known.endswith("*") else word == known for known in _known())


@cache
def _known() -> tuple[str, ...]:
    content, _ = read_toml(content_folder("data") / "terrain.toml")
    return tuple(str(word).casefold() for word in content["surface_model"]["words"])
