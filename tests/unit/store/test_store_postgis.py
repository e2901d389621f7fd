"""An office's shared store: rows of several writers kept side by side, and a row that two changed told to the second."""

import subprocess
import sys
from dataclasses import replace
from urllib.parse import quote

import pytest
from project_values import layer_of, same_project, small_town
from shapely import LineString, Point, box

from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.project.journal import DraftsExported, JournalEntry
from lhasaplan.core.project.project import Bookmark
from lhasaplan.core.results.assessment import Assessment, Gate
from lhasaplan.errors import InputError
from lhasaplan.store.opening import Stores
from lhasaplan.store.shared.address import shared_address


def answers():
    return Assessment("town", "", False, (), Gate(False, ()), (), (), None, {}, None, (), {}, {}, {})


@pytest.fixture
def address(postgis):
    return postgis.fresh()


@pytest.fixture
def start(address):
    """Return what opens the project anew, as another start of the program does."""
    return lambda: Stores().open(address)


@pytest.fixture
def two(start):
    """Return two writers that both loaded the same town of cameras A, B and C."""
    town = small_town()
    cameras = tuple(replace(town.cameras[0], camera_id=key, x_m=float(at)) for at, key in enumerate("ABC"))
    start().save(replace(town, cameras=cameras))
    here, there = start(), start()
    return (here, here.load()), (there, there.load())


def turned(project, azimuth_deg, *ids):
    cameras = [replace(each, azimuth_deg=azimuth_deg) if each.camera_id in ids else each for each in project.cameras]
    return replace(project, cameras=tuple(cameras))


def azimuths(project):
    return {each.camera_id: each.azimuth_deg for each in project.cameras}


def test_that_two_writers_of_different_rows_keep_both(two, start):
    (here, mine), (there, theirs) = two
    before = azimuths(mine)["B"]
    there.save(turned(theirs, 200.0, "A"))
    here.save(turned(mine, 100.0, "C"))
    assert azimuths(start().load()) == {"A": 200.0, "B": before, "C": 100.0}


def test_that_the_second_to_change_a_row_is_told_who_changed_what_and_nothing_of_his_is_kept(two, start):
    (here, mine), (there, theirs) = two
    there.save(turned(theirs, 200.0, "A", "B"))
    with pytest.raises(InputError) as refused:
        here.save(turned(mine, 100.0, "A", "C"))
    (fault,) = refused.value.faults
    assert (fault.where.item, fault.where.column) == ("cameras A", "azimuth_deg")
    assert (fault.params["mine"], fault.params["theirs"]) == ("100.0", "200.0")
    assert fault.params["who"].endswith(")")
    assert fault.params["when"].count("-") == 2
    found = azimuths(start().load())
    assert (found["A"], found["B"], found["C"]) == (200.0, 200.0, azimuths(mine)["C"])


def test_that_a_row_that_one_takes_out_and_the_other_changes_is_a_conflict_either_way(two):
    (here, mine), (there, theirs) = two
    there.save(replace(theirs, cameras=theirs.cameras[1:]))
    with pytest.raises(InputError, match=r"took this row out since .*, and you changed it"):
        here.save(turned(mine, 100.0, "A"))
    there.save(turned(there.load(), 7.0, "B"))
    with pytest.raises(InputError, match=r"changed this row since .*, and you took it out"):
        here.save(replace(mine, cameras=(mine.cameras[0], mine.cameras[2])))


def test_that_a_writer_who_has_not_seen_the_rows_of_others_takes_none_of_them_out_by_saving_again(two, start):
    (here, mine), (there, theirs) = two
    new = replace(theirs.cameras[0], camera_id="D")
    there.save(replace(turned(theirs, 200.0, "A"), cameras=(*turned(theirs, 200.0, "A").cameras, new)))
    once = turned(mine, 100.0, "C")
    here.save(once)
    here.save(turned(once, 50.0, "B"))
    found = azimuths(start().load())
    assert (found["A"], found["B"], found["C"]) == (200.0, 50.0, 100.0)
    assert "D" in found
    with pytest.raises(InputError, match="changed this row since"):
        here.save(turned(once, 1.0, "A"))
    (news,) = here.news()  # what was kept beside his rows is told still, and his own is not
    assert news.params["keys"] == "A, D"


def test_that_what_others_kept_is_told_and_taken_over_when_asked_for(two):
    (here, mine), (there, theirs) = two
    assert here.news() == ()
    there.save(turned(theirs, 200.0, "A"))
    (news,) = here.news()
    assert (news.params["table"], news.params["keys"]) == ("cameras", "A")
    found = here.incoming(turned(mine, 100.0, "C")).joined
    assert found.taken == {"cameras": ("A",)}
    assert (azimuths(found.project)["A"], azimuths(found.project)["C"]) == (200.0, 100.0)
    assert here.news() == ()
    here.save(turned(found.project, 10.0, "A"))
    assert azimuths(there.load())["A"] == 10.0


