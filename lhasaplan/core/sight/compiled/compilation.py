"""How the sight kernels are compiled, and where their compiled form is kept between starts."""

import hashlib
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

# Who of numba looks for what: kernels here know no matrices and no functions of C. To search for BLAS loads all of
# ``scipy.linalg``, longer than loading every kernel; cffi comes with a parser of C.
UNUSED = {"numba.np.arraymath": "scipy.linalg.cython_blas", "numba.core.typing.cffi_utils": "cffi"}


def _load_numba_alone() -> None:
    """Let numba find none of what is not used here, unless it is loaded already."""
    for module, unused in UNUSED.items():
        if unused in sys.modules:
            continue
        sys.modules[unused] = None  # type: ignore[assignment]
        try:
            importlib.import_module(module)
        finally:
            del sys.modules[unused]


_load_numba_alone()

Function = TypeVar("Function", bound=Callable[..., object])


def cache_folder() -> str:
    """Return the user's folder for kernels of this edition; ``NUMBA_CACHE_DIR`` says where else to keep them."""
    home = os.path.expanduser("~")
    usual = {"win32": os.environ.get("LOCALAPPDATA", home), "darwin": os.path.join(home, "Library", "Caches")}
    base = usual.get(sys.platform) or os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(os.environ.get("NUMBA_CACHE_DIR") or os.path.join(base, "lhasaplan", "kernels"), _edition())


def _edition() -> str:
    """Return a name that changes with any kernel's source: numba itself does not look at kernels that others call.

    Sources alone are looked at: beside them another start of the program may write and take away compiled modules.
    """
    room = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    names = (os.path.join(folder, name) for folder, _, names in os.walk(room) for name in names if name.endswith(".py"))
    stamps = sorted((os.path.relpath(name, room), os.stat(name).st_size, os.stat(name).st_mtime_ns) for name in names)
    return hashlib.sha256(repr(stamps).encode()).hexdigest()[:12]


def _is_writable(folder: str) -> bool:
    """Return whether compiled kernels can be kept in the folder."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


CACHE_FOLDER = cache_folder()
IS_KEPT = _is_writable(CACHE_FOLDER)
if IS_KEPT:
    numba.config.CACHE_DIR = CACHE_FOLDER  # type: ignore[attr-defined]

# Division by zero gives infinity instead of an exception; products and sums may be fused, nothing else is relaxed.
# Kernels make no arrays, so none are counted (``_nrt``): counting took more than half of the time.
OPTIONS: dict[str, Any] = {"cache": IS_KEPT, "nogil": True, "error_model": "numpy", "fastmath": {"contract"}, "_nrt": False}
CALLED_OPTIONS = OPTIONS | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
INNER_OPTIONS = CALLED_OPTIONS | {"forceinline": True}


def kernel(function: Function) -> Function:
    """Compile a function to machine code that releases the GIL and is called from Python."""
    return cast(Function, numba.njit(**OPTIONS)(function))


def inner(function: Function) -> Function:
    """Compile a function into the kernels that call it; without its Python entry it compiles in half the time."""
    return cast(Function, numba.njit(**INNER_OPTIONS)(function))


def called(function: Function) -> Function:
    """Compile a function that kernels call: long ones that are called from several places would compile once for each."""
    return cast(Function, numba.njit(**CALLED_OPTIONS)(function))


@inner
def an_int(value: int) -> int:
    """Return a constant as a plain integer: a bare 0 is a type of its own, for which callees are compiled again."""
    return np.int64(value)  # type: ignore[return-value]


@inner
def a_bool(value: bool) -> bool:
    """Return a constant as a plain truth value, for the same reason."""
    return np.bool_(value)  # type: ignore[return-value]
