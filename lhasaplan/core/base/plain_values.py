"""Frozen values in terms of JSON and back: enums by value, dataclasses and mappings as objects, tuples as lists."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np

JsonObject = dict[str, Any]  # an object of JSON, as ``json`` reads and writes it


def to_plain(value: object) -> Any:
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


def without_none(hint: object) -> Any:
    """Return the type of a value that may be missing."""
    if get_origin(hint) in (Union, UnionType):
        return next(arg for arg in get_args(hint) if arg is not NoneType)
    return hint


def from_plain(hint: object, raw: Any) -> Any:
    """Return the value of type ``hint`` that :func:`to_plain` wrote; ValueError or TypeError when it cannot be one."""
    bare = without_none(hint)
    if raw is None:
        if bare is hint:
            raise ValueError("empty")
        return None
    origin = get_origin(bare)
    if origin is tuple:
        args = get_args(bare)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(from_plain(args[0], item) for item in raw)
        return tuple(from_plain(arg, item) for arg, item in zip(args, raw, strict=True))
    if origin is not None:
        return {key: from_plain(get_args(bare)[1], item) for key, item in raw.items()}
    if is_dataclass(bare):
        hints = get_type_hints(bare)
        return bare(**{key: from_plain(hints[key], item) for key, item in raw.items()})  # type: ignore[operator]
    value = bare(raw) if isinstance(bare, type) else raw
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not finite")
    return value
