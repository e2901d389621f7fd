"""Read what is protected and its many names and tags, and refuse it when it protects less than the core's minimum."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from pydantic import BeforeValidator

from lhasaplan.content import content_folder
from lhasaplan.core.base.spelling import plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.protection.kind_types import ProtectedKind, ProtectedKinds
from lhasaplan.core.protection.minimum import PROTECTED_WORDS_SHA256, SCHEMAS_SHA256, loosened
from lhasaplan.core.protection.protected_names import Elsewhere
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.toml_file import TomlTable, read_toml
from lhasaplan.io.parse.validation import BY_TYPE, TomlSchema, refuse, stated_by

# Read what protected places are called in many languages and in many schemas: more tags of the same kinds.
#
# Words are those of ``data/protected_words.toml``; columns and their values those of ``data/schemas.toml``.

FILE, _ELSEWHERE, SCHEMAS = "protected_words.toml", "elsewhere", "schemas.toml"
_OF_NAMES, _AS_WRITTEN = (_ELSEWHERE, "in_names"), "accented"
_OF_SCHEMA = frozenset({"name", "source", "columns", "words"})  # the rest are kinds
_CHANGED = marked(
    "these are not the words of protected places that the program holds; leave this table as it is and add words to the tags "
    "of a kind in protected.toml"
)


def with_words(kinds: Iterable[ProtectedKind]) -> tuple[ProtectedKind, ...]:
    """Return the kinds with what their places are called in other languages among their tags."""
    words, _ = protected_words()
    return tuple(replace(kind, tags=(*kind.tags, *words.get(kind.name, ())), near=kind.tags) for kind in kinds)


@cache
def protected_words() -> tuple[Mapping[str, tuple[str, ...]], Elsewhere]:
    """Return, for each kind, the conditions that the words make with their keys; and the names that mean something else.

    Raises
    ------
    InputError
        The table is not the one that the program holds.
    """
    words, elsewhere = read_words(content_folder("data") / FILE)
    said, columns = read_schemas(content_folder("data") / SCHEMAS)
    kinds = {kind: (*words.get(kind, ()), *said.get(kind, ())) for kind in {**words, **said}}
    return kinds, replace(elsewhere, columns=columns)


def word_keys() -> frozenset[str]:
    """Return the keys of which a word may be the value."""
    words, others = protected_words()
    return others.columns.union(condition.partition("=")[0] for each in words.values() for condition in each)


def elsewhere() -> Elsewhere:
    """Return the names that have such words and mean something else."""
    return protected_words()[1]


def read_words(path: Path) -> tuple[Mapping[str, tuple[str, ...]], Elsewhere]:
    """Return the conditions of a table of words, and the names that mean something else."""
    table, _ = read_toml(path)
    if words_sha256(table) != PROTECTED_WORDS_SHA256:
        raise InputError(Fault(_CHANGED, Where(path.name)))
    said = {name: words for each in _OF_NAMES for name, words in table[each].items()}
    others = Elsewhere(**{name: frozenset(words if name == _AS_WRITTEN else map(plain, words)) for name, words in said.items()})
    kinds = {kind: rows for kind, rows in table.items() if kind not in _OF_NAMES}
    return {kind: tuple(f"{key}={'|'.join(_words(rows))}" for key in rows["keys"]) for kind, rows in kinds.items()}, others


def read_schemas(path: Path) -> tuple[Mapping[str, tuple[str, ...]], frozenset[str]]:
    """Return the conditions that the columns of schemas make, by kind, and the columns in which words of all kinds are read."""
    table, _ = read_toml(path)
    schemas = table.get("schema", [])
    if words_sha256({str(n): each for n, each in enumerate(schemas)}) != SCHEMAS_SHA256:
        raise InputError(Fault(_CHANGED, Where(path.name)))
    said: dict[str, tuple[str, ...]] = {}
    for each in schemas:
        for kind in sorted(set(each) - _OF_SCHEMA):
            said[kind] = (*said.get(kind, ()), *(f"{column}={'|'.join(each[kind])}" for column in each["columns"]))
    return said, frozenset(column for each in schemas if each.get("words") for column in each["columns"])


def _words(rows: TomlTable) -> list[str]:
    return sorted({word for language, words in rows.items() if language != "keys" for word in words})


def words_sha256(table: Mapping[str, object]) -> str:
    """Return a digest of what the table says, however it is laid out."""
    lines = sorted(
        f"{kind}\t{row}\t{word}"
        for kind, rows in table.items()
        for row, words in (rows if isinstance(rows, dict) else {"": rows}).items()
        for word in (words if isinstance(words, list) else [words])
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


# Read ``data/protected.toml`` and refuse it when it protects less than the core's minimum.


def _home_or_protected(cls: object) -> object:
    if cls not in (ProtectedClass.HOME, ProtectedClass.PROTECTED):
        raise refuse(BY_TYPE["literal_error"], value=str(cls), expected="'home' or 'protected'")
    return cls


KINDS = TomlSchema(
    keys={"kinds": "kind", "cls": "class"},  # a table a kind
    checks={"ProtectedKind.cls": BeforeValidator(_home_or_protected)},
)


def load_protected_kinds(path: Path | None = None) -> ProtectedKinds:
    """Return the protected kinds of the shipped file, or of another one.

    Raises
    ------
    InputError
        The file cannot be read, has a wrong key, reads the tag ``religion`` or protects less than the minimum; every fault
        names file and key.
    """
    path = path or content_folder("data") / "protected.toml"
    table, sha256 = read_toml(path)
    names = [str(row.get("name", "")) for row in table.get("kind", []) if isinstance(row, dict)]
    stated = stated_by(table, path.name, ProtectedKinds, KINDS, {"kind": names})
    kinds = replace(stated, sha256=sha256, elsewhere=elsewhere())
    faults = loosened(kinds, path.name)
    if faults:
        raise InputError(*faults)
    return replace(kinds, kinds=with_words(kinds.kinds))  # what the file itself lacks was told before
