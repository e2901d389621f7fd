"""Read a TOML file of rules or facts; a file that is not TOML is an input error with its line."""

import hashlib
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from lhasaplan.core.base.spelling import printable
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where

NOT_READABLE = marked("The file cannot be read: {reason}")
NOT_UTF8 = marked("a text in this file is not UTF-8; save the file as UTF-8")
NESTED = marked("what stands in this file is nested too deeply to be read")
TOO_LONG = marked("a number in this file has more digits than any that is meant")
NOT_TOML = marked("The file is not valid TOML: {reason}")

TomlTable = dict[str, Any]  # a table of TOML, as tomllib reads it


def read_toml(path: Path) -> tuple[TomlTable, str]:
    """Return the table of a TOML file and the SHA-256 of its text; line ends do not count.

    Raises
    ------
    InputError
        The file is missing, is not UTF-8, or is not TOML.
    """
    try:
        text = path.read_bytes().replace(b"\r\n", b"\n")
    except OSError as error:
        raise InputError(Fault(NOT_READABLE, Where(file=path.name), {"reason": error.strerror or "?"})) from error
    try:
        return _printable(_parsed(text)), hashlib.sha256(text).hexdigest()
    except UnicodeDecodeError as error:
        raise InputError(Fault(NOT_UTF8, Where(file=path.name))) from error
    except RecursionError as error:
        raise InputError(Fault(NESTED, Where(file=path.name))) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(Fault(NOT_TOML, Where(file=path.name), {"reason": str(error)})) from error
    except ValueError as error:  # Python makes no number of more than 4,300 digits
        raise InputError(Fault(TOO_LONG, Where(file=path.name))) from error


@lru_cache(maxsize=512)  # packs are read several times, the seventy files of a language for each draft, and TOML is slow to read
def _parsed(text: bytes) -> TomlTable:
    """Return the read-only table of a text; ``_printable`` makes a new one."""
    return tomllib.loads(text.decode("utf-8"))


def _printable(value: object) -> Any:
    """Return the value with every text in it fit to be printed: TOML can escape any sign."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_printable(each) for each in value]
    return {key: _printable(each) for key, each in value.items()} if isinstance(value, dict) else value
