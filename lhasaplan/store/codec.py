"""Turn frozen values into table rows and back: scalars as columns, everything else as JSON text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeVar, get_type_hints

from lhasaplan.core.base.plain_values import from_plain, to_plain, without_none
from lhasaplan.errors import Fault, InputError, Where

Value = TypeVar("Value")
CELLS_KEPT = 4096

_SQL = {float: "REAL", int: "INTEGER", bool: "INTEGER", bytes: "BLOB", str: "TEXT"}


@dataclass(frozen=True, eq=False, slots=True)
class StoredColumn:
    """One field of a value as a column; ``bare`` is its type where it is not missing."""

    name: str
    hint: Any
    bare: Any
    sql: str
    is_json: bool
    default: Any


@cache
def columns_of(cls: Any) -> tuple[StoredColumn, ...]:
    """Return the columns of a frozen dataclass, in field order."""
    hints = get_type_hints(cls)
    return tuple(_column(field, hints[field.name]) for field in fields(cls))


def _column(field: Field[Any], hint: Any) -> StoredColumn:
    bare = without_none(hint)
    scalar = isinstance(bare, type) and (bare in _SQL or issubclass(bare, Enum))
    sql = _SQL.get(bare, "TEXT") if scalar else "TEXT"
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return StoredColumn(field.name, hint, bare, sql, not scalar, default)


def to_row(value: Any, skip: Sequence[str] = ()) -> tuple[Any, ...]:
    """Return a value as one row, in the order of :func:`columns_of`, without the columns in ``skip``."""
    return tuple(_cell(column, getattr(value, column.name)) for column in columns_of(type(value)) if column.name not in skip)  # type: ignore[arg-type]


def _cell(column: StoredColumn, raw: Any) -> Any:
    plain = to_plain(raw)
    return json.dumps(plain, ensure_ascii=False) if column.is_json and plain is not None else plain


def from_row(cls: type[Value], cells: Mapping[str, Any], where: Where) -> Value:
    """Return the value that a row holds; a missing or empty cell takes the field's default.

    Raises InputError naming file, row and column of every cell that is not a value of its field.
    """
    faults: list[Fault] = []
    values = {column.name: _value(column, cells.get(column.name), where, faults) for column in columns_of(cls)}  # type: ignore[arg-type]
    if faults:
        raise InputError(*faults)
    return cls(**values)


def _value(column: StoredColumn, raw: Any, where: Where, faults: list[Fault]) -> Any:
    if raw is None and column.default is not MISSING:
        return column.default
    if isinstance(raw, str) and column.bare is str:
        return raw
    try:
        return _said(column, raw)
    except (ValueError, TypeError, KeyError, AttributeError):
        faults.append(Fault("{value} is not a value here", Where(where.file, where.row, column.name, where.item), {"value": raw}))
        return None


@lru_cache(maxsize=CELLS_KEPT, typed=True)  # of ten thousand cameras most say the same of most things
def _said(column: StoredColumn, raw: Any) -> Any:
    """Return the value of a cell, which is frozen and may be shared."""
    return from_plain(column.hint, json.loads(raw) if column.is_json and raw is not None else raw)
