"""Read a TOML file into the frozen dataclass that it states; every fault is told at once, with file and key."""

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache, reduce
from operator import or_
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    Strict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    create_model,
)
from pydantic_core import ErrorDetails, PydanticCustomError, core_schema

from lhasaplan.core.base.translations import SPOKEN, in_each_language, marked
from lhasaplan.core.rules.pack import Terms
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.toml_file import TomlTable, read_toml

_OWN = "lhasaplan"
_LONGEST = 60
_KEY_ITSELF = "[key]"  # what pydantic adds to the place of a key that is none of those a table may have

UNKNOWN_KEY = marked("This key is not known.")
ENTRY_MISSING = marked("This entry of the list is missing.")
NUMBER_OR_TEXT = marked("{value} must be a number or text in quotes.")
OTHER_FAULT = marked("{value} is not allowed here: {reason}")
BY_TYPE: Mapping[str, str] = {
    "extra_forbidden": UNKNOWN_KEY,
    "unexpected_keyword_argument": UNKNOWN_KEY,
    "missing": marked("This key is missing."),
    "string_type": marked("{value} must be text in quotes."),
    "string_too_short": marked("The text is empty."),
    "string_pattern_mismatch": marked("{value} is not of the form {pattern}."),
    "float_type": marked("{value} must be a number."),
    "int_type": marked("{value} must be a whole number."),
    "finite_number": marked("{value} must be a finite number."),
    "list_type": marked("{value} must be a list in square brackets."),
    "tuple_type": marked("{value} must be a list in square brackets."),
    "frozen_set_type": marked("{value} must be a list in square brackets."),
    "bool_type": marked("{value} must be true or false."),
    "dict_type": marked("{value} must be a table."),
    "mapping_type": marked("{value} must be a table."),
    "model_type": marked("{value} must be a table."),
    "dataclass_type": marked("{value} must be a table."),
    "too_short": marked("The list is empty."),
    "too_long": marked("The list has more than {max_length} entries."),
    "literal_error": marked("{value} must be one of {expected}."),
    "enum": marked("{value} must be one of {expected}."),
    "greater_than": marked("{value} must be greater than {gt}."),
    "greater_than_equal": marked("{value} must be at least {ge}."),
    "less_than": marked("{value} must be less than {lt}."),
    "less_than_equal": marked("{value} must be at most {le}."),
}


def refuse(template: str, **params: object) -> PydanticCustomError:
    """Return the error for a validator to raise: an English template that catalogues carry, and its parameters."""
    return PydanticCustomError(_OWN, "refused", {"template": template, "params": params})


def faults_of(error: ValidationError, file: str, row_names: Mapping[str, Sequence[str]] | None = None) -> list[Fault]:
    """Return one fault for each error; ``row_names`` gives names to the rows of a list (``articles`` -> numbers)."""
    return [_fault(one, file, row_names or {}) for one in error.errors(include_url=False)]


def _fault(error: ErrorDetails, file: str, row_names: Mapping[str, Sequence[str]]) -> Fault:
    where, context = Where(file=file, item=_key(error["loc"], row_names) or None), error.get("ctx", {})
    if error["type"] == _OWN:
        return Fault(context["template"], where, dict(context["params"]))
    template = BY_TYPE.get(error["type"])
    if error["type"] == "missing" and isinstance(error["loc"][-1], int):
        template = ENTRY_MISSING
    known = {} if template is None else {key: value for key, value in context.items() if f"{{{key}}}" in template}
    if template is None:
        return Fault(OTHER_FAULT, where, {"value": _short(error.get("input")), "reason": error["msg"]})
    return Fault(template, where, {**known, "value": _short(error.get("input"))} if "{value}" in template else known)


def _short(value: object) -> str:
    value = str(value)
    return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"


def _key(location: Sequence[str | int], row_names: Mapping[str, Sequence[str]]) -> str:
    text = ""
    for position, step in enumerate(location):
        if isinstance(step, str):
            if step != _KEY_ITSELF:
                text += f".{step}" if text else step
            continue
        names = row_names.get(str(location[position - 1])) if position == 1 else None
        text += f"[{names[step] if names and step < len(names) else step}]"
    return text


# Read a TOML file that states a frozen dataclass: its fields are the keys, their types the limits.

Stated = TypeVar("Stated")
_CONFIG = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)
_STRICT = (str, int, float, bool)  # TOML has types of its own: "3" is no number


class _TextInEachLanguage:
    """Has pydantic take a table from language to text, by the languages of the program: a key that lacks is told by name."""

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        text = core_schema.str_schema(strip_whitespace=True, min_length=1, strict=True)
        keys = {code: core_schema.typed_dict_field(text, required=each.is_in_every_pack) for code, each in SPOKEN.items()}
        table = core_schema.typed_dict_schema(keys, extra_behavior="forbid")
        return core_schema.no_info_after_validator_function(in_each_language, table)


Texts = Annotated[Mapping[str, str], _TextInEachLanguage()]


