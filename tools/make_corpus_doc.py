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
HEAD = """# Is my file read?

`tools/make_corpus_doc.py` writes this page from the files that `tests/corpus` makes. Change those files, not this page.

- **taken**: everything in the file is read.
- **taken with a remark**: something was left out or had to be understood. The remark names it, with rows, columns and features.
- **refused**: nothing is taken and the project stays as it was, byte for byte. All faults are listed with the place and what
  would be right. Mend the file and import it again.

Each file goes through the import of the command line. Tests assert what is taken and where it lies, the words of remarks and
refusals, and the places that they name. No file may end with a traceback, a path of the machine or the words of a library.
The table counts files; `tests/corpus` has the name of each, which says what is odd about it.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *_table(), "", *_waiting()]).rstrip("\n") + "\n"


def _table() -> Iterable[str]:
    yield f"| reader | {' | '.join(OUTCOMES)} |"
    yield "|---|---|---|---|"
    for reader in READERS:
        yield f"| {reader.name} | {' | '.join(_cell(reader.cases, outcome) for outcome in OUTCOMES)} |"
    counted = Counter(case.outcome for case in CASES)
    yield f"| **all {counted.total()}** | {' | '.join(str(counted[each]) for each in OUTCOMES)} |"


def _cell(cases: Iterable[Case], outcome: str) -> str:
    return str(sum(case.outcome == outcome for case in cases) or "")


def _waiting() -> Iterable[str]:
    if AWAITING:
        yield f"Not met yet: {len(AWAITING)} files.\n"
        yield from (f"- {key}: {reason}" for key, reason in AWAITING.items())
        yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
