"""Move modules to where ``moved_modules.toml`` puts them, and rewrite every import and mention of where they were.

Run it in a checkout as often as you like: what has moved stays, and what still names an old place is rewritten. The table is
read as it is now; files that git ignores are left alone.

A branch that was begun before the move would meet conflicts in every list of imports. In a clean checkout of it
``git show main:tools/move_modules.py | python - --carry-over`` rewrites its commits as if the move had been made first, then
puts them on top of main; what they were stays under the tag ``before-carry-over``.
"""

import ast
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1] if "__file__" in globals() and Path(__file__).is_file() else Path.cwd()
TABLE = ROOT / "tools" / "moved_modules.toml"
TOOL = ("tools/move_modules.py", "tools/moved_modules.toml")
MAIN = "main"
ROOM = "lhasaplan"
LEFT_ALONE = {"tools/moved_modules.toml", "tools/move_modules.py", "CHANGELOG.md", "README.md"}
_DOTTED = re.compile(rf"\b{ROOM}(?:\.\w+)+")
_PATH = re.compile(rf"(?<![\w./-])({ROOM}/)?((?:core|io|report|workflow|app)(?:/\w+)+)\.py\b")
_LATER = re.compile(r"""(?<=_later\()(\s*["'])([\w.]+)(?=["'])""")


class Moves:
    """Old and new dotted names."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.packages: dict[str, str] = {old: new for new, old in table.pop("packages", {}).items()}
        self.names = table.pop("names", {})
        self.identifiers: dict[str, str] = table.pop("identifiers", {})
        self.left = table.pop("left", {}).get("packages", [])
        self.docstrings = {package: names.pop("") for package, names in table.items() if "" in names}
        self.modules = {old: f"{package}.{name}" for package, names in table.items() for name, old in names.items()}
        self.new_modules = set(self.modules.values())
        self.new_packages = set(table) | set(self.packages.values())

    def home_of(self, dotted: str) -> str | None:
        """Return where a dotted name has gone, attributes kept; None where it stands or was never moved."""
        words = dotted.split(".")
        heads = [".".join(words[:length]) for length in range(len(words), 1, -1)]
        for head in heads:
            if head in self.new_modules or _path(head).exists():
                return None
            if head in self.modules:
                return self.modules[head] + dotted[len(head) :]
            if head in self.packages:
                return self.packages[head] + dotted[len(head) :]
        return None

    def is_two_things(self, dotted: str) -> bool:
        """Say whether a name was a module and is a package now."""
        return dotted in self.modules and dotted in self.new_packages

    def holds(self, package: str, name: str) -> bool:
        """Say whether a module of that name stands in a package now."""
        full = f"{package}.{name}"
        return full in self.new_modules | self.new_packages or _path(full).exists()


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _path(dotted: str) -> Path:
    return ROOT / (dotted.replace(".", "/") + ".py")


def move_files(moves: Moves) -> int:
    """Move what still stands at an old place; returns how many files went."""
    count = 0
    for package, text in moves.docstrings.items():
        face = ROOT / package.replace(".", "/") / "__init__.py"
        if not face.exists():
            face.parent.mkdir(parents=True, exist_ok=True)
            face.write_text(f'"""{text}"""\n', encoding="utf-8")
            _git("add", str(face))
    for old, new in moves.packages.items():
        (ROOT / new.replace(".", "/")).mkdir(parents=True, exist_ok=True)
        count += _move(ROOT / old.replace(".", "/") / "__init__.py", ROOT / new.replace(".", "/") / "__init__.py")
    waiting = dict(moves.modules)
    count += sum(_move(_path(old), _path(new)) for old, new in waiting.items() if old != new)
    for room in moves.left:
        face = ROOT / room.replace(".", "/") / "__init__.py"
        if face.exists() and [file.name for file in face.parent.glob("*.py")] == ["__init__.py"]:
            _git("rm", "--force", "--quiet", str(face))
    for old, new in moves.packages.items():
        for file in sorted((ROOT / old.replace(".", "/")).glob("*.py")):
            count += _move(file, ROOT / new.replace(".", "/") / file.name)
    return count


def _move(old: Path, new: Path) -> int:
    if not old.exists():
        return 0
    if new.exists():
        print(f"both exist, look at them yourself: {old.relative_to(ROOT)} and {new.relative_to(ROOT)}")
        return 0
    new.parent.mkdir(parents=True, exist_ok=True)
    _git("add", str(old))
    _git("mv", str(old), str(new))
    return 1


def rewritten(text: str, moves: Moves, is_python: bool, home: str = "") -> str:
    """Return a file's text with every old place and name replaced by the new one; ``home`` is the module that it is."""
    if is_python:
        text = _LATER.sub(lambda found: found[1] + _later(found[2], moves), _imports_split(text, moves))
    text = _DOTTED.sub(lambda found: _named(found, text, moves, is_python), text)
    text = _PATH.sub(lambda found: _as_path(found, moves), text)
    return _renamed(text, moves, home) if is_python else text


