"""A database server of a test's own: PostgreSQL with PostGIS in a temporary folder, by a socket alone, as an ordinary user."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

MISSING = "needs PostgreSQL with PostGIS (Debian: postgresql-17, postgresql-17-postgis-3)"
_PORT = 5432  # names the socket alone


@dataclass(frozen=True)
class Server:
    """What a server is reached by."""

    folder: Path
    bin: Path
    numbers: count

    def address(self, project, user="office", database="plans", **more):
        asked = "".join(f"&{key}={quote(value)}" for key, value in more.items())
        return f"postgresql://{user}@/{database}?host={quote(str(self.folder), safe='')}{asked}&project={quote(project)}"

    def fresh(self):
        """Return the address of a project that there is not yet."""
        return self.address(f"town-{next(self.numbers)}")

    def ask_password(self, user, password):
        """Make an account that the server lets in by its password alone."""
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n" + rules.read_text("utf-8"), "utf-8")
        self.sql(f"CREATE ROLE {user} LOGIN PASSWORD '{password}'", "SELECT pg_reload_conf()", user="keeper")

    def sql(self, *lines, user="office", database="plans"):
        command = [self.bin / "psql", "-h", self.folder, "-U", user, "-d", database, "-qAtv", "ON_ERROR_STOP=1"]
        done = subprocess.run([*command, "-c", "; ".join(lines)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def programs():
    """Return the folder of the server's programs; None where it is not installed, or PostGIS is not."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    folder = found[-1].parent if found else Path(on_path).parent if on_path else None
    if folder is None:
        return None
    asked = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
    return folder if (Path(asked.stdout.strip()) / "extension" / "postgis.control").exists() else None


@contextmanager
def running():
    """Give a server that has a database ``plans`` with PostGIS, and an account ``office`` that is no superuser."""
    folder = programs()
    if folder is None:
        pytest.skip(MISSING)
    place = Path(tempfile.mkdtemp(prefix="lp-pg-"))
    try:
        run = _as_ordinary_user(place)
        data = place / "data"
        _well([*run, folder / "initdb", "-D", data, "-U", "keeper", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"])
        quick = "-c fsync=off -c full_page_writes=off -c shared_buffers=32MB -c listen_addresses=''"
        control = [*run, folder / "pg_ctl", "-D", data, "-w", "-t", "60"]
        _well([*control, "-l", place / "log", "-o", f"-k {place} {quick}", "start"])
        try:
            server = Server(place, folder, count(1))
            server.sql("CREATE ROLE office LOGIN", user="keeper", database="postgres")
            server.sql("CREATE DATABASE plans OWNER office", user="keeper", database="postgres")
            server.sql("CREATE EXTENSION postgis", user="keeper")
            yield server
        finally:
            _well([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _as_ordinary_user(place):
    """Return what runs a command as an account that is not the administrator's: the server starts for no other."""
    if os.geteuid():
        return []
    tool = shutil.which("runuser")
    if tool is None:
        pytest.skip("needs runuser, to start the server as an ordinary user")
    account = pwd.getpwnam("nobody")
    os.chown(place, account.pw_uid, account.pw_gid)
    return [tool, "-u", account.pw_name, "--"]


def _well(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
