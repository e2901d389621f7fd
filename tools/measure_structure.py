"""Measure how a checkout is built: modules and their size, imports, names, words of its documents; and what a command runs.

``python tools/measure_structure.py [FOLDER]`` reads the source in a folder (this checkout if none is named).
``python tools/measure_structure.py --run WORD...`` runs the program of this checkout with these words and counts the functions
that it enters; every thread is counted, functions without a name are not.
"""

import ast
import re
import sys
import threading
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PACKAGE = "lhasaplan"
SHORT_LINES = 3
FIELDS_IN_A_LIST = 6
HAS_OWN_NAMES = 1  # of a code object: a function, no class body and no module


def sources(root: Path) -> dict[str, ast.Module]:
    """Return the parsed modules of a checkout by dotted name; a package by its own."""
    found = {}
    for path in sorted((root / PACKAGE).rglob("*.py")):
        words = path.relative_to(root).with_suffix("").parts
        found[".".join(words[:-1] if words[-1] == "__init__" else words)] = ast.parse(path.read_text("utf-8"))
    return found


def imports(trees: dict[str, ast.Module]) -> dict[str, set[str]]:
    """Return the modules of the package that each module imports, in functions too."""
    graph: dict[str, set[str]] = {name: set() for name in trees}
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                targets = [f"{node.module}.{alias.name}" for alias in node.names]
                graph[name] |= {target if target in trees else node.module for target in targets} & trees.keys()
    return {name: targets - {name} for name, targets in graph.items()}


def longest_chain(graph: dict[str, set[str]], start: str, under: str) -> int:
    """Return how many modules the longest chain of imports holds; a module that is on the chain already is left out."""
    chain: list[str] = []

    @cache
    def length(name: str) -> int:
        chain.append(name)
        below = [length(target) for target in sorted(graph[name]) if target.startswith(under) and target not in chain]
        chain.pop()
        return 1 + max(below, default=0)

    return length(start)


def deepest_inheritance(trees: dict[str, ast.Module]) -> tuple[int, str]:
    """Return the longest line of our own classes, and the class at its end."""
    bases = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }

    def depth(name: str) -> int:
        return 1 + max((depth(base) for base in bases[name] if base in bases and base != name), default=0)

    return max((depth(name), name) for name in bases)


def sizes(root: Path) -> str:
    """Say how many modules there are and how long: their median, all lines, and the share of lines that import."""
    lengths = sorted(path.read_text("utf-8").count("\n") for path in (root / PACKAGE).rglob("*.py"))
    importing = sum(
        node.end_lineno - node.lineno + 1
        for tree in sources(root).values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and node.end_lineno
    )
    share = f"{importing / sum(lengths):.1%}"
    return f"{len(lengths)}, median {lengths[len(lengths) // 2]} lines, {sum(lengths)} lines in all, {share} of them imports"


def sole_importers(graph: dict[str, set[str]]) -> int:
    """Return how many modules one other module imports alone, which lies in the same package."""
    importers: dict[str, list[str]] = {name: [] for name in graph}
    for name, targets in graph.items():
        for target in targets:
            importers[target].append(name)
    of = {name: by[0] for name, by in importers.items() if len(by) == 1}
    return sum(name.rpartition(".")[0] == by.rpartition(".")[0] for name, by in of.items())


def short_helpers(trees: dict[str, ast.Module]) -> int:
    """Return how many private functions of three lines or fewer one place of their module calls."""
    count = 0
    for tree in trees.values():
        named = Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("_") and named[node.name] == 1:
                body = [each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
                count += sum((each.end_lineno or 0) - each.lineno + 1 for each in body) <= SHORT_LINES
    return count


def classes_named_twice(trees: dict[str, ast.Module]) -> list[str]:
    """Return the names that more than one class has."""
    named = Counter(node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return sorted(name for name, count in named.items() if count > 1)


def lists_of_fields(trees: dict[str, ast.Module]) -> list[str]:
    """Return the modules in which one list, call or class names six or more fields of a camera."""
    camera = next(node for node in trees[f"{PACKAGE}.core.model.camera"].body if getattr(node, "name", "") == "Camera")
    known = {node.target.id for node in ast.walk(camera) if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)}

    def named(node: ast.AST) -> set[object]:
        if isinstance(node, ast.ClassDef):
            return {each.target.id for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)}
        kinds = {ast.Constant: "value", ast.Attribute: "attr", ast.keyword: "arg"}
        return {getattr(each, kinds[type(each)], None) for each in ast.walk(node) if type(each) in kinds}

    lists = ast.List | ast.Tuple | ast.Set | ast.Dict | ast.Call | ast.ClassDef
    return [
        name
        for name, tree in trees.items()
        if any(len(known & named(node)) >= FIELDS_IN_A_LIST for node in ast.walk(tree) if isinstance(node, lists))
    ]


def tell(root: Path) -> None:
    """Print the figures of a checkout."""
    trees = sources(root)
    graph = imports(trees)
    print("modules:", sizes(root))
    print("modules that one module of their package imports alone:", sole_importers(graph))
    print("private functions of three lines or fewer with one caller:", short_helpers(trees))
    twice = classes_named_twice(trees)
    print("class names that stand for several classes:", len(twice), *twice)
    fields = lists_of_fields(trees)
    print("files with a list of six or more camera fields:", len(fields), *fields)
    print("words in docs/*.md:", sum(len(path.read_text("utf-8").split()) for path in (root / "docs").glob("*.md")))
    levels = Counter(str(path.parent.relative_to(root)) for path in (root / PACKAGE).rglob("*.py") if path.name != "__init__.py")
    print("modules at one level:", ", ".join(f"{folder} {count}" for folder, count in levels.most_common(12)))
    start = next(name for name in (f"{PACKAGE}.core.audit.pipeline", f"{PACKAGE}.core.answers.chain") if name in trees)
    print("longest chain of imports in the core from", start, longest_chain(graph, start, f"{PACKAGE}.core."))
    print("deepest inheritance:", *deepest_inheritance(trees))
    print("Any:", sum(len(re.findall(r"\bAny\b", path.read_text("utf-8"))) for path in (root / PACKAGE).rglob("*.py")))


def run(words: list[str]) -> None:
    """Run the program and print how many of our functions it entered, and in how many modules."""
    from lhasaplan.cli import main  # noqa: PLC0415  (only where something is run)

    entered: set[tuple[str, str, int]] = set()
    ours = str(ROOT / PACKAGE)

    def watch(frame: object, event: str, _arg: object) -> None:
        code = getattr(frame, "f_code")  # noqa: B009  (frames have no public type)
        is_function = code.co_flags & HAS_OWN_NAMES and not code.co_name.startswith("<")
        if event == "call" and is_function and code.co_filename.startswith(ours):
            entered.add((code.co_filename, code.co_name, code.co_firstlineno))

    threading.setprofile(watch)  # type: ignore[arg-type]
    sys.setprofile(watch)  # type: ignore[arg-type]
    try:
        main(words)
    except SystemExit:
        pass
    finally:
        sys.setprofile(None)
    print(f"{len(entered)} functions in {len({file for file, _, _ in entered})} modules")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(sys.argv[2:])
    else:
        tell(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT)
