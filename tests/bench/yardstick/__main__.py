"""Score what tools say a camera sees against the truth; README.md says what is true and how answers look.

``score FOLDER [--no-lens]`` scores a folder of answers of any tool; ``--no-lens`` of one that knows no picture, which is then
scored within the picture alone. ``score`` asks and scores every tool that is installed; ``--write-docs FILE`` also puts the
tables between the marks of a page. ``make`` writes the scenes anew.
"""

import sys
import tempfile
from pathlib import Path

from .scoring import FOLDER, asked_of, read_seconds, score_scene

THINGS = ("points", "walls", "cells")
HEADS = ("scene", *THINGS, "density off", "CPU, s")
MARKS = "<!-- scores -->\n", "<!-- end of scores -->\n"


def main(words):
    """Run one of the commands; 2 where none is meant."""
    if words == ["make"]:
        from .files import write_all

        write_all(FOLDER)
        return 0
    if words[:1] != ["score"]:
        print(__doc__)
        return 2
    if words[1:] and not words[1].startswith("--"):
        print(table_of(words[1], Path(words[1]), "--no-lens" not in words))
        return 0
    tables = list(tables_of_tools())
    if words[1:2] == ["--write-docs"]:
        write_between(Path(words[2]), "\n".join(tables))
    return 0


def tables_of_tools():
    """Yield what is asked; then ask every tool, and print and yield its table; of one that is not installed a line."""
    from .tools import TOOLS

    yield table_of_truth()
    for name, ask in TOOLS.items():
        with tempfile.TemporaryDirectory() as folder:
            why_not = ask(Path(folder))
            table = f"**{name}**: {why_not}\n" if why_not else table_of(name, Path(folder), has_lens=False)
        print(table)
        yield table


def table_of(title, answers, has_lens):
    """Return the scores of a folder as a table of Markdown, a row a scene: precision / recall of each thing that is answered."""
    seconds, lines = read_seconds(answers), [f"**{title}**\n", f"| {' | '.join(HEADS)} |", "|---" * len(HEADS) + "|"]
    for scene in sorted(FOLDER.iterdir()):
        found = score_scene(scene.name, answers, has_lens)
        each = [f"{found[it].precision:.4f} / {found[it].recall:.4f}" if it in found else "-" for it in THINGS]
        off = [one.density_off_percent for one in found.values() if one.density_off_percent is not None]
        spent = f"{seconds[scene.name]:.3f}" if scene.name in seconds else "-"
        lines.append(f"| {scene.name} | {' | '.join(each)} | {f'{max(off):.3f} %' if off else '-'} | {spent} |")
    return "\n".join([*lines, ""])


def table_of_truth():
    """Return how many of what is asked are seen as a table of Markdown, a row a scene."""
    lines = [f"| scene | {' | '.join(f'{it} seen, of' for it in THINGS)} |", "|---" * (1 + len(THINGS)) + "|"]
    for scene in sorted(FOLDER.iterdir()):
        found = asked_of(scene.name)
        lines.append(f"| {scene.name} | {' | '.join(f'{found[it].seen:,}, {found[it].asked:,}' for it in THINGS)} |")
    return "\n".join([*lines, ""])


def write_between(path, text):
    """Put text between the marks of a page."""
    before, rest = path.read_text(encoding="utf-8").split(MARKS[0])
    path.write_text(before + MARKS[0] + "\n" + text + "\n" + MARKS[1] + rest.split(MARKS[1])[1], encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
