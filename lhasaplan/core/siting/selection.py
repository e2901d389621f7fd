"""Which of many tried cameras are looked through: those that serve most, and those that serve most for what they show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.coverage.columns import Column
from lhasaplan.core.coverage.part_shares import Needs

TWINS = 12  # cameras that serve the same points, looked through for the one that shows least besides


@dataclass(frozen=True, eq=False, slots=True)
class Worth:
    """What speaks for tried cameras, arrays (n,).

    Parameters
    ----------
    gains : what each would serve, as rows (what is open, what is served today).
    cost : what it may weigh, by the open ground that it would show.   part : that which it aims at, -1 of none.
    """

    gains: FloatArray
    cost: FloatArray
    part: IntArray

    def best(self, most: int) -> list[int]:
        """Return the numbers of so many by each kind of gain that serve most, and of as many that serve most for their cost.

        Of the latter each part has its turn.
        """
        first = [k for gain in self.gains for k in largest(gain, most)]
        second = [k for gain in self.gains for k in self._in_turns(gain / self.cost, most)]
        return list(dict.fromkeys([*first, *second]))

    def _in_turns(self, gain: FloatArray, most: int) -> list[int]:
        order, turn = largest(gain, len(gain)), Counter[int]()
        turns = []
        for k in order:
            turns.append((turn[int(self.part[k])], k))
            turn[int(self.part[k])] += 1
        rank = {k: number for number, k in enumerate(order)}
        return [k for _, k in sorted(turns, key=lambda each: (each[0], rank[each[1]]))[:most]]


def largest(gain: FloatArray, most: int) -> list[int]:
    """Return the numbers of the largest gains above 0, the largest first."""
    return [k for k in np.argsort(-gain, kind="stable")[:most].tolist() if gain[k] > 0.0]


def best_of_each(numbers: Sequence[int], gain: FloatArray, most: int) -> list[int]:
    """Return, of each camera, so many of the changes that serve most that is open."""
    taken = Counter[int]()
    best = []
    for k in np.argsort(-gain, kind="stable").tolist():
        if gain[k] > 0.0 and taken[numbers[k]] < most:
            taken[numbers[k]] += 1
            best.append(k)
    return sorted(best)


def not_twins(columns: Mapping[int, Column], needs: Needs) -> list[int]:
    """Return the cameras of which none serves just what enough earlier ones serve already."""
    seen = Counter[bytes]()
    found = []
    for k, column in columns.items():
        key = column.served(needs).tobytes()
        seen[key] += 1
        if seen[key] <= TWINS:
            found.append(k)
    return found
