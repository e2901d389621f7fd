"""Kernels that a wheel or bundle brings along compiled, so that its first start need not compile them."""

import functools
import hashlib
import os
import platform
import shutil
from collections.abc import Callable
from typing import Any

import llvmlite.binding  # type: ignore[import-untyped]
import numba
from numba.core.caching import UserProvidedCacheLocator

PACKAGE = os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3))
SHIPPED = os.path.join(PACKAGE, "kernels")  # put there by hatch_build.py; a checkout has none
# What they are compiled for, and what a processor must know to run them (x86-64-v3, psABI of x86-64: all since 2013 to 2015).
SHIPPED_CPU = "x86-64-v3"
NEEDED = ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "popcnt", "sse4.2")
COMPILED_FOR_THIS_PROCESSOR = "NUMBA_CPU_NAME" not in os.environ


class KernelLocator(UserProvidedCacheLocator):
    """Where numba keeps a kernel of this program: in the room of its module, valid while the module's text is the same.

    numba's own place hangs on where the program lies, and within a bundle on its executable, so what was compiled there
    could not be brought along.
    """

    def __init__(self, py_func: Callable[..., object], py_file: str) -> None:
        super().__init__(py_func, py_file)  # type: ignore[no-untyped-call]
        room = os.path.relpath(os.path.dirname(os.path.abspath(py_file)), PACKAGE)
        self._cache_path = os.path.join(numba.config.CACHE_DIR, room)  # type: ignore[attr-defined]

    def get_source_stamp(self) -> bytes:
        """Return the digest of the module's text."""
        return _digest(self._py_file)

    @classmethod
    def from_function(cls, py_func: Callable[..., object], py_file: str) -> Any:
        """Return the place of a kernel of this program; None for functions of others, which numba keeps as it does."""
        if not os.path.abspath(py_file).startswith(PACKAGE + os.sep):
            return None
        return super().from_function(py_func, py_file)  # type: ignore[no-untyped-call]


# Where numba looks first; functions of others keep numba's own places.
OTHERS = ("UserProvided", "InTree", "UserWide", "IPython", "Zip")
LOCATORS = ",".join([f"{__name__}.{KernelLocator.__name__}", *(f"{name}CacheLocator" for name in OTHERS)])


@functools.cache
def _digest(name: str) -> bytes:
    with open(name, "rb") as source:
        return hashlib.sha256(source.read()).digest()


def is_able() -> bool:
    """Tell whether this processor runs shipped kernels, and the user named no other to compile for."""
    if not COMPILED_FOR_THIS_PROCESSOR or platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    features = llvmlite.binding.get_host_cpu_features()
    return all(features.get(name, False) for name in NEEDED)


def bring_shipped(folder: str) -> None:
    """Copy the shipped kernels to the user's folder for this edition where there is none yet, and let numba take them.

    A start beside this one may bring them too: who comes second leaves what is there. Where they cannot be copied they are
    compiled as in a checkout.
    """
    if not os.path.isdir(SHIPPED) or not is_able():
        return
    numba.config.CPU_NAME, numba.config.CPU_FEATURES = SHIPPED_CPU, ""  # type: ignore[attr-defined]
    if os.path.isdir(folder):
        return
    passing = f"{folder}.{os.getpid()}"
    try:
        shutil.copytree(SHIPPED, passing)
        os.rename(passing, folder)
    except OSError:
        shutil.rmtree(passing, ignore_errors=True)
