"""Every dotted name of the program that stands anywhere, in strings and prose too, is one that there is."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from translation_keys import ROOT

_DOTTED = re.compile(r"(?<![\w./-])lhasaplan(?:\.(?!__)[A-Za-z_]\w*)+")
_FILE = re.compile(r"(?<![\w./*{}<>-])(?:\w[\w-]*/)+\w+\.py\b")
_TELL_OF_BEFORE = {"CHANGELOG.md"}  # of names that were
_FOLDERS = ("lhasaplan", "tests", "tools", "docs", "data", "layers", "reports")
_KINDS = {".py", ".pyi", ".md", ".toml"}


def texts() -> Iterator[Path]:
    """Yield what may name modules: code, tests, tools, documents, settings."""
    for file in ROOT.iterdir():
        if file.suffix in _KINDS and file.name not in _TELL_OF_BEFORE:
            yield file
    for folder in _FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in _KINDS and file.name not in _TELL_OF_BEFORE:
                yield file


@cache
def body_of(path: Path) -> tuple[ast.stmt, ...]:
    return tuple(ast.parse(path.read_text("utf-8")).body)


def bound(statements: tuple[ast.stmt, ...]) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the names that statements of a module or class bind, in branches too."""
    for each in statements:
        match each:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, each
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((alias.asname or alias.name.partition(".")[0], each) for alias in names)
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, each
            case ast.Assign(targets=targets):
                names_of = (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
                yield from ((name, each) for name in names_of)
            case ast.If() | ast.Try():
                yield from bound((*each.body, *each.orelse))


def is_there(dotted: str) -> bool:
    """Tell whether a dotted name is a module, a package, or a name in one; of classes the first level is looked at."""
    words = dotted.split(".")
    for length in range(len(words), 0, -1):
        place, rest = ROOT.joinpath(*words[:length]), words[length:]
        if place.with_suffix(".py").is_file():
            return not rest or _holds(body_of(place.with_suffix(".py")), rest)
        if (place / "__init__.py").is_file():
            faces = [face for face in (place / "__init__.py", place / "__init__.pyi") if face.is_file()]
            return not rest or any(_holds(body_of(face), rest) for face in faces)
    return False


def _holds(statements: tuple[ast.stmt, ...], words: list[str]) -> bool:
    found = dict(bound(statements)).get(words[0])
    if isinstance(found, ast.ClassDef) and len(words) > 1 and not found.bases:
        return words[1] in dict(bound(tuple(found.body)))
    return found is not None


def test_that_every_dotted_name_of_the_program_is_one_that_there_is():
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in texts()
        for name in set(_DOTTED.findall(path.read_text("utf-8")))
        if not is_there(name)
    }
    assert not missing, "\n".join(sorted(missing))


MADE_BY_A_BUILD = "/lhasaplan/release_files.py"


def test_that_every_python_file_that_is_named_by_its_path_is_one_that_there_is():
    files = [f"/{path.relative_to(ROOT).as_posix()}" for path in texts()]
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in texts()
        for name in set(_FILE.findall(path.read_text("utf-8")))
        if not any(file.endswith(f"/{name}") for file in (*files, MADE_BY_A_BUILD))
    }
    assert not missing, "\n".join(sorted(missing))


def test_that_a_name_is_looked_for_in_modules_classes_and_what_packages_offer():
    there = (
        "lhasaplan.errors",
        "lhasaplan.errors.Fault",
        "lhasaplan.open_project",
        "lhasaplan.core.base.translations.Translations.fault",
    )
    gone = tuple(
        f"lhasaplan.{name}" for name in ("mistakes", "errors.Mistake", "open_plan", "core.base.translations.Translations.mistake")
    )
    assert all(map(is_there, there))
    assert not any(map(is_there, gone))
