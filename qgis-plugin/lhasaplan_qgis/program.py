"""Call the program: find it, run a verb, pass on what it says, tell its progress, end it where the user cancels."""

import os
import shlex
import shutil
import signal
import subprocess
import threading
from pathlib import Path

from processing.core.ProcessingConfig import ProcessingConfig
from qgis.core import QgsProcessingException

from .words import language, marked, say

PROGRAM_SETTING = "LHASAPLAN_PROGRAM"
FOUND, GATE = (0, 1), 3  # exit codes: answered (1: with findings that are due); refused by the gate
END_S = 10
NO_PROGRAM = marked(
    "The program lhasaplan was not found. Install it, or say where it is under Settings > Options > Processing > Providers > "
    "lhasaplan (or in the environment variable LHASAPLAN_PROGRAM)."
)
KEPT_OUT = ("PYTHONPATH", "PYTHONHOME")  # of QGIS's Python; the program has one of its own


def program():
    """Return the words that start the program; QgsProcessingException where it is not there.

    The setting may name a file or hold a whole command (``/opt/lhasaplan/bin/python -m lhasaplan``).
    """
    reported = str(ProcessingConfig.getSetting(PROGRAM_SETTING) or os.environ.get(PROGRAM_SETTING) or "")
    if reported and Path(reported).is_file():
        return [reported]
    words = shlex.split(reported, posix=os.name != "nt") if reported else ["lhasaplan"]
    if shutil.which(words[0]) is None:
        raise QgsProcessingException(f"{say(NO_PROGRAM)} ({reported})" if reported else say(NO_PROGRAM))
    return words


def run(feedback, *words):
    """Run a verb to its end and return what it printed; QgsProcessingException with its own words where it fails.

    The program tells its progress in lines of their own; a cancel ends it as the keyboard would: nothing is left half done.
    """
    command = [*program(), *map(str, words)]
    feedback.pushCommandInfo(shlex.join(command))
    process = _started(command)
    printed, complained = [], []
    readers = [
        threading.Thread(target=_read, args=(process.stdout, printed.append)),
        threading.Thread(target=_read, args=(process.stderr, lambda line: _heard(line, complained, feedback))),
    ]
    for reader in readers:
        reader.start()
    is_cancelled = _waited(process, feedback)
    for reader in readers:
        reader.join()
    process.stdout.close()
    process.stderr.close()
    if is_cancelled:
        raise QgsProcessingException(say("Cancelled; the program was ended, and nothing was changed."))
    if process.returncode not in FOUND:
        raise QgsProcessingException(_why(process.returncode, complained or printed))
    for line in (*printed, *complained):
        feedback.pushInfo(line)
    return printed


def _started(command):
    environment = {key: value for key, value in os.environ.items() if key not in KEPT_OUT}
    environment |= {"LHASAPLAN_PROGRESS": "lines", "LHASAPLAN_LANG": language(), "PYTHONIOENCODING": "utf-8"}
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    try:
        return subprocess.Popen(command, env=environment, text=True, encoding="utf-8", errors="replace", **pipes)
    except OSError as error:
        raise QgsProcessingException(say("The program lhasaplan does not start: {error}", error=error)) from error


def _read(stream, hear):
    for line in stream:
        hear(line.rstrip())


def _heard(line, complained, feedback):
    """Take a line of the error stream: ``progress 42 what is done``, or what a person should read."""
    words = line.split(" ", 2)
    if words[0] == "progress" and len(words) > 1 and words[1].isdigit():
        feedback.setProgress(float(words[1]))
        feedback.setProgressText(words[2] if len(words) > 2 else "")
    elif line:
        complained.append(line)


def _waited(process, feedback):
    """Wait for the end; tells whether the user ended it before."""
    while True:
        try:
            process.wait(0.1)
            return False
        except subprocess.TimeoutExpired:
            if feedback.isCanceled():
                _end(process)
                return True


def _end(process):
    """End the program as from the keyboard; one that does not listen is killed."""
    process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _why(code, lines):
    reported = "\n".join(lines[-20:]) or say("exit code {code}", code=code)
    heading = say("lhasaplan refused this outside the gate:") if code == GATE else say("lhasaplan says:")
    return f"{heading}\n{reported}"