def _renamed(text: str, moves: Moves, home: str) -> str:
    """Give identifiers their new names in a file that defines or imports them."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    taken = {(node.module, alias.name) for node in nodes for alias in node.names}
    for full, new in moves.identifiers.items():
        module, _, old = full.partition(":")
        if (module, old) in taken or module == home:
            text = re.sub(rf"(?<![\w.]){old}\b", new, text)
    return text


def _imports_split(text: str, moves: Moves) -> str:
    """Give a statement of its own to each module that an import takes from an old package, and to each name that moved."""
    lines = text.split("\n")
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) and not node.level and node.module]
    for node in sorted(nodes, key=lambda node: -node.lineno):
        said = [_taken(node.module or "", alias, moves) for alias in node.names]
        if all(module == node.module for module, _ in said):
            continue
        first, last = lines[node.lineno - 1], lines[node.end_lineno - 1]
        indent, note = first[: len(first) - len(first.lstrip())], last.partition("#")
        groups: dict[str, list[str]] = {}
        for module, name in said:
            groups.setdefault(module, []).append(name)
        tail = f"  #{note[2]}" if note[1] else ""
        lines[node.lineno - 1 : node.end_lineno] = [
            f"{indent}from {module} import {', '.join(names)}{tail}" for module, names in groups.items()
        ]
    return "\n".join(lines)


def _taken(module: str, alias: ast.alias, moves: Moves) -> tuple[str, str]:
    """Return from where a name is imported now, and how."""
    shown = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
    full = f"{module}.{alias.name}"
    if full in moves.modules and full not in moves.new_modules and alias.name not in _said_by(module):
        package, _, last = moves.modules[full].rpartition(".")
        told = alias.asname or alias.name
        return package, last if last == told else f"{last} as {told}"
    if f"{module}:{alias.name}" in moves.names:
        return moves.names[f"{module}:{alias.name}"], shown
    return module, shown


def _said_by(package: str) -> set[str]:
    """Return the names that a package's own face imports, which hide modules of the same name."""
    face = ROOT / package.replace(".", "/") / "__init__.py"
    nodes = ast.parse(face.read_text("utf-8")).body if face.exists() else []
    return {alias.asname or alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}


def _later(relative: str, moves: Moves) -> str:
    for room in (ROOM, f"{ROOM}.core"):
        home = moves.home_of(f"{room}.{relative}")
        if home and home.startswith(f"{room}."):
            return home.removeprefix(f"{room}.")
    return relative


def _named(found: re.Match[str], text: str, moves: Moves, is_python: bool) -> str:
    dotted = found[0]
    if moves.is_two_things(dotted):
        names = re.match(r"\s+import\s+\(?([\w\s,]+)", text[found.end() :])
        words = [word.split()[0] for word in names[1].split(",") if word.strip()] if names else []
        if not is_python or (words and all(moves.holds(dotted, word) for word in words)):
            return dotted
    return moves.home_of(dotted) or dotted


def _as_path(found: re.Match[str], moves: Moves) -> str:
    home = moves.home_of(f"{ROOM}.{found[2].replace('/', '.')}")
    return f"{found[1] or ''}{home.removeprefix(ROOM + '.').replace('.', '/')}.py" if home else found[0]


def carry_over() -> None:
    """Rewrite the commits that main lacks as if they had been made after the move, and put them on top of main."""
    if _git("status", "--porcelain").strip():
        sys.exit("commit first: the checkout has changes")
    base = _git("merge-base", "HEAD", MAIN).strip()
    commits = _git("rev-list", "--reverse", f"{base}..HEAD").split()
    _git("tag", "--force", "before-carry-over", "HEAD")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "tree"
        _git("worktree", "add", "--detach", str(place), base)
        start = tip = _moved(place, base, base, "Move modules")
        for commit in commits:
            tip = _moved(place, commit, tip, commit)
        _git("worktree", "remove", "--force", str(place))
    _git("reset", "--hard", tip)
    print(f"{len(commits)} commits carried over; git rebase --onto {MAIN} {start[:12]} follows")
    sys.exit(subprocess.run(["git", "rebase", "--onto", MAIN, start], cwd=ROOT, check=False).returncode)


def _moved(place: Path, commit: str, parent: str, said: str) -> str:
    """Commit the tree of a commit as it is after the move on top of a parent; returns the new commit."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=place, check=True, capture_output=True, text=True).stdout.strip()

    git("reset", "--hard", commit)
    git("clean", "-fdq")
    for name in TOOL:
        (place / name).write_text(_git("show", f"{MAIN}:{name}"), encoding="utf-8")
    subprocess.run([sys.executable, TOOL[0]], cwd=place, check=True)
    git("add", "--all")
    tree, message = git("write-tree"), said if said != commit else git("log", "-1", "--format=%B", commit)
    return git("commit-tree", tree, "-p", parent, "-m", message)


def main() -> None:
    """Move, rewrite, sort imports."""
    moves = Moves(tomllib.loads(TABLE.read_text("utf-8")))
    moved, changed = move_files(moves), []
    for name in _git("ls-files", "--cached", "--others", "--exclude-standard", "*.py", "*.pyi", "*.toml", "*.md").split("\n"):
        file = ROOT / name
        if not name or name in LEFT_ALONE or not file.is_file():
            continue
        before = file.read_text("utf-8")
        after = rewritten(before, moves, file.suffix in (".py", ".pyi"), name.removesuffix(".py").replace("/", "."))
        if after != before:
            file.write_text(after, encoding="utf-8")
            changed.append(name)
    python = [name for name in changed if name.endswith((".py", ".pyi"))]
    if python:
        ruff = [sys.executable, "-m", "ruff"]
        subprocess.run([*ruff, "check", "--quiet", "--select", "I,F401", "--fix", *python], cwd=ROOT, check=False)
        subprocess.run([*ruff, "format", "--quiet", *python], cwd=ROOT, check=False)
    print(f"{moved} files moved, {len(changed)} files rewritten")


if __name__ == "__main__":
    carry_over() if "--carry-over" in sys.argv else main()
