"""Where a job's time goes, as benchmarks say it."""

import os
import subprocess
import sys
import threading
import time
from itertools import count

from bench.duel import ROOT
from bench.where_time_goes import FOLDER, draw_shares, in_words, looked_at, read, shares, watched
from PIL import Image

from lhasaplan.core.base.spelling import plain


def test_that_the_time_of_a_call_counts_for_its_package_and_that_of_a_thread_that_waits_for_none(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    done = threading.Event()
    waiting = threading.Thread(target=done.wait)
    waiting.start()
    with looked_at():
        end, numbers = time.process_time() + 0.3, count()
        while time.process_time() < end:
            plain(f"Plàce {next(numbers)}" * 50)
    done.set()
    waiting.join()
    (package, _, share), *_ = shares(read(tmp_path))
    assert package == "core/base"
    assert share > 0.9


def test_that_nothing_is_looked_at_unless_asked(monkeypatch, tmp_path):
    monkeypatch.delenv(FOLDER, raising=False)
    with looked_at():
        plain("Place")
    assert in_words("sectors", read(tmp_path)) == "sectors: nothing of the program was seen at work"


def test_that_a_sentence_and_a_bar_say_the_same(tmp_path):
    found = read(tmp_path)
    found.update({("core/sight", "sweep"): 3.0, ("core/audit", "grade"): 0.6, ("core/audit", "place"): 0.4})
    assert in_words("city", found) == "city: 75% core/sight (sweep), 25% core/audit (grade)"
    assert Image.open(draw_shares({"city": found}, tmp_path / "bars.png")).size == (1000, 160)


def test_that_a_whole_process_of_ours_is_looked_at_and_one_of_a_rival_is_not(tmp_path, monkeypatch):
    words, rival = (sys.executable, "-m", "lhasaplan", "--help"), (sys.executable, "-c", "import json")
    assert watched(words) == list(words)  # no folder is named
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert watched(rival) == list(rival)
    done = subprocess.run(watched(words), cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Usage" in done.stdout
    assert sum(read(tmp_path).values()) > 0.0


def test_that_a_process_that_ends_at_once_says_where_its_time_went(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setattr(os, "_exit", lambda code: None)
    with looked_at():
        end, numbers = time.process_time() + 0.1, count()
        while time.process_time() < end:
            plain(f"Plàce {next(numbers)}" * 50)
        os._exit(0)
        assert sum(read(tmp_path).values()) > 0.0
