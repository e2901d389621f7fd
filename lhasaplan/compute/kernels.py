"""Compile groups of sight kernels in this process and keep them: ``python -m lhasaplan.compute.kernels points relief``.

The launcher starts two such processes once an environment is made, so that the first answer need not wait for all of them.
"""

import gc
import sys
from collections.abc import Iterable


def compile_groups(groups: Iterable[str]) -> None:
    """Run each kernel of the groups once on a tiny town."""
    from lhasaplan.core.sight.warming import GROUPS  # noqa: PLC0415 - numba is loaded where no garbage is collected any more

    for group in groups:
        GROUPS[group]()


if __name__ == "__main__":
    gc.disable()  # a process that ends at once leaves no garbage worth looking for
    compile_groups(sys.argv[1:])
