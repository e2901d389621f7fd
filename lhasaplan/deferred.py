"""Import what a package offers when it is first used, so that a short command does not wait for all of it.

What a package offers stands once, in its stub ``__init__.pyi``, which type checkers read too (the way of Scientific Python's
SPEC 1).
"""

import ast
import os
import sys
from collections.abc import Callable
from functools import cache, cached_property
from importlib import import_module
from typing import TypeVar, cast

from lhasaplan.errors import naming_extras

T = TypeVar("T")
_NOT_YET = object()


def offered(file: str, name: str) -> object:
    """Return what the package in this ``__init__.py`` offers under a name; AttributeError for a name not in its stub."""
    module = _homes(file).get(name)
    if module is None:
        raise AttributeError(name)
    loaded = getattr(sys.modules.get(module), name, _NOT_YET)
    if loaded is not _NOT_YET:  # asked at each step of a drag; a module in loading may not have it yet
        return loaded
    with naming_extras():
        return getattr(import_module(module), name)


def names_offered(file: str) -> list[str]:
    """Return the names in the stub of the package in this ``__init__.py``."""
    return sorted(_homes(file))


class _Later:
    """Stands for an object that is made or imported when something of it is first asked for."""

    def __init__(self, find: Callable[[], object]) -> None:
        self._find = find

    @cached_property
    def _found(self) -> object:
        return self._find()

    def __getattr__(self, name: str) -> object:
        return getattr(self._found, name)


def later(find: Callable[[], T]) -> T:
    """Return what stands for an object, which is found when something of it is first asked for.

    >>> later(lambda: "abc").upper()
    'ABC'
    """
    return cast("T", _Later(find))


@cache
def _homes(file: str) -> dict[str, str]:
    """Return the module of each name that the stub beside this file imports from one."""
    with open(os.path.splitext(file)[0] + ".pyi", encoding="utf-8") as text:  # no pathlib: the core may use this
        stub = ast.parse(text.read())
    return {
        alias.name: statement.module
        for statement in stub.body
        if isinstance(statement, ast.ImportFrom) and statement.module
        for alias in statement.names
    }
