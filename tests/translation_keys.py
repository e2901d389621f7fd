"""Collect every English sentence that the code shows, and what the catalogues make of it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).resolve().parent.parent
KEYED = {"Fault", "fault", "_fault", "marked", "translations", "w", "_translations"}


@dataclass(frozen=True, slots=True)
class ModuleTexts:
    """What a module says: texts of keyed calls or the names that stand for them, constants in capitals, and every text."""

    keyed: list[tuple[list[str], str]]
    constants: list[tuple[str, list[str]]]
    texts: frozenset[str]


@cache
def _modules() -> dict[str, ModuleTexts]:
    """Return what each module says, by its path in the package; the trees of all are 240 MB and are not kept."""
    folder = ROOT / "lhasaplan"
    return {str(path.relative_to(folder)): _read(ast.parse(path.read_text("utf-8"))) for path in sorted(folder.rglob("*.py"))}


def _read(tree: ast.Module) -> ModuleTexts:
    constants = [
        (node.targets[0].id, literals(node.value))
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper()
    ]
    values = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    keyed = [(literals(argument), _name(argument)) for argument in _keyed_arguments(tree)]
    return ModuleTexts(keyed, constants, frozenset(value for value in values if isinstance(value, str)))


@cache
def sentences() -> dict[str, str]:
    """Return each sentence that is passed to a translating call, with the file it stands in."""
    found: dict[str, str] = {}
    for file, module in _modules().items():
        for reported, name in module.keyed:
            for text in reported or _constants().get(name, []):
                found.setdefault(text, file)
    return found


@cache
def every_literal() -> frozenset[str]:
    """Return every text in the code, shown or not."""
    return frozenset().union(*(module.texts for module in _modules().values()))


@cache
def _constants() -> dict[str, list[str]]:
    """Return the texts of constants in capitals, by name: sentences that are named before they are used."""
    found: dict[str, list[str]] = {}
    for module in _modules().values():
        for name, texts in module.constants:
            found.setdefault(name, []).extend(texts)
    return found


def _keyed_arguments(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in KEYED:
            yield node.args[0]


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def literals(node: ast.expr) -> list[str]:
    """Return the texts that an argument may be: a literal, or either side of a choice between literals."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return [*literals(node.body), *literals(node.orelse)] if isinstance(node, ast.IfExp) else []


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a template."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
