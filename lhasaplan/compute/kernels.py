"""Compile groups of sight kernels in this process and keep them: ``python -m lhasaplan.compute.kernels points relief``.

The launcher starts two such processes once an environment is made, so that the first answer need not wait for all of them.
"""

import gc
import sys
from collections.abc import Iterable
from importlib import import_module


def compile_groups(groups: Iterable[str]) -> None:
    """Run each kernel of the groups once on a tiny town."""
    known = import_module("lhasaplan.core.sight.warming").GROUPS
    for group in groups:
        known[group]()


if __name__ == "__main__":
    gc.disable()  # a process that ends at once leaves no garbage worth looking for
    compile_groups(sys.argv[1:])
