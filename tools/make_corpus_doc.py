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
MOST = 7  # names of one outcome that are listed; `tests/corpus` has all
HEAD = """# Is my file read?

`tools/make_corpus_doc.py` writes this page from the files that `tests/corpus` makes. Change those files, not this page.

- **taken**: everything in the file is read.
- **taken with a remark**: something was left out or had to be understood; the remark names it, with rows, columns and features.
- **refused**: nothing is taken, the project stays as it was, byte for byte, and all faults are told with the place and what
  would be right. Mend the file and import it again.

Each file goes through the import as the command line does it. Tests assert what is taken and where it lies, the words of
remarks and refusals, and the places that they name. No file may end with a traceback, a path of the machine or the words of a
library. The lists name some files of each outcome.
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
            more = f"; {len(names) - MOST} more" if len(names) > MOST else ""
            yield f"- {outcome}: {'; '.join(names[:MOST])}{more}"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