def test_that_a_conflict_is_decided_row_by_row_before_it_is_taken_over(two, start):
    (here, mine), (there, theirs) = two
    there.save(turned(theirs, 200.0, "A", "B"))
    changed = turned(mine, 100.0, "A", "B")
    assert [each.key for each in here.incoming(changed).joined.conflicts] == ["A", "B"]
    found = here.incoming(changed, {("cameras", "A"): "mine", ("cameras", "B"): "theirs"}).joined
    assert found.conflicts == ()
    here.save(found.project)
    assert (azimuths(start().load())["A"], azimuths(start().load())["B"]) == (100.0, 200.0)


def test_that_an_edit_changes_the_row_that_it_is_about_and_no_other(two, postgis):
    (here, mine), (_, _) = two
    schema = here.name
    rows = f'SELECT fid, changed_no FROM "{schema}".cameras ORDER BY camera_id'
    before = postgis.sql(rows).split()
    here.save(turned(mine, 33.0, "B"))
    after = postgis.sql(rows).split()
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True]


def test_that_rows_keep_their_order_whatever_comes_between_them(two, start):
    (here, mine), (_, _) = two
    first, second, third = mine.cameras
    new = [replace(first, camera_id=f"N{number}") for number in range(5)]
    wished = replace(mine, cameras=(third, new[0], first, *new[1:], second))
    here.save(wished)
    assert [each.camera_id for each in start().load().cameras] == [each.camera_id for each in wished.cameras]


def test_that_a_step_that_is_taken_back_leaves_what_was_there(two, start):
    (here, mine), (_, _) = two
    here.save(turned(mine, 33.0, "B"))
    here.save(mine)
    assert same_project(start().load(), mine)


def test_that_who_drew_in_another_program_is_told_by_name(two, postgis):
    (here, mine), (_, _) = two
    postgis.sql(f"""UPDATE "{here.name}".cameras SET azimuth_deg = 77 WHERE camera_id = 'A'""")
    (news,) = here.news()
    assert news.params["who"] == "office (psql)"
    with pytest.raises(InputError, match=r"office \(psql\) changed this row"):
        here.save(turned(mine, 1.0, "A"))


def test_that_other_programs_find_typed_geometry_with_its_system_and_an_index(two, postgis):
    (here, _), (_, _) = two
    query = "SELECT type, srid FROM geometry_columns WHERE f_table_schema = '{}' AND f_table_name = 'cameras'"
    assert postgis.sql(query.format(here.name)) == "POINT|32635"
    assert "gist" in postgis.sql(f"SELECT indexdef FROM pg_indexes WHERE schemaname = '{here.name}' AND tablename = 'cameras'")
    assert postgis.sql(f"""SELECT DISTINCT st_srid(geom) FROM "{here.name}".cameras""") == "32635"


def test_that_geometry_of_every_kind_comes_back_as_it_was(start):
    shapes = [Point(1, 2, 3), LineString([(0, 0), (1, 1)]), box(0, 0, 5, 5), Point(), None]
    roofs = layer_of("places", shapes, ids=[f"places/{number}" for number in range(5)])
    start().save(replace(small_town(), layers={"places": roofs}))
    found = start().load().layers["places"].geometry
    assert [None if shape is None else shape.wkt for shape in found] == [None if each is None else each.wkt for each in shapes]


def test_that_a_height_that_comes_later_is_kept_in_a_layer_without_any(start):
    flat = layer_of("places", [Point(1, 2)], ids=["places/1"])
    store = start()
    store.save(replace(small_town(), layers={"places": flat}))
    store.save(replace(small_town(), layers={"places": layer_of("places", [Point(1, 2), Point(3, 4, 5)], ids=["a", "b"])}))
    assert [shape.wkt for shape in start().load().layers["places"].geometry] == ["POINT (1 2)", "POINT Z (3 4 5)"]


def test_that_who_has_the_project_open_is_shown_and_keeps_nobody_from_saving(two):
    (here, mine), (there, theirs) = two
    assert here.lock() == there.lock() == ()
    assert "has this project open too" in str(here.remarks()[0])
    there.save(turned(theirs, 200.0, "A"))
    here.save(turned(mine, 100.0, "C"))
    there.unlock()
    assert here.remarks() == ()
    here.unlock()


