"""Rows in blocks that states share: to replace a few, only the blocks that they lie in are copied."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from lhasaplan.core.base.arrays import IntArray

BITS = 7
BLOCK = 1 << BITS  # a copy of a block costs less than what looks up and stores it
Values = npt.NDArray[Any]


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """Blocks of BLOCK rows each, the last one shorter or empty; a value that is copied, never changed."""

    blocks: tuple[Values, ...]

    def __len__(self) -> int:
        return BLOCK * (len(self.blocks) - 1) + len(self.blocks[-1])

    def __iter__(self) -> Iterator[Any]:
        return chain.from_iterable(self.blocks)

    def __getitem__(self, row: int) -> Any:
        return self.blocks[row >> BITS][row & (BLOCK - 1)]

    def whole(self) -> Values:
        """Return all rows as one array."""
        return np.concatenate(self.blocks)

    def replaced(self, rows: Sequence[int] | IntArray, values: Sequence[Any] | Values) -> "Rows":
        """Return the rows with other values in some of them."""
        blocks = list(self.blocks)
        mine: dict[int, Values] = {}
        for row, value in zip(np.asarray(rows).tolist(), values, strict=True):
            number = row >> BITS
            if number not in mine:
                mine[number] = blocks[number] = blocks[number].copy()
            mine[number][row & (BLOCK - 1)] = value
        return Rows(tuple(blocks))

    def extended(self, more: Values) -> "Rows":
        """Return the rows with more behind them."""
        return Rows((*self.blocks[:-1], *rows_of(np.concatenate((self.blocks[-1], more))).blocks))


def rows_of(values: Values) -> Rows:
    """Return an array's values as rows."""
    return Rows(tuple(values[first : first + BLOCK] for first in range(0, len(values) + 1, BLOCK)))
