"""Fuzz the readers by hand, guided by coverage, with atheris; tell executions, crashes, hangs and growth of memory.

    python tools/fuzz_readers.py --list
    python tools/fuzz_readers.py "camera table" --seconds 3600

atheris is no part of the environment: `python -m pip install --target FOLDER atheris` puts it into a folder of its own, which
`--atheris FOLDER` names. What is found lies in the folder of `--out`, a file for each kind of crash with the bytes that make it.
"""

import argparse
import importlib
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HANG_S, MOST_MB, LONGEST = 60, 4096, 400_000
SEEN = ["lhasaplan.io", "lhasaplan.workflow", "lhasaplan.store", "lhasaplan.report.formats"]  # whose lines lead the search
ABSENT = (
    "atheris is not here. It is no part of the program: put it into a folder with\n"
    "    python -m pip install --target /tmp/atheris atheris\n"
    "and name the folder with --atheris /tmp/atheris"
)


def main(arguments: list[str] | None = None) -> int:
    """Fuzz one reader for some time, starting again after each hang, and print the figures."""
    options = _options(arguments)
    sys.path[:0] = [str(ROOT), str(ROOT / "tests"), *([str(options.atheris)] if options.atheris else [])]
    if options.child:  # nothing of the program is loaded by then: what is loaded before atheris is not seen by it
        _fuzz(options)
        return 0
    if options.list:
        print("\n".join(_readers()))
        return 0
    if importlib.util.find_spec("atheris") is None:
        print(ABSENT, file=sys.stderr)
        return 2
    if options.reader not in _readers():
        print(f"{options.reader} is no reader; there are: {', '.join(_readers())}", file=sys.stderr)
        return 2
    return _watch(options)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", nargs="?", default="")
    parser.add_argument("--list", action="store_true", help="say which readers there are")
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--atheris", type=Path, default=None, help="folder in which atheris lies")
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / "fuzz")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _readers() -> list[str]:
    from corpus.every import READERS  # noqa: PLC0415 - the path is set by then
    from corpus.further_doors import DOORS  # noqa: PLC0415 - the path is set by then

    # What is read as a whole folder, or is no file, cannot be fuzzed by the bytes of one.
    return [each.name for each in (*READERS, *DOORS) if each.name != "a path that is no file"]


def _watch(options: argparse.Namespace) -> int:
    """Run children until the time is up; one that dies or hangs is counted and followed by another."""
    home = options.out / re.sub(r"\W+", "-", options.reader)
    home.mkdir(parents=True, exist_ok=True)
    end, hangs, deaths, late, runs, grown = time.monotonic() + options.seconds, 0, 0, 0, 0, 0
    while (left := int(end - time.monotonic())) > 5:
        (home / "figures.json").unlink(missing_ok=True)
        code, text = _child(options, home, left)
        hangs += "ALARM" in text
        deaths += code not in {0, None} and "ALARM" not in text
        late += code is None
        with suppress(FileNotFoundError, ValueError):
            reported = json.loads((home / "figures.json").read_text(encoding="utf-8"))
            runs, grown = runs + reported["runs"], max(grown, reported["last_mb"] - reported["first_mb"])
    crashes = sorted(path.stem for path in home.glob("crash-*.txt"))
    print(
        f"{options.reader}: {runs} executions in {options.seconds} s, {len(crashes)} kinds of crash, {hangs} hangs, "
        f"{deaths} deaths of the process, memory grew by {grown} MB, {late} runs ended from outside"
    )
    print("\n".join(crashes))
    return 1 if crashes or hangs or deaths else 0


def _child(options: argparse.Namespace, home: Path, seconds: int) -> tuple[int | None, str]:
    more = ["--atheris", str(options.atheris)] if options.atheris else []
    command = [sys.executable, __file__, options.reader, "--child", "--seconds", str(seconds), "--out", str(home), *more]
    with (home / f"log-{seconds}.txt").open("w+", encoding="utf-8", errors="replace") as log:
        try:
            code: int | None = subprocess.run(command, stdout=log, stderr=log, timeout=seconds + 300, check=False).returncode
        except subprocess.TimeoutExpired:
            code = None
        log.seek(0)
        return code, log.read()