def test_that_a_program_that_is_gone_is_not_shown_any_more(two):
    (here, _), (there, _) = two
    there.lock()
    there._presence._connection.close()  # as when it is killed: the note stays, its lock does not
    here.lock()
    assert here.remarks() == ()
    here.unlock()


def test_that_a_row_of_the_log_that_somebody_changed_is_told(two, postgis):
    (here, _), (_, _) = two
    for name in ("pdf", "docx"):
        here.log(JournalEntry(DraftsExported((name,)), "2026-02-05"))
    assert here.examine() == ()
    postgis.sql(f"""UPDATE "{here.name}".exports SET "when" = '2026-02-04' WHERE fid = 1""")
    assert "was changed here" in str(here.examine()[0])


def test_that_a_row_that_cannot_be_read_is_told_by_doctor_and_left_out_by_repair(two, postgis):
    (here, _), (_, _) = two
    postgis.sql(f"""UPDATE "{here.name}".cameras SET mount = 'no such mount' WHERE camera_id = 'B'""")
    assert here.examine()[0].where.item == "cameras"
    assert len(here.rescue().lost) == 1


def test_that_answers_are_not_kept_beside_rows_of_others_that_they_are_not_about(two, start):
    from test_store_contract import answers

    (here, mine), (there, theirs) = two
    here.save(mine, answers())
    assert start().has_results()
    there.save(turned(theirs, 200.0, "A"))
    assert not start().has_results()
    here.save(turned(mine, 100.0, "C"), answers())
    assert not start().has_results()


def test_that_a_name_that_is_taken_is_not_written_over(postgis, two, start):
    with pytest.raises(InputError, match="of this name in the database already"):
        start().save(small_town())
    postgis.sql("CREATE SCHEMA archive")
    with pytest.raises(InputError, match="not a project of this program"):
        Stores().open(postgis.address("archive")).exists()


def test_that_a_newer_layout_is_refused_politely(two, postgis, start):
    (here, _), (_, _) = two
    postgis.sql(f"""COMMENT ON SCHEMA "{here.name}" IS 'lhasaplan project, layout 9'""")
    with pytest.raises(InputError, match="newer version"):
        start().load()


def test_that_a_newer_schema_is_refused_politely(two, postgis, start):
    (here, _), (_, _) = two
    postgis.sql(f"""UPDATE "{here.name}".lhasaplan_project SET value = '99' WHERE key = 'schema_version'""")
    with pytest.raises(InputError, match="newer version"):
        start().load()


def test_that_an_account_that_may_only_read_is_told_so(two, postgis):
    (here, mine), (_, _) = two
    postgis.sql("DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$", user="keeper")
    postgis.sql(f'GRANT USAGE ON SCHEMA "{here.name}" TO reader', f'GRANT SELECT ON ALL TABLES IN SCHEMA "{here.name}" TO reader')
    reader = Stores().open(postgis.address(here.name, user="reader"))
    project = reader.load()
    assert same_project(project, mine)
    with pytest.raises(InputError, match="does not have the right"):
        reader.save(turned(project, 1.0, "A"))
    assert "does not have the right" in str(reader.lock()[0])


def test_that_accounts_of_one_group_change_what_one_of_them_made_and_are_told_apart(postgis):
    postgis.sql(
        "CREATE ROLE planners",
        "GRANT CREATE ON DATABASE plans TO planners",
        *(f"CREATE ROLE {name} LOGIN" for name in ("anna", "ben")),
        "GRANT planners TO anna, ben",
        *(f"ALTER ROLE {name} IN DATABASE plans SET role = planners" for name in ("anna", "ben")),
        user="keeper",
    )
    anna, ben = (Stores().open(postgis.address("group", user=name)) for name in ("anna", "ben"))
    anna.save(small_town(), answers())
    project = anna.load()
    ben.save(replace(ben.load(), name="by ben"))
    assert not ben.has_results()
    with pytest.raises(InputError, match=r"ben \(.*\) changed this row"):
        anna.save(replace(project, name="by anna"))


def test_that_a_database_without_postgis_says_what_it_lacks(postgis):
    postgis.sql("CREATE DATABASE bare OWNER office", user="keeper", database="postgres")
    with pytest.raises(InputError, match="CREATE EXTENSION postgis"):
        Stores().open(postgis.address("town", database="bare")).save(small_town())


def test_that_a_server_that_is_not_there_is_told_in_a_sentence(tmp_path):
    with pytest.raises(InputError, match="cannot be reached"):
        Stores().open(f"postgresql:///plans?host={tmp_path}&project=town").exists()


