"""Whatever ends the program while it writes, each file is the old one or the new one, whole, and the next command clears up."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tracer import IS_ABLE, may_trace

DRIVER = Path(__file__).with_name("driver.py")
NORMAL = [("save", "kill", 6), ("save", "fail", 6), ("migrate", "kill", 2), ("export", "kill", 2), ("seal", "kill", 3)]
EVERY = [
    *(("save", "kill", 0), ("save", "fail", 0), ("log", "kill", 0), ("log", "fail", 0)),
    *(("save-whole", "kill", 0), ("save-whole", "fail", 0), ("migrate", "kill", 0), ("migrate", "fail", 0)),
    *((verb, how, 0) for verb in ("seal", "save-sealed", "break-seal") for how in ("kill", "fail")),
    *(("import", "kill", 30), ("import", "fail", 30)),
    *(("export", "kill", 30), ("export", "fail", 30), ("export-map", "kill", 12)),
]

pytestmark = pytest.mark.skipif(not (IS_ABLE and may_trace()), reason="needs to trace system calls (Linux on x86-64, ptrace)")


# A thousand kills by the clock, beside those of test_faults_instants.py that edit: verbs that write, with a seed for each.
BY_CLOCK = [
    *(("import", 250, 11), ("save", 150, 12), ("save-whole", 100, 13), ("migrate", 250, 14), ("export", 150, 15)),
    *(("export-map", 50, 16), ("log", 50, 17), ("save-sealed", 50, 18)),
]


def outcome(verb, how, count, seed=0):
    done = subprocess.run([sys.executable, DRIVER, verb, how, str(count), str(seed)], capture_output=True, check=True)
    return json.loads(done.stdout)


def check(found, how):
    assert found["code"] == 0
    assert found["changed"]
    assert found["tried"]
    for each in found["tried"]:
        assert each["whole"], each
        assert each["kept"], each
        assert each["again"] == 0, each
        assert each["after"] == [], each
        assert each["new"], each
        assert each["code"] in {"kill": {None}, "fail": {0, 2}, "random": {None, 0}}[how], each


@pytest.mark.parametrize(("verb", "how", "count"), NORMAL)
def test_that_a_kill_or_a_fault_leaves_old_or_new_and_the_next_command_clears_up(verb, how, count):
    check(outcome(verb, how, count), how)


@pytest.mark.nightly
@pytest.mark.parametrize(("verb", "how", "count"), EVERY)
def test_that_no_instant_of_writing_loses_anything(verb, how, count):
    found = outcome(verb, how, count)
    left = sum(each["left"] > 0 for each in found["tried"])
    print(f"{verb} {how}: {len(found['tried'])} of {found['calls']} instants, {left} left something, all cleared")
    check(found, how)


@pytest.mark.nightly
@pytest.mark.parametrize(("verb", "count", "seed"), BY_CLOCK)
def test_that_no_kill_at_a_random_instant_loses_anything(verb, count, seed):
    found = outcome(verb, "random", count, seed)
    reported = sum(each["code"] == 0 for each in found["tried"])
    left = sum(each["left"] > 0 for each in found["tried"])
    print(f"{verb}, seed {seed}: {count} kills, {reported} after it had told, {left} left something, all cleared, nothing lost")
    check(found, "random")
    assert reported < count
