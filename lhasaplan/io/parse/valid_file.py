"""Read a TOML file that has to fit a model: every key that is missing, unknown or out of its limits is told at once."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from lhasaplan.errors import InputError
from lhasaplan.io.parse.toml_file import read_toml
from lhasaplan.io.parse.validation import faults_of

Model = TypeVar("Model", bound=BaseModel)


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
