"""The launcher: what it makes, when it makes it again, and what it says when it cannot."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from lhasaplan.core.sight.warming import GROUPS

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def launcher(monkeypatch, tmp_path):
    """The launcher as a module, with an environment of its own that nobody makes for real."""
    spec = importlib.util.spec_from_file_location("launcher", ROOT / "main.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setenv("LHASAPLAN_VENV", str(tmp_path / "env"))
    return module


def made(launcher, monkeypatch):
    """Let the set-up make an empty file instead of an environment; return the list that counts it."""
    calls = []

    def make_venv(venv):
        (venv / "bin").mkdir(parents=True, exist_ok=True)
        (venv / "bin" / "python").touch()
        calls.append("venv")

    monkeypatch.setattr(launcher, "make_venv", make_venv)
    monkeypatch.setattr(launcher, "install", lambda python, lock: calls.append(lock.name))
    monkeypatch.setattr(launcher, "compile_kernels", lambda python: None)
    return calls


def test_that_the_launcher_needs_the_standard_library_alone():
    tree = ast.parse((ROOT / "main.py").read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_that_the_launcher_is_readable_by_python_3_7_which_it_refuses():
    ast.parse((ROOT / "main.py").read_text("utf-8"), feature_version=(3, 7))


def test_that_an_older_python_is_told_which_one_is_needed(launcher, monkeypatch, capsys):
    monkeypatch.setattr(launcher.sys, "version_info", (3, 9, 2))
    assert launcher.main(["demo"]) == 2
    assert "3.11 or newer" in capsys.readouterr().err


def test_that_a_second_start_makes_nothing(launcher, monkeypatch):
    calls = made(launcher, monkeypatch)
    launcher.ready_python(launcher.venv_folder())
    launcher.ready_python(launcher.venv_folder())
    assert calls == ["venv", "requirements.lock"]


def test_that_tests_alone_get_what_tests_need_on_top_of_what_is_there(launcher, monkeypatch):
    calls = made(launcher, monkeypatch)
    for for_tests in (False, True, True, False):
        launcher.ready_python(launcher.venv_folder(), for_tests)
    assert calls == ["venv", "requirements.lock", "requirements-test.lock"]


def test_that_the_verb_test_alone_asks_for_what_tests_need(launcher, monkeypatch):
    asked = []
    monkeypatch.setattr(launcher, "ready_python", lambda venv, for_tests: asked.append(for_tests) or Path("python"))
    monkeypatch.setattr(launcher, "run_verb", lambda python, arguments: 0)
    for arguments in (["test", "-k", "sight"], ["demo", "test"], [], ["bench", "sight"]):
        launcher.main(arguments)
    assert asked == [True, False, False, False]


def test_that_another_lock_or_another_python_makes_the_environment_anew(launcher, monkeypatch, tmp_path):
    calls = made(launcher, monkeypatch)
    launcher.ready_python(launcher.venv_folder())
    monkeypatch.setattr(launcher, "LOCK", tmp_path / "requirements.lock")
    launcher.LOCK.write_text("numpy==9 --hash=sha256:00")
    launcher.ready_python(launcher.venv_folder())
    monkeypatch.setattr(launcher.platform, "python_version", lambda: "3.99.0")
    launcher.ready_python(launcher.venv_folder())
    assert calls == ["venv", "requirements.lock"] * 3


def test_that_a_set_up_that_broke_off_is_made_again(launcher, monkeypatch):
    calls = made(launcher, monkeypatch)
    ready = launcher.install

    def broken(python, lock):
        raise launcher.SetUpError("no network")

    monkeypatch.setattr(launcher, "install", broken)
    assert launcher.main(["demo"]) == 2
    monkeypatch.setattr(launcher, "install", ready)
    launcher.ready_python(launcher.venv_folder())
    assert calls == ["venv", "venv", "requirements.lock"]


def test_that_two_starts_at_once_set_up_once(launcher, monkeypatch):
    calls = made(launcher, monkeypatch)
    starts = [threading.Thread(target=launcher.ready_python, args=(launcher.venv_folder(),)) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert calls == ["venv", "requirements.lock"]


def test_that_an_environment_in_the_folder_one_is_in_can_be_named_by_a_dot(launcher, monkeypatch, tmp_path):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("LHASAPLAN_VENV", ".")
    with launcher.only_one_start(launcher.venv_folder()):
        assert (tmp_path / "here.lock").exists()


def test_that_a_folder_that_cannot_be_written_is_named(launcher, monkeypatch, tmp_path, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LHASAPLAN_VENV", str(tmp_path / "file" / "env"))
    assert launcher.main(["demo"]) == 2
    assert f"cannot be made in {tmp_path / 'file'} (" in capsys.readouterr().err


def test_that_an_environment_in_a_folder_that_cannot_be_written_is_locked_elsewhere(launcher, monkeypatch, tmp_path):
    (tmp_path / "env").mkdir(exist_ok=True)
    (tmp_path / "env.lock").mkdir()  # no file can be opened there, as in a folder of somebody else
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(launcher.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    with launcher.only_one_start(tmp_path / "env"), launcher.open_lock(tmp_path / "env") as second:
        assert not launcher.try_lock(second)
    assert len(list((tmp_path / "temporary").glob("lhasaplan-*.lock"))) == 1


def test_that_two_checkouts_that_share_an_environment_set_it_up_one_after_the_other(launcher, monkeypatch, tmp_path):
    shared, other = tmp_path / "shared", tmp_path / "other.lock"
    with launcher.only_one_start(shared):
        monkeypatch.setattr(launcher, "LOCK", other)  # what another checkout would go by
        with (tmp_path / "shared.lock").open("ab") as file:
            assert not launcher.try_lock(file)
    with (tmp_path / "shared.lock").open("ab") as file:
        assert launcher.try_lock(file)


def said(text):
    return SimpleNamespace(stdout="", stderr=text, returncode=1)


@pytest.mark.parametrize(
    ("pip_said", "advice"),
    [
        ("WARNING: Retrying ... NewConnectionError ...", "Connect to the network"),
        ("ERROR: No matching distribution found for numpy", "Connect to the network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one the lock names"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
    ],
)
def test_that_a_failed_install_says_what_to_do(launcher, pip_said, advice):
    assert advice in launcher.install_advice(said(pip_said))


def test_that_a_python_without_venv_is_told_the_line_to_run(launcher, monkeypatch, tmp_path):
    monkeypatch.setattr(launcher.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(launcher.SetUpError, match="apt-get install python3"):
        launcher.make_venv(tmp_path / "env")


@pytest.mark.parametrize("uv_ends", [0, 2])
def test_that_packages_are_checked_against_their_hashes_and_taken_as_wheels(launcher, monkeypatch, uv_ends):
    asked = []
    monkeypatch.setattr(launcher, "pip", lambda python, words: asked.append(words) or SimpleNamespace(returncode=0))
    monkeypatch.setattr(launcher, "mirror", lambda python: {})
    monkeypatch.setattr(launcher.subprocess, "run", lambda words, **_: asked.append(words) or SimpleNamespace(returncode=uv_ends))
    launcher.install(Path("python"), launcher.LOCK)
    assert ["uv" in words for words in asked] == [False, True, False][: 2 + bool(uv_ends)]
    for words in asked:
        assert "--require-hashes" in words
        assert words[words.index("--only-binary") + 1] == ":all:"


def test_that_uv_itself_is_taken_from_the_lock_with_its_hashes(launcher, monkeypatch):
    asked = []

    def pip(python, words):
        asked.append(Path(words[-1]).read_text("utf-8"))
        return SimpleNamespace(returncode=1)

    monkeypatch.setattr(launcher, "pip", pip)
    assert not launcher.install_by_uv(Path("python"), launcher.LOCK)
    assert [" ".join(asked[0].replace("\\\n", " ").split())] == [pinned("requirements.lock")["uv"]]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("global.index-url='https://mirror.example/simple'\n", {"UV_DEFAULT_INDEX": "https://mirror.example/simple"}),
        ("global.index-url='a'\n:env:.index-url='b'\n:env:.extra-index-url='c'\n", {"UV_DEFAULT_INDEX": "b"}),
        ("global.cert='/etc/ssl/certs/ca.crt'\n", {}),
    ],
)
def test_that_uv_asks_the_index_that_pip_is_set_to(launcher, monkeypatch, said, told):
    monkeypatch.setattr(launcher.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=said, returncode=0))
    assert launcher.mirror(Path("python")) == told


def pinned(name):
    """Each package of a lock with its line and its hashes."""
    lines = (ROOT / name).read_text("utf-8").replace("\\\n", " ").splitlines()
    return {line.split("==")[0]: " ".join(line.split()) for line in lines}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_that_a_lock_names_hashes_and_no_address(name):
    assert all("==" in line and "--hash=sha256:" in line for line in pinned(name).values())
    assert "://" not in (ROOT / name).read_text("utf-8")


def test_that_both_locks_agree_and_users_get_no_tools_of_developers():
    users, tests = pinned("requirements.lock"), pinned("requirements-test.lock")
    assert users.items() <= tests.items()
    assert {"numpy", "pyside6-essentials", "typst", "ezdxf", "psycopg", "distributed"} <= users.keys()
    assert {"pytest", "mypy", "ruff", "hypothesis"} <= tests.keys() - users.keys()


def test_that_the_locks_hold_what_the_project_asks_for():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = asked["optional-dependencies"]
    users = [*asked["dependencies"], *(each for name in extras if name not in {"dev", "parquet"} for each in extras[name])]
    for wanted, name in ((users, "requirements.lock"), (extras["dev"], "requirements-test.lock")):
        assert {re.split(r"[\[<>=]", each)[0].lower() for each in wanted} - {"lhasaplan"} <= pinned(name).keys()


def test_that_kernels_are_compiled_once_when_the_environment_is_whole(launcher, monkeypatch):
    made(launcher, monkeypatch)
    started = []

    def compiling(python):
        assert launcher.is_fresh(launcher.venv_folder(), python, [launcher.LOCK])
        started.append(python)

    monkeypatch.setattr(launcher, "compile_kernels", compiling)
    launcher.ready_python(launcher.venv_folder())
    launcher.ready_python(launcher.venv_folder())
    assert len(started) == 1


def test_that_the_processes_that_compile_name_every_group_of_kernels_once(launcher, monkeypatch):
    words = []
    monkeypatch.setattr(launcher.subprocess, "Popen", lambda command, **_: words.append(command) or SimpleNamespace(wait=int))
    launcher.compile_kernels(Path("python"))
    assert [command[1:3] for command in words] == [["-m", "lhasaplan.compute.kernels"]] * 3
    assert sorted(group for command in words for group in command[3:]) == sorted(GROUPS)


@pytest.fixture
def without_qt(launcher, monkeypatch):
    """Qt cannot be loaded until its libraries are installed; apt-get notes what it was asked."""
    state = SimpleNamespace(missing=True, asked=[])

    def apt(words, environment):
        state.asked.append(words)
        state.missing = state.missing and words[0] != "install"
        return SimpleNamespace(returncode=0, stdout="", stderr="")

    monkeypatch.setattr(launcher, "qt_failure", lambda python, probe: "libEGL.so.1" if state.missing else "")
    monkeypatch.setattr(launcher, "apt", apt)
    monkeypatch.setattr(launcher, "has_package", lambda name: not name.endswith("t64"))
    monkeypatch.setattr(launcher, "is_debian", lambda: True)
    return state


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Debian libraries")


@linux
def test_that_root_gets_the_libraries_of_qt_by_the_names_of_its_release(launcher, without_qt, monkeypatch):
    monkeypatch.setattr(launcher.os, "geteuid", lambda: 0)
    launcher.require_qt(Path("python"), launcher.QT_PROBE, launcher.QT_PACKAGES)
    update, install = without_qt.asked
    assert update[0] == "update"
    assert {"libegl1", "libglib2.0-0"} <= set(install)


@linux
def test_that_another_user_is_told_the_exact_line(launcher, without_qt, monkeypatch):
    monkeypatch.setattr(launcher.os, "geteuid", lambda: 1000)
    with pytest.raises(launcher.SetUpError, match=r"apt-get update && apt-get install -y .*libegl1 "):
        launcher.require_qt(Path("python"), launcher.QT_PROBE, launcher.QT_PACKAGES)
    assert without_qt.asked == []


def handed(launcher, monkeypatch, *arguments):
    """Return what the launcher hands over to, and which probe of Qt it asked for."""
    asked = SimpleNamespace(words=None, probe=None)
    monkeypatch.setattr(launcher, "ready_python", lambda venv, for_tests: Path("python"))
    monkeypatch.setattr(launcher, "require_qt", lambda python, probe, packages: setattr(asked, "probe", probe))
    monkeypatch.setattr(launcher, "hand_over", lambda python, words, **_: setattr(asked, "words", words) or 0)
    launcher.main(list(arguments))
    return asked


def test_that_demo_never_asks_for_qt(launcher, monkeypatch):
    asked = handed(launcher, monkeypatch, "demo", "--city", "hilltown")
    assert (asked.words, asked.probe) == (["-m", "lhasaplan", "demo", "--city", "hilltown"], None)


def test_that_no_verb_opens_the_window(launcher, monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    asked = handed(launcher, monkeypatch)
    assert asked.words == ["-m", "lhasaplan", "open"]
    assert asked.probe == (launcher.WINDOW_PROBE if sys.platform.startswith("linux") else launcher.QT_PROBE)


@linux
def test_that_no_library_is_installed_for_a_window_that_has_no_screen(launcher, monkeypatch):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    asked = handed(launcher, monkeypatch, "open", "town.gpkg")
    assert (asked.words, asked.probe) == (["-m", "lhasaplan", "open", "town.gpkg"], None)


def test_that_test_runs_pytest_in_two_processes_and_passes_words_on(launcher, monkeypatch):
    asked = handed(launcher, monkeypatch, "test", "-k", "sight")
    assert asked.words == ["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-k", "sight"]
    assert asked.probe == launcher.QT_PROBE


def test_that_tests_keep_their_modules_compiled(launcher, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    handed(launcher, monkeypatch, "test")
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ


def test_that_the_number_of_test_processes_can_be_named(launcher, monkeypatch):
    assert handed(launcher, monkeypatch, "test", "-n0").words == ["-m", "pytest", "-n0"]


@linux
def test_that_a_ready_environment_is_handed_over_to_with_its_exit_code(launcher, tmp_path):
    python = tmp_path / "env" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@"\nexit 3\n')
    python.chmod(0o755)
    (tmp_path / "env" / "lhasaplan-stamp.json").write_text(launcher.stamp(launcher.LOCK))
    environment = {**os.environ, "LHASAPLAN_VENV": str(tmp_path / "env")}
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", "check", "a b.gpkg"], capture_output=True, text=True, env=environment, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (3, "-m lhasaplan check a b.gpkg")
