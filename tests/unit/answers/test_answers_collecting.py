"""The cyclic garbage collector is paused while an audit lasts, and goes on as it was before, whatever happens."""

import gc

import pytest
from answers_town import bare_camera, house, pack, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.progress import paused
from lhasaplan.errors import Cancelled


@pytest.fixture
def searching():
    was = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was else gc.disable)()


def reported_during(stop):
    heard = []

    def progress(share, step):
        heard.append(gc.isenabled())
        if stop:
            raise Cancelled

    project = town(house(1, 0, 20, 10, 30), cameras=[bare_camera("c", 5)])
    if stop:
        with pytest.raises(Cancelled):
            audit(project, reference_data(pack()), progress)
    else:
        audit(project, reference_data(pack()), progress)
    return heard


@pytest.mark.parametrize("stop", [False, True])
def test_that_no_cycles_are_looked_for_while_an_audit_lasts_and_again_once_it_is_over(searching, stop):
    heard = reported_during(stop)
    assert heard
    assert not any(heard)
    assert gc.isenabled()


def test_that_who_wants_no_search_at_all_gets_none_back(searching):
    gc.disable()
    with paused():
        pass
    assert not gc.isenabled()