def _fuzz(options: argparse.Namespace) -> None:
    """Fuzz in this process; libFuzzer ends it when the time is up, a file takes too long or memory too much."""
    import atheris  # noqa: PLC0415 - only where it is asked for

    with atheris.instrument_imports(
        include=["lhasaplan.io", "lhasaplan.workflow", "lhasaplan.store", "lhasaplan.report.formats"]
    ):
        from corpus import mutation  # noqa: PLC0415

        from lhasaplan.io.importing import door  # noqa: PLC0415
    from lhasaplan.errors import UserError  # noqa: PLC0415

    door.apart = _here  # lines that another process reaches would not be seen
    home = Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    path, contents, read = _target(options.reader, home)
    seeds = _seeds(contents, options.out)
    with suppress(UserError):
        read()  # what is loaded once is no part of a file's time
    one = _one(read, UserError, path, options.out)

    def custom(content: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        changed = mutation.mutated(content, rng) if rng.random() < 0.7 else atheris.Mutate(content, most)
        return bytes(changed)[:most]

    flags = [f"-max_total_time={options.seconds}", f"-timeout={HANG_S}", f"-rss_limit_mb={MOST_MB}", f"-max_len={LONGEST}"]
    flags += [f"-artifact_prefix={options.out}/", "-len_control=0", "-close_fd_mask=0"]
    atheris.Setup([sys.argv[0], *flags, str(seeds)], one, custom_mutator=custom)
    atheris.Fuzz()


def _target(name: str, home: Path) -> tuple[Path, list[bytes], Callable[[], Any]]:
    """Return where the content of a reader's file is put, sound contents to begin with, and what reads it there."""
    from corpus import mutants, outcome  # noqa: PLC0415 - the path is set by then
    from corpus.case import written  # noqa: PLC0415 - the path is set by then
    from corpus.further_doors import DOORS  # noqa: PLC0415 - the path is set by then

    further = next((door for door in DOORS if door.name == name), None)
    if further is not None:
        path = home / further.file
        further.write(path)
        return path, [path.read_bytes()], lambda: further.read(path)
    cases = mutants.seeds(name)
    whole = next((case for case in cases if case.outcome != "refused" and written(case, home).is_file()), cases[0])
    path, project = written(whole, home), outcome.bare()
    files = [file for case in cases if (file := written(case, Path(tempfile.mkdtemp(dir=home)))).is_file()]
    # What has several parts is fuzzed by its main part.
    return path, [file.read_bytes() for file in files], lambda: outcome.read(whole, path, project)


def _seeds(contents: list[bytes], out: Path) -> Path:
    folder = out / "seeds"
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(contents):
        if len(content) < LONGEST:
            (folder / f"{number:04d}").write_bytes(content)
    return folder


def _here(module: str, function: str, *arguments: Any, of: str, bounds: object, progress: object, **named: Any) -> Any:
    """Read in this process what the program reads apart."""
    return getattr(importlib.import_module(module), function)(*arguments, **named)


def _one(read: Callable[[], Any], refusal: type[Exception], path: Path, out: Path) -> Callable[[bytes], None]:
    """Return the function that reads one content in the place of a whole file."""
    from corpus.mutants import rss_mb  # noqa: PLC0415 - the path is set by then

    figures = {"runs": 0, "first_mb": 0, "last_mb": 0}

    def one(content: bytes) -> None:
        path.write_bytes(content)
        try:
            read()
        except refusal:
            pass
        except Exception as error:  # noqa: BLE001 - what is looked for; the search goes on behind it
            _keep(out, content, error)
        figures["runs"] += 1
        if figures["runs"] % 20 == 0:
            figures["last_mb"] = rss_mb()
            figures["first_mb"] = figures["first_mb"] if figures["runs"] > 500 else figures["last_mb"]
            (out / "figures.json").write_text(json.dumps(figures), encoding="utf-8")

    return one


def _keep(out: Path, content: bytes, error: BaseException) -> None:
    """Keep the first content of each kind of crash, a kind being the error and the line of ours that it passed last."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if f"{os.sep}lhasaplan{os.sep}" in frame.filename]
    where = f"{Path(frames[-1].filename).stem}-{frames[-1].lineno}" if frames else "elsewhere"
    name = f"crash-{type(error).__name__}-{where}"
    if not (out / f"{name}.txt").exists():
        (out / f"{name}.bin").write_bytes(content)
        (out / f"{name}.txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
