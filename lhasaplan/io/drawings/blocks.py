"""Blocks of a drawing taken apart: what was drawn once and set in many places, block within block, without end or too often."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ezdxf.document import Drawing
from ezdxf.entities.dxfentity import DXFEntity
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.insert import Insert

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.limits import load_limits

LOOP = marked("the blocks {blocks} of this drawing hold each other without end; mend them in the drawing, then import it again")
TOO_MANY = marked(
    "with its blocks taken apart this drawing would have {count} or more shapes, too many for what it is; "
    "give the layers that are wanted as a drawing of their own"
)
TOO_DEEP = marked("the blocks of this drawing stand within each other more than {count} deep; explode some of them first")
_OF_THE_INSERT = "0"  # the layer of what takes the layer of the place where its block is set
_FROM_ELSEWHERE = 4 | 8  # a block whose content is another drawing


@dataclass(frozen=True, slots=True)
class Placed:
    """One shape where it stands: its layer, its handle in the file, and what is written at the blocks around it."""

    entity: DXFGraphic
    layer: str
    handle: str
    written: Mapping[str, str]


@dataclass(frozen=True)
class Blocks:
    """The blocks of a drawing.

    ``is_whole`` says of a layer whether a block on it is one thing at one point: a pole, a camera.
    """

    drawing: Drawing
    file: str
    is_whole: Callable[[str], bool]

    def placed(self) -> Iterator[Placed]:
        """Give every shape of the model, blocks taken apart, in the order of the file.

        Raises
        ------
        InputError
            Blocks hold each other without end, or would give more shapes than ``data/limits.toml`` allows.
        """
        self._check()
        for entity in self.drawing.modelspace():
            yield from self._apart(entity, str(entity.dxf.handle), {}, "")

    def from_elsewhere(self) -> tuple[str, ...]:
        """Return the names of the blocks that only point to another drawing."""
        blocks = (block for block in self.drawing.blocks if block.block is not None)
        return tuple(str(each.name) for each in blocks if int(each.block.dxf.flags) & _FROM_ELSEWHERE)  # type: ignore[union-attr]

    def _apart(self, entity: DXFGraphic, handle: str, written: Mapping[str, str], around: str) -> Iterator[Placed]:
        own = str(entity.dxf.layer)
        layer = around if around and own == _OF_THE_INSERT else own
        if not isinstance(entity, Insert):
            yield Placed(entity, layer, handle, written)
            return
        said = {**written, **{str(each.dxf.tag): str(each.dxf.text) for each in entity.attribs}}
        for number, single in enumerate(entity.multi_insert()):
            name = handle if entity.mcount == 1 else f"{handle}-{number + 1}"
            if self.is_whole(layer):
                yield Placed(single, layer, name, said)
                continue
            for index, part in enumerate(single.virtual_entities(), 1):
                yield from self._apart(part, f"{name}-{index}", said, layer)

    def _check(self) -> None:
        limits = load_limits().drawing
        count = self._count(self.drawing.modelspace(), ())
        if count > limits.most_shapes:
            raise InputError(Fault(TOO_MANY, Where(self.file), {"count": f"{limits.most_shapes:,}"}))

    def _count(self, entities: Iterable[DXFEntity], within: tuple[str, ...]) -> int:
        return sum(self._count_of(each, within) if isinstance(each, Insert) else 1 for each in entities)

    def _count_of(self, insert: Insert, within: tuple[str, ...]) -> int:
        """Return how many shapes a block in its place comes to; each block is counted once and multiplied."""
        name = str(insert.dxf.name)
        if name in within:
            raise InputError(Fault(LOOP, Where(self.file), {"blocks": ", ".join(within[within.index(name) :])}))
        if len(within) >= load_limits().drawing.most_deep:
            raise InputError(Fault(TOO_DEEP, Where(self.file), {"count": load_limits().drawing.most_deep}))
        if name not in self._counted:
            block = self.drawing.blocks.get(name)
            self._counted[name] = 0 if block is None else self._count(block, (*within, name))
        return int(insert.mcount) * max(1, self._counted[name])  # an empty block a thousand million times takes its time, too

    @cached_property
    def _counted(self) -> dict[str, int]:
        return {}
