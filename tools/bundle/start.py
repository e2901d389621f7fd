"""The program of a desktop bundle: the verbs of ``lhasaplan``, the window without any, and ``-m MODULE`` for its own processes.

Where the program starts a process of its own it calls Python, which a bundle has only inside this one.
"""

import os
import runpy
import sys

OWN = "lhasaplan."  # no other module is run by its name


def main() -> None:
    """Run a module of the program under its name, or a verb."""
    free_environment()
    words = sys.argv[1:]
    if words[:1] == ["-m"]:
        module = words[1] if len(words) > 1 else ""
        if not module.startswith(OWN):
            sys.exit("-m runs modules of lhasaplan alone")
        sys.argv[:] = words[1:]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return
    sys.argv[1:] = words or ["open"]
    runpy.run_module("lhasaplan", run_name="__main__", alter_sys=True)


def free_environment() -> None:
    """Give processes that are started from here the user's variables again: a browser must not load this program's libraries.

    PyInstaller's start sets them for this process, which has them by now, and is told to set them anew in the next.
    """
    if hasattr(sys, "frozen"):
        os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
        users = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
        os.environ.pop("LD_LIBRARY_PATH", None)
        os.environ.update({"LD_LIBRARY_PATH": users} if users else {})


if __name__ == "__main__":
    main()