@dataclass(frozen=True, eq=False)
class TomlSchema:
    """What a file asks beyond the types of the dataclass that it states.

    ``keys`` are those of fields that are called otherwise in the file. ``checks`` are limits or validators of a field
    (``Article.authority``), of each entry of its list (``Article.findings[]``) or of a whole value (``Article``).
    ``is_whole``: every field has to be stated, those too that have a value without it; one that is None without it is never
    missed, and one of ``empty`` (``SitingRules.poles``) has no entries where it is left out.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, object] = field(default_factory=dict)
    is_whole: bool = False
    empty: frozenset[str] = frozenset()


PLAIN, WHOLE = TomlSchema(), TomlSchema(is_whole=True)


def read_stated(path: Path, kind: type[Stated], schema: TomlSchema = PLAIN) -> Stated:
    """Return the value of a dataclass that a file states; a field with ``NOT_IN_FILES`` keeps its default.

    Raises
    ------
    InputError
        The file cannot be read or is not TOML; else every key that is missing, unknown or out of its limits, with file and key.
    """
    return stated_by(read_toml(path)[0], path.name, kind, schema)


def stated_by(
    table: TomlTable,
    file: str,
    kind: type[Stated],
    schema: TomlSchema = PLAIN,
    row_names: Mapping[str, Sequence[str]] | None = None,
) -> Stated:
    """Return the value that a table states; raises as :func:`read_stated`, with the names of rows as :func:`faults_of`."""
    try:
        value: Stated = _adapter(kind, schema).validate_python(table)  # type: ignore[arg-type]  # a class has a hash
    except ValidationError as error:
        raise InputError(*faults_of(error, file, row_names)) from error
    return value


@cache
def _adapter(kind: Hashable, schema: TomlSchema) -> TypeAdapter[Any]:
    return TypeAdapter(_as_read(kind, schema))


def _as_read(hint: Any, schema: TomlSchema, place: str = "") -> Any:
    """Return a type of the core as pydantic reads it from TOML: a dataclass is the table of its fields, a pattern a form.

    ``place`` is the field that has the type, as the checks of the schema call it.
    """
    read, check = _plain_as_read(hint, schema, place), schema.checks.get(place)
    return read if check is None else Annotated[read, check]


def _plain_as_read(hint: Any, schema: TomlSchema, place: str) -> Any:
    if hint == Terms:
        return Texts
    if is_dataclass(hint):
        return _table_of(hint, schema)
    if hint in _STRICT:
        return Annotated[hint, Strict()]
    if get_origin(hint) in (None, Literal):
        return hint
    return _generic(get_origin(hint), get_args(hint), schema, place)


def _generic(origin: Any, args: tuple[Any, ...], schema: TomlSchema, place: str) -> Any:
    """Return a type that is made of others: a list, a table, one of several, or one with limits."""
    if origin is Annotated:
        marks = (StringConstraints(pattern=each.pattern) if isinstance(each, re.Pattern) else each for each in args[1:])
        return Annotated[(_plain_as_read(args[0], schema, place), *marks)]
    if origin is tuple and args[-1] is ...:  # of a tuple pydantic counts the rows that are right: "empty" where none is
        return Annotated[list[_as_read(args[0], schema, f"{place}[]")], AfterValidator(tuple)]  # type: ignore[misc]
    read = tuple(_plain_as_read(each, schema, "") for each in args)
    if origin not in (UnionType, Union):
        return origin[read]
    # Of several types pydantic tells a fault for each, with its own name of the type as a key.
    one_of = reduce(or_, read)
    return Annotated[one_of, BeforeValidator(_number_or_text)] if set(args) == {float, str} else one_of


def _number_or_text(value: object) -> object:
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        return value
    raise refuse(NUMBER_OR_TEXT, value=_short(value))


def _table_of(kind: Any, schema: TomlSchema) -> Any:
    """Return the table of a dataclass: its keys with their checks, and the value that is made of those that are stated."""
    hints = get_type_hints(kind, include_extras=True)
    keys: dict[str, Any] = {}
    empty: dict[str, object] = {}
    for each in fields(kind):
        if each.metadata.get("in_files", True):
            place = f"{kind.__name__}.{each.name}"
            has_default = each.default is not MISSING or each.default_factory is not MISSING
            needs_key = not has_default or (schema.is_whole and each.default is not None and place not in schema.empty)
            key = Field(... if needs_key else None, alias=schema.keys.get(each.name))
            keys[each.name] = (_as_read(hints[each.name], schema, place), key)
            if place in schema.empty:
                made = get_origin(hints[each.name])
                empty[each.name] = {} if made is Mapping else made()
    table = create_model(kind.__name__, __config__=_CONFIG, **keys)
    value = AfterValidator(lambda read: kind(**empty | {name: of for name, of in read if name in read.model_fields_set}))
    return Annotated[(table, value, *filter(None, [schema.checks.get(kind.__name__)]))]
