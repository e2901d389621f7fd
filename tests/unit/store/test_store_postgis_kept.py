"""What a database did not keep is never told as saved, and doctor says what of a project is gone from it."""

from dataclasses import replace

import pytest
from project_values import small_town

from lhasaplan.errors import InputError
from lhasaplan.store.opening import Stores


@pytest.fixture
def address(postgis):
    return postgis.fresh()


@pytest.fixture
def kept(address):
    """Return a store that loaded a town of three cameras."""
    town = small_town()
    cameras = tuple(replace(town.cameras[0], camera_id=key, x_m=float(at)) for at, key in enumerate("ABC"))
    Stores().open(address).save(replace(town, cameras=cameras))
    store = Stores().open(address)
    return store, store.load()


def schema_of(address):
    return '"' + address.rpartition("project=")[2] + '"'


def turned(project, azimuth_deg, *ids):
    cameras = [replace(each, azimuth_deg=azimuth_deg) if each.camera_id in ids else each for each in project.cameras]
    return replace(project, cameras=tuple(cameras))


def triggered(postgis, address, body, when="UPDATE"):
    schema = schema_of(address)
    postgis.sql(
        f"CREATE FUNCTION {schema}.odd() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {body} END'",
        f"CREATE TRIGGER zz_odd BEFORE {when} ON {schema}.cameras FOR EACH ROW EXECUTE FUNCTION {schema}.odd()",
    )


def test_that_an_update_that_a_trigger_holds_back_is_told_and_nothing_is_saved(postgis, address, kept):
    store, project = kept
    triggered(postgis, address, "IF NEW.camera_id = ''A'' THEN RETURN NULL; END IF; RETURN NEW;")
    with pytest.raises(InputError, match="kept 1 of 2 changed rows of cameras"):
        store.save(turned(project, 77.0, "A", "B"))
    assert {each.azimuth_deg for each in Stores().open(address).load().cameras} == {each.azimuth_deg for each in project.cameras}


def test_that_rows_that_rights_hold_back_are_told(postgis, address, kept):
    store, project = kept
    schema = schema_of(address)
    postgis.sql(
        f"ALTER TABLE {schema}.cameras ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {schema}.cameras FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY seen ON {schema}.cameras FOR SELECT USING (true)",
        f"CREATE POLICY changed ON {schema}.cameras FOR UPDATE USING (false)",
    )
    with pytest.raises(InputError, match="kept 0 of 1 changed rows of cameras"):
        store.save(turned(project, 77.0, "C"))


def test_that_a_row_that_is_not_taken_out_is_told(postgis, address, kept):
    store, project = kept
    triggered(postgis, address, "RETURN NULL;", when="DELETE")
    with pytest.raises(InputError, match="kept 0 of 1 changed rows of cameras"):
        store.save(replace(project, cameras=project.cameras[1:]))


def test_that_a_row_that_is_not_put_in_is_told(postgis, address, kept):
    store, project = kept
    triggered(postgis, address, "RETURN NULL;", when="INSERT")
    with pytest.raises(InputError, match="kept 0 of 1 changed rows of cameras"):
        store.save(replace(project, cameras=(*project.cameras, replace(project.cameras[0], camera_id="D"))))


def test_that_values_that_a_trigger_changes_are_told(postgis, address, kept):
    store, project = kept
    triggered(postgis, address, "NEW.azimuth_deg := 1.0; RETURN NEW;")
    with pytest.raises(InputError, match="other values in cameras than were sent"):
        store.save(turned(project, 77.0, "A"))


def test_that_what_is_kept_is_saved_and_nothing_is_told(address, kept):
    store, project = kept
    store.save(turned(project, 77.0, "A"))
    assert Stores().open(address).load().cameras[0].azimuth_deg == 77.0
    assert Stores().open(address).examine() == ()


@pytest.mark.parametrize("table", ["journal", "inputs", "plan"])
def test_that_doctor_says_which_table_is_gone(postgis, address, kept, table):
    postgis.sql(f"DROP TABLE {schema_of(address)}.{table}")
    assert any(table in str(fault) for fault in Stores().open(address).examine())


def test_that_doctor_says_that_a_newer_version_wrote_it(postgis, address, kept):
    postgis.sql(f"UPDATE {schema_of(address)}.lhasaplan_project SET value = '999' WHERE key = 'schema_version'")
    (fault,) = Stores().open(address).examine()
    assert "newer version" in str(fault)
    assert fault.params["found"] == 999
