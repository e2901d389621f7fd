"""Write docs/reading-odd-files.md from the corpus of small files: what is taken, with which remark, what is refused.

Run it after every change of tests/corpus:  python tools/make_corpus_doc.py
"""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from corpus.awaiting import AWAITING  # noqa: E402
from corpus.case import OUTCOMES, Case  # noqa: E402
from corpus.every import CASES, READERS  # noqa: E402

PAGE = ROOT / "docs" / "reading-odd-files.md"
HEAD = """# What comes of odd files

Written by `tools/make_corpus_doc.py` from the files that `tests/corpus` writes; change the files, not this page.

Each file goes through the import as the command line does it. A test asserts what is taken and where it lies, the words of
remarks and refusals, the rows, columns and features that they name, and that a refused file leaves the project as it was, byte
for byte. No file may end with a traceback, a path of the machine or the words of a library.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *_table(), "", *_waiting(), *(line for reader in READERS for line in _files(reader.cases))]) + "\n"


def _table() -> Iterable[str]:
    yield f"| reader | {' | '.join(OUTCOMES)} | files |"
    yield "|---|---|---|---|---|"
    for reader in READERS:
        yield _row(reader.name, reader.cases)
    yield _row("**all**", CASES)


def _row(name: str, cases: Iterable[Case]) -> str:
    counted = Counter(case.outcome for case in cases)
    return f"| {name} | {' | '.join(str(counted[each]) for each in OUTCOMES)} | {counted.total()} |"


def _waiting() -> Iterable[str]:
    if AWAITING:
        yield f"Not met yet: {len(AWAITING)} files.\n"
        yield from (f"- {key}: {reason}" for key, reason in AWAITING.items())
        yield ""


def _files(cases: list[Case]) -> Iterable[str]:
    yield f"## {cases[0].reader[0].upper()}{cases[0].reader[1:]}\n"
    for outcome in OUTCOMES:
        names = [case.name for case in cases if case.outcome == outcome]
        if names:
            yield f"- {outcome}: {'; '.join(names)}"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
