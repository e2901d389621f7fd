"""How the sight kernels are compiled, and where their compiled form is kept between starts."""

import hashlib
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any, TypeVar, cast


def _load_without(module: str, *unused: str) -> None:
    """Import a module that finds nothing of what is not used here, unless that is loaded already."""
    missing = [name for name in unused if name not in sys.modules]
    if not missing:
        return
    sys.modules.update(dict.fromkeys(missing))  # type: ignore[arg-type]
    try:
        importlib.import_module(module)
    finally:
        for name in missing:
            del sys.modules[name]


class _CastingRules(SourceFileLoader):
    """Loads numba's rules of casts with its types hashed as objects: by name, 30,000 times, it is a third of numba's import.

    Types are interned, so that equal ones are one object.
    """

    def exec_module(self, module: ModuleType) -> None:
        kind = importlib.import_module("numba.core.types.abstract").Type
        by_name, kind.__hash__ = kind.__hash__, object.__hash__
        try:
            super().exec_module(module)
        finally:
            kind.__hash__ = by_name


class _NumbaFinder:
    """Finds numba's rules of casts with their own loader, and nothing else."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, _target: object = None) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name == "numba.core.typeconv.rules" else None
        if spec and spec.origin:
            spec.loader = _CastingRules(name, spec.origin)
        return spec


def _load_numba() -> None:
    """Import numba without the parser of C that cffi brings, and without that of settings that nobody gives it in a file."""
    finder = _NumbaFinder()
    sys.meta_path.insert(0, finder)
    try:
        _load_without("numba.core.typing.cffi_utils", "cffi", "yaml")
    finally:
        sys.meta_path.remove(finder)


_load_numba()

import numba  # noqa: E402 - loaded as it is needed here
import numpy as np  # noqa: E402
from llvmlite import binding, ir  # type: ignore[import-untyped]  # noqa: E402
from numba.core import cgutils, types  # noqa: E402
from numba.core.caching import FunctionCache  # noqa: E402
from numba.core.codegen import JITCodeLibrary  # noqa: E402
from numba.core.compiler import Compiler  # noqa: E402
from numba.core.extending import intrinsic  # noqa: E402
from numba.core.runtime import _nrt_python as runtime  # type: ignore[attr-defined]  # noqa: E402

from lhasaplan.core.base.arrays import FloatArray  # noqa: E402
from lhasaplan.core.sight.compiled.shipped_kernels import LOCATORS, bring_shipped  # noqa: E402 - loads numba's own

Function = TypeVar("Function", bound=Callable[..., object])


def cache_folder() -> str:
    """Return the user's folder for kernels of this edition; ``NUMBA_CACHE_DIR`` says where else to keep them."""
    home = os.path.expanduser("~")
    usual = {"win32": os.environ.get("LOCALAPPDATA", home), "darwin": os.path.join(home, "Library", "Caches")}
    base = usual.get(sys.platform) or os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(os.environ.get("NUMBA_CACHE_DIR") or os.path.join(base, "lhasaplan", "kernels"), _edition())


CONSTANTS = (os.path.join("model", "place.py"),)  # modules beside this package of which kernels take constants


def _edition() -> str:
    """Return a name that changes with any kernel's source, or constants: numba does not look at what kernels take of others.

    Sources alone are looked at: beside them another start of the program may write and take away compiled modules. Their text
    counts and not their times: an update that leaves the kernels as they are, or another checkout, compiles nothing.
    """
    room = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    names = [os.path.join(folder, name) for folder, _, names in os.walk(room) for name in names if name.endswith(".py")]
    constants = (os.path.join(os.path.dirname(room), name) for name in CONSTANTS)
    known = hashlib.sha256()
    for name in sorted([*names, *filter(os.path.isfile, constants)]):
        with open(name, "rb") as source:
            known.update(f"{os.path.relpath(name, room)}\0".encode() + hashlib.sha256(source.read()).digest())
    return known.hexdigest()[:12]