@pytest.mark.parametrize(
    ("address", "reported"),
    [
        ("postgresql://anna:secret@office/plans?project=town", "holds a password"),
        ("postgresql://office/plans?password=secret&project=town", "holds a password"),
        ("postgresql://office/plans", "names no project"),
        ("postgresql://office/plans?project=", "cannot be the name"),
        ("postgresql://office/plans?project=public", "cannot be the name"),
        ("postgresql://office/plans?project=pg_town", "cannot be the name"),
        ("postgresql://office/plans?project=" + "x" * 64, "cannot be the name"),
        ("postgresql://[office/plans?project=town", "cannot be read"),
    ],
)
def test_that_an_address_that_cannot_be_used_is_told_without_its_secret(address, reported):
    with pytest.raises(InputError, match=reported) as refused:
        Stores().open(address)
    assert "secret" not in str(refused.value)


def test_that_an_address_comes_back_as_it_was_given():
    for name in ("town", "拉萨", "a b&c"):
        given = f"postgresql://anna@office:6000/plans?sslmode=require&project={quote(name)}"
        at = shared_address(shared_address(given).url)
        assert (at.project, at.server) == (name, "postgresql://anna@office:6000/plans?sslmode=require")


def test_that_the_driver_is_loaded_for_a_database_alone(tmp_path):
    code = "import sys; from lhasaplan.store.opening import Stores; Stores().open(sys.argv[1]); print('psycopg' in sys.modules)"
    for address, is_loaded in ((tmp_path / "town.gpkg", "False"), ("postgresql:///plans?project=town", "True")):
        done = subprocess.run([sys.executable, "-c", code, address], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == is_loaded


def test_that_a_password_is_asked_for_kept_in_memory_alone_and_never_told(postgis, two):
    (here, mine), (_, _) = two
    postgis.ask_password("locked", "a heron")
    postgis.sql(f'GRANT USAGE ON SCHEMA "{here.name}" TO locked', f'GRANT SELECT ON ALL TABLES IN SCHEMA "{here.name}" TO locked')
    store = Stores().open(postgis.address(here.name, user="locked"))
    assert store.needs_password
    with pytest.raises(InputError, match="asks for a password"):
        store.load()
    with pytest.raises(InputError, match="cannot be reached"):
        store.unseal("a crane")
    store.unseal("a heron")
    assert not store.needs_password
    assert same_project(store.load(), mine)
    assert "heron" not in store.address


def test_that_bookmarks_and_journals_of_both_are_kept(two, start):
    (here, mine), (there, theirs) = two
    step = JournalEntry(DraftsExported(("pdf",)), "2026-03-01", "B")
    there.save(replace(theirs, bookmarks=(Bookmark("north", 1, 2, 30),), journal=(*theirs.journal, step)))
    own = replace(step, who="A")
    here.save(replace(mine, bookmarks=(Bookmark("south", 1, 2, 30),), journal=(*mine.journal, own)))
    found = start().load()
    assert {each.name for each in found.bookmarks} == {"north", "south"}
    assert found.journal[-2:] == (step, own)


def test_that_the_tables_of_before_become_the_register_and_are_gone_from_the_database(two, postgis, start):
    (here, _), (_, _) = two
    rows = 'fid bigint, rank double precision, subject text, fact text, "by" text, date text, reason text'
    postgis.sql(
        f'CREATE TABLE "{here.name}".declarations ({rows})',
        f"""INSERT INTO "{here.name}".declarations VALUES (1, 1, 'way/1', 'dwelling', 'A. B.', '2026-05-01', 'curtains')""",
        f'DROP TABLE "{here.name}".decisions',
        f"""UPDATE "{here.name}".lhasaplan_project SET value = '6' WHERE key = 'schema_version'""",
    )
    store = start()
    found = store.load()
    assert found.declarations == (Declaration("way/1", "dwelling", "A. B.", "2026-05-01", "curtains"),)
    store.save(replace(found, bookmarks=(Bookmark("here", 1.0, 2.0, 3.0),)))
    query = f"SELECT count(*) FROM pg_tables WHERE schemaname = '{here.name}' AND tablename IN ('declarations', 'decisions')"
    assert postgis.sql(query).split() == ["1"]
    assert start().load().declarations == found.declarations


def test_that_a_decision_that_two_made_otherwise_is_told_with_who_made_it(two, start):
    (here, mine), (there, theirs) = two
    there.save(replace(theirs, declarations=(Declaration("way/1", "dwelling", "A. B.", "2026-05-01", "curtains"),)))
    with pytest.raises(InputError) as caught:
        here.save(replace(mine, declarations=(Declaration("way/1", "not_dwelling", "B. C.", "2026-05-01", "a mill"),)))
    fault = caught.value.faults[0]
    assert str(fault.where.item) == "decisions way/1 dwelling"
    assert fault.params["who"] not in {"", "?"}
