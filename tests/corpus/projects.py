"""Project files of this program: whole, of a later version, of another program, damaged."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from corpus.case import Reader
from lhasaplan.bootstrap import open_services
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project

READER = Reader("project file", "city.gpkg", {"kind": "cameras"})
taken, refused = READER.taken, READER.refused
TOWN = Project(name="town", crs="EPSG:2154", packs=("eu-gdpr",), cameras=(Camera("A", 652469.02, 6862035.26, name="东门"),))


def saved(
    *statements: str, change: Callable[[bytes], bytes] = lambda whole: whole, project: Project = TOWN
) -> Callable[[Path], object]:
    """Return a writer of a project, changed by statements and then by bytes."""

    def write(path: Path) -> None:
        open_services().stores.open(path).save(project)
        with closing(sqlite3.connect(path)) as connection, connection:
            for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
                connection.create_function(name, 1, lambda _blob: 0)
            for statement in statements:
                connection.execute(statement)
        path.write_bytes(change(path.read_bytes()))

    return write


taken("a project", saved(), at=(2.3522, 48.8566), near_m=15.0, values={"name": "东门"})
taken("a project without cameras", saved(project=Project(packs=("eu-gdpr",))), {"cameras": 0})
taken("a project with a table of another program", saved("CREATE TABLE notes (text)"), at=(2.3522, 48.8566), near_m=15.0)
refused("no project", "hello", "not a project")
refused("a project of no bytes", b"", "not a project")
refused(
    "a GeoPackage of another program", lambda path: sqlite3.connect(path).executescript("CREATE TABLE a (b)"), "not a project"
)
refused("a project that is missing", lambda path: None, "no such project")
refused("a project cut in two", saved(change=lambda whole: whole[: len(whole) // 2]))
refused("pages of noise", saved(change=lambda whole: whole[:8192] + b"\xff" * (len(whole) - 8192)))
refused("a table that is gone", saved("DROP TABLE cameras"))
refused(
    "a table of another program in the place of the cameras",
    saved("DROP TABLE cameras", "CREATE TABLE cameras (fid INTEGER, colour TEXT)", "INSERT INTO cameras VALUES (1, 'red')"),
    "damaged",
)
refused("a height of words", saved("UPDATE cameras SET mount_height_m = 'tall'"), "mount_height_m")
refused("a name in another encoding", saved("UPDATE cameras SET name = CAST(x'b6abc3c5' AS TEXT)"), "damaged")
refused(
    "a master table in another encoding",
    saved(change=lambda whole: whole.replace(b"CREATE TABLE", b"CREATE T\xb6BLE")),
    "damaged",
)
refused("a grid that measures nothing", saved("UPDATE lhasaplan_project SET value = '\"EPSG:4326\"' WHERE key = 'crs'"))
refused(
    "a pack that there is not", saved("UPDATE lhasaplan_project SET value = '[\"atlantis\"]' WHERE key = 'packs'"), "atlantis"
)
