"""Build the wheel and the archive of a release into dist/: python tools/make_release.py

The tree must be clean and its commit carry the tag of the version (v0.1.0). What anybody else builds is an own build, and
every output says so. It needs hatchling (pip install hatchling).
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lhasaplan import __version__  # noqa: E402


def main() -> int:
    wanted = f"v{__version__}"
    if git("status", "--porcelain"):
        return refuse("there are changes that no commit has")
    if wanted not in git("tag", "--points-at", "HEAD").split():
        return refuse(f"this commit has no tag {wanted}")
    # The archive first: a wheel carries the digests that the archive has.
    words = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel"]
    return subprocess.call(words, cwd=ROOT, env={**os.environ, "LHASAPLAN_RELEASE": __version__})


def git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def refuse(reason: str) -> int:
    print(f"No release is built: {reason}.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
