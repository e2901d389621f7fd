"""Turn what pydantic found into faults that name the file and the key, in the user's language."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError, create_model
from pydantic_core import ErrorDetails, PydanticCustomError, core_schema

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.toml_file import read_toml

_OWN = "lhasaplan"
_LONGEST = 60

UNKNOWN_KEY = marked("This key is not known.")
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
    "dict_type": marked("{value} must be a table."),
    "mapping_type": marked("{value} must be a table."),
    "model_type": marked("{value} must be a table."),
    "dataclass_type": marked("{value} must be a table."),
    "too_short": marked("The list is empty."),
    "literal_error": marked("{value} must be one of {expected}."),
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
    known = {} if template is None else {key: value for key, value in context.items() if f"{{{key}}}" in template}
    if template is None:
        return Fault(OTHER_FAULT, where, {"value": _shown(error), "reason": error["msg"]})
    return Fault(template, where, {**known, "value": _shown(error)} if "{value}" in template else known)


def _shown(error: ErrorDetails) -> str:
    value = str(error.get("input"))
    return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"


def _key(location: Sequence[str | int], row_names: Mapping[str, Sequence[str]]) -> str:
    text = ""
    for position, step in enumerate(location):
        if isinstance(step, str):
            text += f".{step}" if text else step
            continue
        names = row_names.get(str(location[position - 1])) if position == 1 else None
        text += f"[{names[step] if names and step < len(names) else step}]"
    return text


# Read a TOML file that has to fit a model: every key that is missing, unknown or out of its limits is told at once.

Model = TypeVar("Model", bound=BaseModel)
Rules = TypeVar("Rules")


def read_valid(path: Path, model: type[Model]) -> Model:
    """Return what the file states.

    Raises
    ------
    InputError
        The file cannot be read or is not TOML; else every key that is wrong, each with file and key.
    """
    table, _ = read_toml(path)
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise InputError(*faults_of(error, path.name)) from error


def read_stated(path: Path, kind: type[Rules]) -> Rules:
    """Return the value of a dataclass that a file states: every field is a key of it, within the limits of its type.

    A field that is a dataclass itself is a table; one with ``NOT_IN_FILES`` keeps its default. Raises as :func:`read_valid`.
    """
    return _value(kind, read_valid(path, _model_of(kind)))


class Stated:
    """Mark a field of a model that is a dataclass: its keys are told as by :func:`read_stated`."""

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(partial(_value, source), handler.generate_schema(_model_of(source)))


def _model_of(kind: Any) -> type[BaseModel]:
    """Return the pydantic model of a dataclass: its fields with their types, none of which may lack."""
    hints = get_type_hints(kind, include_extras=True)
    types = {each.name: hints[each.name] for each in fields(kind) if each.metadata.get("in_files", True)}
    keys: dict[str, Any] = {name: (_model_of(of) if is_dataclass(of) else of, ...) for name, of in types.items()}
    return create_model(kind.__name__, __config__=ConfigDict(extra="forbid"), **keys)


def _value(kind: type[Rules], read: BaseModel) -> Rules:
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], of) if isinstance(of, BaseModel) else of for name, of in read})
