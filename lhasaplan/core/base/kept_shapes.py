"""Geometry of large answers that is stored elsewhere and read when an attribute is used."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

if TYPE_CHECKING:  # a start that asks nothing of geometry loads none
    from shapely.geometry.base import BaseGeometry

    from lhasaplan.core.base.arrays import ObjectArray

Value = TypeVar("Value")
Class = TypeVar("Class", bound=type)


class Kept:
    """A geometry that is stored elsewhere, with a function that reads it back exactly."""

    __slots__ = ()

    def read(self) -> "BaseGeometry":
        """Return the geometry, read back."""
        raise NotImplementedError

    def wkb(self) -> bytes:
        """Return the geometry as well-known binary, as it is kept."""
        raise NotImplementedError

    @property
    def area_m2(self) -> float:
        """Return the area of the geometry."""
        return float(self.read().area)


Shape: TypeAlias = "BaseGeometry | Kept"
# Puts shapes away and returns what stands for each, in order.
ShapeSink: TypeAlias = "Callable[[Sequence[Shape]], Sequence[Shape]]"


def in_memory(shapes: "Sequence[Shape]") -> "Sequence[Shape]":
    """Keep shapes as they are."""
    return shapes


def read_shape(shape: Shape) -> "BaseGeometry":
    """Return a geometry, read back if it lies elsewhere."""
    return shape.read() if isinstance(shape, Kept) else shape


def read_shapes(shapes: "Sequence[Shape] | ObjectArray") -> "ObjectArray":
    """Return geometries, read back where they lie elsewhere, shape (n,)."""
    import numpy as np  # noqa: PLC0415 - see above
    import shapely  # noqa: PLC0415 - see above

    found: ObjectArray = np.empty(len(shapes), object)
    found[:] = shapes
    kept = [number for number, each in enumerate(shapes) if isinstance(each, Kept)]
    if kept:  # all at once: to read one alone costs as much as to read three
        found[kept] = shapely.from_wkb([shapes[number].wkb() for number in kept])
    return found


def area_m2(value: object, name: str) -> float:
    """Return the area of an attribute that may be kept elsewhere, without reading it back where it is known."""
    shape = as_kept(value, name)
    return float(shape.area_m2 if isinstance(shape, Kept) else shape.area)


class _KeptAttribute:
    """An attribute of a class with slots that gives the geometry, wherever it lies."""

    def __init__(self, slot: MemberDescriptorType) -> None:
        self.slot = slot

    def __get__(self, owner: object, kind: type | None = None) -> object:
        if owner is None:
            return self
        value = self.slot.__get__(owner, kind)
        return value.read() if isinstance(value, Kept) else value


def _attribute_of(slot: MemberDescriptorType) -> _KeptAttribute:
    """Return the attribute in place of a slot, of a class of its own: to set it is to set the slot, without Python between."""
    own = type(_KeptAttribute.__name__, (_KeptAttribute,), {"__set__": slot.__set__})
    return cast("_KeptAttribute", own(slot))


def may_be_kept(*names: str) -> Callable[[Class], Class]:
    """Let attributes of a class with slots take a :class:`Kept`; who reads them gets the geometry, anew each time.

    >>> class Square:
    ...     __slots__ = ("ground",)
    >>> class Point(Kept):
    ...     def read(self):
    ...         return "POINT (1 2)"
    >>> square = may_be_kept("ground")(Square)()
    >>> square.ground = Point()
    >>> square.ground, type(as_kept(square, "ground")).__name__
    ('POINT (1 2)', 'Point')
    """

    def prepare(cls: Class) -> Class:
        for name in names:
            setattr(cls, name, _attribute_of(cls.__dict__[name]))
        return cls

    return prepare


def as_kept(value: object, name: str) -> Any:
    """Return an attribute as it is kept, without reading anything back."""
    attribute = getattr(type(value), name, None)
    return attribute.slot.__get__(value) if isinstance(attribute, _KeptAttribute) else getattr(value, name)


@cache
def kept_readers(cls: type) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Return of each field its name and what reads it as :func:`as_kept` does."""
    attributes = ((each.name, getattr(cls, each.name, None)) for each in fields(cls))
    return tuple((name, each.slot.__get__ if isinstance(each, _KeptAttribute) else attrgetter(name)) for name, each in attributes)


def replace_kept(value: Value, **changes: object) -> Value:
    """Return a frozen value with changes, as ``dataclasses.replace`` does; what is kept elsewhere stays there.

    A city has tens of thousands: slots are copied one by one, which takes a fifth of the time.
    """
    cls: type = type(value)
    slots = _slots_of(cls)
    if slots is None or not changes.keys() <= slots.keys():
        as_it_is = {each.name: as_kept(value, each.name) for each in fields(cls) if each.init}
        return cast("Value", replace(cast("Any", value), **{**as_it_is, **changes}))
    made: object = object.__new__(cls)
    for name, slot in slots.items():
        slot.__set__(made, changes[name] if name in changes else slot.__get__(value))
    return cast("Value", made)


@cache
def _slots_of(cls: type) -> dict[str, MemberDescriptorType] | None:
    """Return the slots of a class of values by field; None of one that has others, or that looks at what it is made of."""
    attributes = {each.name: getattr(cls, each.name, None) for each in fields(cls)}
    slots = {name: each.slot if isinstance(each, _KeptAttribute) else each for name, each in attributes.items()}
    is_plain = all(isinstance(each, MemberDescriptorType) for each in slots.values()) and not hasattr(cls, "__post_init__")
    return cast("dict[str, MemberDescriptorType]", slots) if is_plain else None


def kept_by_id(shapes: "Sequence[Shape]", keep: ShapeSink) -> dict[int, Shape]:
    """Return what stands for each geometry by its ``id``; the same object is kept once."""
    distinct = {id(each): each for each in shapes}
    return dict(zip(distinct, keep(list(distinct.values())), strict=True))
