"""Files that were changed at random are refused or taken: no reader crashes, hangs or grows."""

import importlib.util
import random
import subprocess
import sys

import pytest
from sources import ROOT

from corpus.every import READERS
from corpus.mutants import mutant, seeds
from corpus.mutation import mutated
from corpus.watchdog import Figures, watched

SEED, COUNT, GROWTH_MB = 20261127, 120, 250


@pytest.mark.nightly
@pytest.mark.parametrize("reader", [reader.name for reader in READERS])
def test_that_no_changed_file_crashes_a_reader_hangs_or_grows(reader):
    figures = watched(reader, SEED, COUNT)
    assert (figures.crashed, figures.hung) == ([], [])
    assert figures.taken + figures.refused == COUNT
    assert figures.growth_mb < GROWTH_MB


def test_that_a_mutant_is_the_same_each_time(tmp_path):
    cases = seeds("camera table")
    made = [mutant(cases, tmp_path / str(turn), 5, 7)[1].read_bytes() for turn in (0, 1)]
    assert made[0] == made[1]


def test_that_changes_change(tmp_path):
    rng = random.Random(1)
    forms = (b"id,lon\nA,2\n", b'{"a": [1, 2]}', b"<a b='1'><c/></a>", b"II*\0\x08\0\0\0\x01\0" + b"\1" * 12)
    assert all(len({mutated(form, rng) for _ in range(60)}) > 25 for form in forms)


def test_that_growth_counts_what_comes_after_the_start():
    assert Figures(memory_mb=[100, 300, 310, 320, 330, 340]).growth_mb == 30


@pytest.mark.skipif(importlib.util.find_spec("atheris") is not None, reason="atheris is here")
def test_that_the_tool_says_how_to_get_what_it_needs():
    run = subprocess.run(
        [sys.executable, ROOT / "tools" / "fuzz_readers.py", "mandate"], check=False, capture_output=True, text=True
    )
    assert (run.returncode, "pip install --target" in run.stderr, "Traceback" in run.stderr) == (2, True, False)
