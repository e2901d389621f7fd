"""Read mutants of one reader's files one after the other, and tell on standard output what comes of each.

Run as a process of its own, which may be ended when it hangs:  python -m corpus.mutants READER SEED COUNT [FIRST]
"""

import random
import resource
import sys
import tempfile
import traceback
from pathlib import Path

from corpus.case import Case, written
from corpus.every import CASES
from corpus.mutation import change_one
from corpus.outcome import bare, read
from lhasaplan.errors import UserError

MOST_BYTES = 6 << 30  # of address space: what asks for more ends with MemoryError instead of ending the machine


def main(reader: str, seed: int, count: int, first: int = 0) -> None:
    """Read the mutants from the first on; a line before each and one after."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    cases = seeds(reader)
    for number in range(first, count):
        with tempfile.TemporaryDirectory() as folder:
            case, made = mutant(cases, Path(folder), seed, number)
            print("start", number, case.key, flush=True)
            print("end", number, _reported(case, made), rss_mb(), flush=True)


def seeds(reader: str) -> list[Case]:
    """Return the cases of a reader whose files can be changed and end by themselves."""
    return [case for case in CASES if case.reader == reader and not case.is_slow and case.before is None]


def mutant(cases: list[Case], folder: Path, seed: int, number: int) -> tuple[Case, Path]:
    """Write the mutant of this number and return the case that it was made of, and the file; the same each time."""
    rng = random.Random(f"{seed} {number}")
    case = rng.choice(cases)
    path = written(case, folder)
    change_one(folder, rng)
    return case, path


def _reported(case: Case, path: Path) -> str:
    try:
        read(case, path, bare())
    except UserError:
        return "refused"
    except BaseException:  # noqa: BLE001 - whatever else it is, it is what is looked for
        sys.stderr.write(f"{case.key}\n{traceback.format_exc()}\n")
        return "crashed"
    return "taken"


def rss_mb() -> int:
    """Return the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() >> 20


if __name__ == "__main__":
    main(sys.argv[1], *(int(each) for each in sys.argv[2:]))
