"""Import what a package offers when it is first used, so that a short command does not wait for all of it.

What a package offers stands once, in its stub ``__init__.pyi``, which type checkers read too (the way of Scientific Python's
SPEC 1).
"""

import ast
import os
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import ParamSpec, TypeVar

from lhasaplan.errors import naming_extras

P = ParamSpec("P")
R = TypeVar("R")


def offered(file: str, name: str) -> object:
    """Return what the package in this ``__init__.py`` offers under a name; AttributeError for a name not in its stub."""
    module = _homes(file).get(name)
    if module is None:
        raise AttributeError(name)
    with naming_extras():
        return getattr(import_module(module), name)


def names_offered(file: str) -> list[str]:
    """Return the names in the stub of the package in this ``__init__.py``."""
    return sorted(_homes(file))


def later(find: Callable[[], Callable[P, R]]) -> Callable[P, R]:
    """Return a function that is found when it is first called.

    >>> later(lambda: len)("abc")
    3
    """

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return find()(*args, **kwargs)

    return call


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