def _is_writable(folder: str) -> bool:
    """Return whether compiled kernels can be kept in the folder."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


CACHE_FOLDER = cache_folder()
bring_shipped(CACHE_FOLDER)
IS_KEPT = _is_writable(CACHE_FOLDER)
if IS_KEPT:
    numba.config.CACHE_DIR = CACHE_FOLDER  # type: ignore[attr-defined]
    numba.config.CACHE_LOCATOR_CLASSES = LOCATORS  # type: ignore[attr-defined]

# Division by zero gives infinity instead of an exception; products and sums may be fused, nothing else is relaxed.
# Kernels make no arrays, so none are counted (``_nrt``): counting took more than half of the time.
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}, "_nrt": False}


class CalleeLibrary(JITCodeLibrary):
    """The code of a function that only kernels call: nothing but the kernels that it becomes part of is made machine code.

    Numba would optimise and translate it by itself too, and all that it calls with it: a quarter of all compiling.
    """

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return that there is no machine code to point at."""
        self._ensure_finalized()  # type: ignore[no-untyped-call]
        return 0

    @property
    def codegen(self) -> "CalleeLibrary":
        """Return whom numba asks to set the environment of machine code."""
        return self

    def set_env(self, env_name: str, env: object) -> None:
        """Set none: kernels raise no exceptions, the only use of it."""


class CalleeCompiler(Compiler):
    """Numba's compiler, with its result in a ``CalleeLibrary``."""

    def define_pipelines(self) -> Any:
        """Return numba's own passes."""
        codegen, name = self.state.targetctx.codegen(), self.state.func_id.func_qualname
        self.state.library = CalleeLibrary(codegen, name)  # type: ignore[no-untyped-call]
        return super().define_pipelines()  # type: ignore[no-untyped-call]


CALLED_OPTIONS = OPTIONS | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "pipeline_class": CalleeCompiler}
INNER_OPTIONS = CALLED_OPTIONS | {"forceinline": True}


class _KernelCache:
    """Loads compiled kernels without numba's tables of all that can be compiled: its compiler fills them when it is needed.

    Where its compiled form lies is looked up when somebody asks. What kernels call has none of its own.
    """

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    @cached_property
    def _kept(self) -> Any:
        return FunctionCache(self._function)  # type: ignore[no-untyped-call]

    @property
    def cache_path(self) -> str:
        return str(self._kept.cache_path)

    def load_overload(self, signature: object, target: object) -> object:
        """Return the compiled form for a signature, None where there is none yet."""
        _name_helpers()
        with self._kept._guard_against_spurious_io_errors():
            found = self._kept._load_overload(signature, target)
        if found is None:  # it is compiled now: to search for BLAS would load all of ``scipy.linalg``
            _load_without("numba.np.arraymath", "scipy.linalg.cython_blas")
        return found

    def save_overload(self, signature: object, compiled: Any) -> None:
        """Keep a compiled form, and of what only functions that call it are compiled with its names alone.

        No kernel calls another, and to read all that is two thirds of loading one.
        """
        described, library = compiled.fndesc, compiled.library
        names = described.llvm_func_name, described.llvm_cpython_wrapper_name, described.llvm_cfunc_wrapper_name
        whole = library._shared_module
        library._shared_module = binding.parse_assembly("\n".join(f'@"{name}" = global i8 0' for name in names))
        try:
            self._kept.save_overload(signature, compiled)
        finally:
            library._shared_module = whole


@cache
def _name_helpers() -> None:
    """Tell LLVM where the functions of C are that compiled kernels call; numba does that when it compiles."""
    for name, address in runtime.c_helpers.items():
        binding.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)


def kernel(function: Function) -> Function:
    """Compile a function to machine code that releases the GIL and is called from Python."""
    dispatcher = numba.njit(**OPTIONS)(function)
    if IS_KEPT:
        dispatcher._cache = _KernelCache(dispatcher.py_func)
    return cast(Function, dispatcher)


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


def _fetching(_typing: Any, rows: Any, row: Any) -> Any:
    """Return how a row of an array is brought into the cache while other work goes on; nothing waits for it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        first = cgutils.unpack_tuple(builder, array.strides)[0]  # type: ignore[no-untyped-call]
        number = context.cast(builder, arguments[1], signature.args[1], types.intp)
        offset, byte = builder.mul(first, number), ir.IntType(8).as_pointer()
        address = cgutils.pointer_add(builder, array.data, offset, byte)  # type: ignore[no-untyped-call]
        bits = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address.type, bits, bits, bits])
        fetch = builder.module.declare_intrinsic("llvm.prefetch", [address.type], kind)
        builder.call(fetch, [address, bits(0), bits(3), bits(1)])  # to read it, into all levels, as data
        return context.get_dummy_value()

    return types.void(rows, row), generate


fetch_row = cast(Callable[[FloatArray, int], None], intrinsic(_fetching))
