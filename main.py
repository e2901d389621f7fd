"""Start lhasaplan from a checkout: make .venv from a hashed lock when it is missing or stale, then hand over.

Standard library only. Python 3.11 or newer with pip and venv is all that is assumed.

    python3 main.py             open the window
    python3 main.py demo        run the main job on a shipped city
    python3 main.py test        set up and run every test
    python3 main.py bench sight measure beside rivals (--help says which); bench answers an audit, bench live a drag
    python3 main.py bench lens measure a picture through the lens
    python3 main.py bench drafts measure the drafts of a large plan
    python3 main.py bench region measure the audit of many cities
    python3 main.py bench walls hold walls in view, mitigations and limits against dense rays; --city FILE takes a city
    python3 main.py bench start measure how long a user waits for help, an audit, the demo
    python3 main.py bench siting measure covering models; --file FILE --seconds N takes a file of the OR-Library
    python3 main.py --help      every verb
"""

from __future__ import annotations  # an older Python must get as far as the message that it is too old

import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"  # what the program runs on
TEST_LOCK = ROOT / "requirements-test.lock"  # the same packages in the same versions, and what tests need besides
OLDEST = (3, 11)
PIP_OPTIONS = ["--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
NO_NETWORK = ("NewConnectionError", "Temporary failure", "ConnectTimeout", "Network is unreachable", "No matching distribution")
WINDOWS = os.name == "nt"

# Debian packages that Qt loads: to run at all, and to open a window besides.
QT_PACKAGES = [
    "libegl1",
    "libgl1",
    "libglib2.0-0t64",
    "libdbus-1-3",
    "libfontconfig1",
    "libfreetype6",
    "libxkbcommon0",
    "libbrotli1",
    "libgssapi-krb5-2",
    "libexpat1",
]
WINDOW_PACKAGES = [
    *QT_PACKAGES,
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-image0",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-shm0",
    "libxcb-sync1",
    "libxcb-util1",
    "libxcb-xfixes0",
    "libxcb-xkb1",
    "libxcb-glx0",
    "libx11-xcb1",
    "libxkbcommon-x11-0",
]
QT_PROBE = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtWidgets import QApplication
QApplication([])
"""
WINDOW_PROBE = f"""{QT_PROBE}
import ctypes, pathlib, PySide6
ctypes.CDLL(str(pathlib.Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so"))
"""


class SetUpError(Exception):
    """The set-up cannot go on; the text says what to do."""


def main(arguments: list[str]) -> int:
    """Set up when needed and run one verb."""
    if sys.version_info[:2] < OLDEST:
        print("lhasaplan needs Python {}.{} or newer; this is {}".format(*OLDEST, platform.python_version()), file=sys.stderr)
        return 2
    try:
        python = ready_python(venv_folder(), for_tests=arguments[:1] == ["test"])
        return run_verb(python, arguments)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 2


def venv_folder() -> Path:
    """Return where the environment lies: .venv beside this file, or the folder that LHASAPLAN_VENV names."""
    return Path(os.environ.get("LHASAPLAN_VENV") or ROOT / ".venv").resolve()


def run_verb(python: Path, arguments: list[str]) -> int:
    """Hand over to the environment's Python."""
    verb = arguments[0] if arguments else ""
    if verb == "test":
        require_qt(python, QT_PROBE, QT_PACKAGES)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each of the many processes of the tests compiles all modules anew
        return hand_over(python, ["-m", "pytest", *test_workers(arguments[1:]), *arguments[1:]], QT_QPA_PLATFORM="offscreen")
    if verb == "bench":
        return hand_over(python, ["-m", "tests.bench", *arguments[1:]])
    if verb in ("", "open") and "--help" not in arguments and has_screen():
        on_x11 = sys.platform.startswith("linux") and not os.environ.get("QT_QPA_PLATFORM")
        require_qt(python, *((WINDOW_PROBE, WINDOW_PACKAGES) if on_x11 else (QT_PROBE, QT_PACKAGES)))
    return hand_over(python, ["-m", "lhasaplan", *(arguments or ["open"])])


def has_screen() -> bool:
    """Tell whether a window can be shown; without a screen the verb itself says so."""
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    return named or not sys.platform.startswith("linux")


def test_workers(arguments: list[str]) -> list[str]:
    """Return the option for two test processes, unless the caller says how many or looks into one."""
    reported = any(word in ("-n", "--pdb", "-s") or word.startswith(("-n", "--numprocesses")) for word in arguments)
    # What a file of tests sets up is set up once. Files go in their order, in which the last are short; by the number of their
    # tests the last would be those that take longest.
    return [] if reported else ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]


def hand_over(python: Path, words: list[str], **settings: str) -> int:
    """Replace this process by the environment's Python (Windows: wait for it)."""
    for name, value in settings.items():
        os.environ.setdefault(name, value)
    joined = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(part for part in joined if part)
    if words[1] == "pytest":
        os.chdir(ROOT)
    sys.stdout.flush()
    if WINDOWS:
        return subprocess.call([str(python), *words])
    os.execv(python, [str(python), *words])
    return 0


# --- the environment ---


def ready_python(venv: Path, for_tests: bool = False) -> Path:
    """Return the Python of an environment that matches the lock, made first when it is missing or stale.

    One that has what tests need serves for everything else.
    """
    python = venv / ("Scripts/python.exe" if WINDOWS else "bin/python")
    enough = [TEST_LOCK] if for_tests else [LOCK, TEST_LOCK]
    if is_fresh(venv, python, enough):
        return python
    with only_one_start(venv):
        if not is_fresh(venv, python, enough):  # another start may have made it while this one waited
            set_up(venv, python, enough[0])
    return python


def stamp(lock: Path) -> str:
    """Return what an environment must have been made from: this lock, under this Python, in this place."""
    facts = [hashlib.sha256(lock.read_bytes()).hexdigest(), platform.python_version(), sys.platform, platform.machine()]
    return json.dumps(facts)


def is_fresh(venv: Path, python: Path, locks: list[Path]) -> bool:
    """Tell whether the environment was made whole from one of these very locks."""
    try:
        return python.exists() and (venv / "lhasaplan-stamp.json").read_text("utf-8") in map(stamp, locks)
    except OSError:
        return False


def set_up(venv: Path, python: Path, lock: Path) -> None:
    """Make the environment and install the lock; the stamp comes last, so a broken set-up is made again.

    What tests need is added to an environment that has the rest.
    """
    started = time.monotonic()
    has_rest = lock == TEST_LOCK and is_fresh(venv, python, [LOCK])
    print(f"Setting up {venv.name} from {lock.name} (once, about a minute) ...", flush=True)
    (venv / "lhasaplan-stamp.json").unlink(missing_ok=True)
    if not has_rest:
        make_venv(venv)
    install(python, lock)
    (venv / "lhasaplan-stamp.json").write_text(stamp(lock), "utf-8")
    compile_kernels(python)
    print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)


def compile_kernels(python: Path) -> None:
    """Compile the sight kernels for this processor, on two of its cores; what fails here is done when it is needed.

    What a city on level ground needs is waited for; kernels over hills and of pictures are compiled while the user begins.
    """
    print("Compiling what cameras see is computed with (once; no compiler is needed) ...", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": str(ROOT)}
    words = [str(python), "-m", "lhasaplan.compute.kernels"]
    running = [subprocess.Popen([*words, *groups], **quiet) for groups in (["polygons", "points"], ["walls"])]
    try:
        for each in running:
            each.wait()
        subprocess.Popen([*words, "relief", "pictures"], **quiet)
    except KeyboardInterrupt:
        for each in running:
            each.kill()
        raise


def make_venv(venv: Path) -> None:
    """Make an empty environment with pip in it."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    advice = f"On Debian or Ubuntu run: apt-get install python{version}-venv   (or python3-venv)"
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise SetUpError(f"This Python has no venv module. {advice}")
    command = [sys.executable, "-m", "venv", "--clear", str(venv)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetUpError(f"The environment could not be made:\n{last_lines(done)}\n{advice}")


def install(python: Path, lock: Path) -> None:
    """Install exactly what the lock says, every file checked against its hash."""
    if install_by_uv(python, lock):
        return
    options = PIP_OPTIONS
    done = pip(python, [*options, "--quiet", "-r", str(lock)])
    if done.returncode and "No matching distribution" in done.stdout + done.stderr:
        options = [option for option in options if option not in ("--only-binary", ":all:")]
        print("No ready-made wheel for every package here; building what is missing (this takes longer) ...", flush=True)
        done = pip(python, [*options, "--quiet", "-r", str(lock)])
    if done.returncode:
        raise SetUpError(install_advice(done))


def install_by_uv(python: Path, lock: Path) -> bool:
    """Install by uv, itself from the lock: six times as fast as pip. False where it cannot be had or fails: pip goes on."""
    own = re.search(r"^uv==.*\n(?:[ \t].*\n)*", lock.read_text("utf-8"), re.MULTILINE)
    if own is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "uv.lock"
        alone.write_text(own.group(), "utf-8")
        if pip(python, [*PIP_OPTIONS, "--quiet", "-r", str(alone)]).returncode:
            return False
    words = [str(python), "-m", "uv", "pip", "install", "--python", str(python), "--require-hashes", "--only-binary", ":all:"]
    settings = {**mirror(python), **os.environ}  # what a user sets for uv counts
    done = subprocess.run([*words, "--quiet", "-r", str(lock)], capture_output=True, env=settings, cwd=str(ROOT), check=False)
    return done.returncode == 0


def mirror(python: Path) -> dict[str, str]:
    """Return the package index that pip is set to, if it is set to one, as uv is told it."""
    words = [str(python), "-m", "pip", "config", "list"]
    said = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    named = re.findall(r"^(?:global|user|site|install|:env:)\.index-url='(.+)'$", said, re.MULTILINE)
    return {"UV_DEFAULT_INDEX": named[-1]} if named else {}


def pip(python: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    """Run pip of the environment."""
    return subprocess.run([str(python), "-m", "pip", "install", *words], capture_output=True, text=True, check=False)


def install_advice(done: subprocess.CompletedProcess[str]) -> str:
    """Say what went wrong with an install, and what to do."""
    said = done.stdout + done.stderr
    if "do not match the hashes" in said.lower().replace("\n", " "):
        hint = "A downloaded file is not the one the lock names; do not use it. Try again, or ask who changed the lock."
    elif any(sign in said for sign in NO_NETWORK):
        hint = "No package index could be reached. Connect to the network, or name a mirror (PIP_INDEX_URL), and start again."
    elif "No space left" in said:
        hint = "The disk is full: about 1.5 GB are needed."
    else:
        hint = "Start again; if it fails again, the lines above say why."
    return f"The packages could not be installed:\n{last_lines(done)}\n{hint}"


def last_lines(done: subprocess.CompletedProcess[str], count: int = 8) -> str:
    """Return the last lines that a command said."""
    return "\n".join((done.stdout + done.stderr).strip().splitlines()[-count:])


@contextlib.contextmanager
def only_one_start(venv: Path):
    """Let one start at a time set an environment up; the system frees the lock when a process ends, however it ends.

    The lock lies beside the environment, not in the checkout: several checkouts may share one. In it, it would be emptied too.
    """
    with open_lock(venv) as file:
        if not try_lock(file):
            print("Another start is setting up; waiting for it ...", flush=True)
            while not try_lock(file):
                time.sleep(0.3)
        yield


def open_lock(venv: Path):
    """Open the lock of an environment: beside it, or where that folder cannot be written for temporary files of the system."""
    beside = venv.parent / f"{venv.name}.lock"
    try:
        venv.parent.mkdir(parents=True, exist_ok=True)
        return beside.open("ab")
    except OSError as error:
        if not (venv.is_dir() and os.access(str(venv), os.W_OK)):
            raise SetUpError(
                f"The environment cannot be made in {venv.parent} ({error.strerror}). "
                "Name another folder for it (LHASAPLAN_VENV), one that you may write in."
            ) from error
    name = hashlib.sha256(str(venv).encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"lhasaplan-{name}.lock"
    try:
        return path.open("ab")
    except OSError as error:
        raise SetUpError(f"Neither {beside} nor {path} can be written ({error.strerror}).") from error


def try_lock(file) -> bool:
    """Take the lock if it is free."""
    try:
        if WINDOWS:
            import msvcrt  # noqa: PLC0415

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# --- the libraries that Qt loads ---


def require_qt(python: Path, probe: str, packages: list[str]) -> None:
    """Make sure that Qt can be loaded: install Debian's libraries as root, else say the exact line."""
    failure = qt_failure(python, probe)
    if not failure:
        return
    line = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not sys.platform.startswith("linux"):
        raise SetUpError(f"Qt cannot be loaded:\n{failure}")
    if os.geteuid() != 0 or not is_debian():
        raise SetUpError(f"Qt cannot be loaded ({failure}). On Debian or Ubuntu run as root:\n{line}")
    apt_install(packages, line)
    failure = qt_failure(python, probe)
    if failure:
        raise SetUpError(f"Qt cannot be loaded although its libraries were installed: {failure}")


def qt_failure(python: Path, probe: str) -> str:
    """Return why Qt cannot be loaded, empty when it can; a passed probe is remembered beside the stamp."""
    passed = python.parent.parent / f"qt-{hashlib.sha256(probe.encode()).hexdigest()[:8]}.ok"
    if passed.exists():
        return ""
    done = subprocess.run([str(python), "-c", probe], capture_output=True, text=True, check=False)
    if done.returncode:
        return last_lines(done, 1)
    passed.touch()
    return ""


def is_debian() -> bool:
    """Tell whether apt-get is here."""
    return any((Path(folder) / "apt-get").exists() for folder in ("/usr/bin", "/bin"))


def apt_install(packages: list[str], line: str) -> None:
    """Install Debian packages as root; a name that this release does not have is tried without its t64 ending."""
    print(f"Installing the libraries that Qt needs: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt(["update", "-qq"], environment)
    names = [name if has_package(name) else name.removesuffix("t64") for name in packages]
    done = apt(["install", "-y", "-qq", "--no-install-recommends", *names], environment)
    if done.returncode:
        raise SetUpError(f"apt-get could not install them:\n{last_lines(done)}\nRun as root: {line}")


def apt(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run apt-get."""
    return subprocess.run(["apt-get", *words], capture_output=True, text=True, env=environment, check=False)


def has_package(name: str) -> bool:
    """Tell whether this release has a package of that name."""
    return subprocess.run(["apt-cache", "show", name], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
