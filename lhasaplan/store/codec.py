"""Turn frozen values into table rows and back: scalars as columns, everything else as JSON text."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from lhasaplan.errors import Fault, InputError, Where

Value = TypeVar("Value")

_SQL = {float: "REAL", int: "INTEGER", bool: "INTEGER", bytes: "BLOB", str: "TEXT"}


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a value as a column."""

    name: str
    hint: Any
    sql: str
    is_json: bool
    default: Any


@cache
def columns_of(cls: Any) -> tuple[Column, ...]:
    """Return the columns of a frozen dataclass, in field order."""
    hints = get_type_hints(cls)
    return tuple(_column(field, hints[field.name]) for field in fields(cls))


def _column(field: Field[Any], hint: Any) -> Column:
    bare = _without_none(hint)
    scalar = isinstance(bare, type) and (bare in _SQL or issubclass(bare, Enum))
    sql = _SQL.get(bare, "TEXT") if scalar else "TEXT"
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return Column(field.name, hint, sql, not scalar, default)


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        return next(arg for arg in get_args(hint) if arg is not NoneType)
    return hint


def to_row(value: Any, skip: Sequence[str] = ()) -> tuple[Any, ...]:
    """Return a value as one row, in the order of :func:`columns_of`, without the columns in ``skip``."""
    return tuple(_cell(column, getattr(value, column.name)) for column in columns_of(type(value)) if column.name not in skip)  # type: ignore[arg-type]


def _cell(column: Column, raw: Any) -> Any:
    plain = to_plain(raw)
    return json.dumps(plain, ensure_ascii=False) if column.is_json and plain is not None else plain


def to_plain(value: Any) -> Any:
    """Return a value in terms of JSON: enums by value, dataclasses and mappings as objects, tuples as lists."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    return [to_plain(item) for item in value] if isinstance(value, tuple | list) else value


def from_row(cls: type[Value], cells: Mapping[str, Any], where: Where) -> Value:
    """Return the value that a row holds; a missing or empty cell takes the field's default.

    Raises InputError naming file, row and column of every cell that is not a value of its field.
    """
    faults: list[Fault] = []
    values = {column.name: _value(column, cells.get(column.name), where, faults) for column in columns_of(cls)}  # type: ignore[arg-type]
    if faults:
        raise InputError(*faults)
    return cls(**values)


def _value(column: Column, raw: Any, where: Where, faults: list[Fault]) -> Any:
    if raw is None and column.default is not MISSING:
        return column.default
    try:
        return from_plain(column.hint, json.loads(raw) if column.is_json and raw is not None else raw)
    except (ValueError, TypeError, KeyError, AttributeError):
        faults.append(Fault("{value} is not a value here", Where(where.file, where.row, column.name, where.item), {"value": raw}))
        return None


def from_plain(hint: Any, raw: Any) -> Any:
    """Return the value of type ``hint`` that :func:`to_plain` wrote; ValueError or TypeError when it cannot be one."""
    bare = _without_none(hint)
    if raw is None:
        return _nothing(hint, bare)
    origin = get_origin(bare)
    if origin is tuple:
        return _tuple(get_args(bare), raw)
    if origin is not None:
        return {key: from_plain(get_args(bare)[1], item) for key, item in raw.items()}
    if is_dataclass(bare):
        hints = get_type_hints(bare)
        return bare(**{key: from_plain(hints[key], item) for key, item in raw.items()})  # type: ignore[operator]
    value = bare(raw) if isinstance(bare, type) else raw
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not finite")
    return value


def _nothing(hint: Any, bare: Any) -> Any:
    if bare is hint:
        raise ValueError("empty")
    return None


def _tuple(args: tuple[Any, ...], raw: Any) -> tuple[Any, ...]:
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(from_plain(args[0], item) for item in raw)
    return tuple(from_plain(arg, item) for arg, item in zip(args, raw, strict=True))
