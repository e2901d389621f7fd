"""Unit prices are the office's: empty ones are to be filled, and no plan that needs one of them has a total."""

import tomllib
from dataclasses import replace

import pytest

from lhasaplan.content import content_folder
from lhasaplan.core.changes.work import UnitPrices, Work, WorkLine, cost_of
from lhasaplan.core.model.camera import Camera, Mount, Status
from lhasaplan.errors import InputError
from lhasaplan.io.content.policy_files import load_unit_prices

STANDS = Camera("K1", 0.0, 0.0, azimuth_deg=10.0, hfov_deg=60.0)
TURNED = replace(STANDS, azimuth_deg=90.0)
TURNED_AND_LENS = replace(TURNED, hfov_deg=30.0)


def filled(tmp_path, text):
    path = tmp_path / "office.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_that_the_shipped_file_has_every_kind_of_work_and_states_no_price():
    table = tomllib.loads((content_folder("data") / "prices.toml").read_text(encoding="utf-8"))
    assert table == {"currency": "", "unit_prices": dict.fromkeys(map(str, Work), "")}
    assert (load_unit_prices(), load_unit_prices().currency) == ({}, "")
    assert cost_of((STANDS,), (TURNED,), load_unit_prices()).total is None


def test_that_a_total_stands_only_where_every_price_does(tmp_path):
    prices = load_unit_prices(filled(tmp_path, '[unit_prices]\naim = 180\nmove = 900.5\nlens = ""\n'))
    assert prices == {Work.AIM: 180.0, Work.MOVE: 900.5}
    assert cost_of((STANDS,), (TURNED,), prices).total == 180.0
    assert cost_of((STANDS,), (TURNED_AND_LENS,), prices).total is None


def test_that_every_wrong_price_is_named_with_file_and_key_at_once(tmp_path):
    path = filled(tmp_path, '[unit_prices]\naim = 0\nmask = -5\nmove = "free"\nlens = true\nrange = inf\npole = 12\n')
    with pytest.raises(InputError) as refused:
        load_unit_prices(path)
    reported = {fault.where.item: fault.template for fault in refused.value.faults}
    assert {fault.where.file for fault in refused.value.faults} == {"office.toml"}
    assert set(reported) == {f"unit_prices.{key}" for key in ("aim", "mask", "move", "lens", "range", "pole")}
    assert "aim: 0 is no price" in str(refused.value)


def test_that_a_file_without_prices_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"office\.toml, unit_prices: This key is missing"):
        load_unit_prices(filled(tmp_path, "aim = 5\n"))


def test_that_what_the_office_states_of_a_camera_counts_before_the_price_of_its_kind():
    planned = replace(STANDS, status=Status.PLANNED)
    dear = replace(planned, camera_id="K2", extra={"unit_price": "4200.5"})
    unread = replace(planned, camera_id="K3", extra={"unit_price": "on request"})
    cost = cost_of((), (planned, dear, unread), {Work.NEW_ON_POLE: 1000.0})
    assert cost.lines == (WorkLine(Work.NEW_ON_POLE, 2, 1000.0), WorkLine(Work.NEW_ON_POLE, 1, 4200.5))
    assert (cost.total, cost.counts) == (6200.5, {Work.NEW_ON_POLE: 3})
    assert cost_of((), (planned, dear)).total is None
    assert cost_of((), (dear,)).total == 4200.5


def test_that_a_price_of_taking_a_camera_away_is_none_of_turning_it():
    priced = replace(STANDS, extra={"unit_price": "300"})
    assert cost_of((priced,), ()).lines == (WorkLine(Work.TAKE_AWAY, 1, 300.0),)
    assert cost_of((priced,), (replace(priced, azimuth_deg=90.0),)).lines == (WorkLine(Work.AIM, 1),)


def test_that_one_price_for_all_the_work_on_a_camera_is_counted_once_and_not_for_other_work():
    priced = replace(STANDS, extra={"unit_price": "700", "priced_for": "aim lens"})
    both = replace(priced, azimuth_deg=90.0, hfov_deg=30.0)
    cost = cost_of((priced,), (both,), {Work.AIM: 50.0, Work.LENS: 60.0})
    assert cost.lines == (WorkLine(Work.AIM, 1, 700.0), WorkLine(Work.LENS, 1, None, is_included=True))
    assert (cost.total, cost.counts) == (700.0, {Work.AIM: 1, Work.LENS: 1})
    assert cost_of((priced,), (replace(priced, azimuth_deg=90.0),)).total is None
    assert cost_of((priced,), ()).total is None


def test_that_the_currency_of_the_file_stands_with_the_sum(tmp_path):
    prices = load_unit_prices(filled(tmp_path, 'currency = "eur"\n[unit_prices]\naim = 180\n'))
    cost = cost_of((STANDS,), (TURNED,), prices)
    assert (cost.total, cost.currency) == (180.0, "EUR")
    with pytest.raises(InputError, match="currency: euro is no currency"):
        load_unit_prices(filled(tmp_path, 'currency = "euro"\n[unit_prices]\n'))


def test_that_prices_in_two_currencies_have_no_sum():
    planned = replace(STANDS, status=Status.PLANNED)
    own = replace(planned, camera_id="K2", extra={"unit_price": "4000", "currency": "CHF"})
    cost = cost_of((), (planned, own), UnitPrices({Work.NEW_ON_POLE: 1000.0}, "EUR"))
    assert (cost.total, cost.currency, cost.currencies) == (None, "", ("EUR", "CHF"))
    bare = replace(own, extra={"unit_price": "4000"})  # in which currency the office does not say
    cost = cost_of((), (planned, bare), UnitPrices({Work.NEW_ON_POLE: 1000.0}, "EUR"))
    assert (cost.total, cost.currency) == (5000.0, "")


def test_that_the_currency_is_that_of_the_record_whose_price_is_taken():
    wall = replace(STANDS, status=Status.PLANNED, mount=Mount.WALL, extra={"unit_price": "100", "currency": "EUR"})
    pole = replace(wall, mount=Mount.POLE, extra={"unit_price": "200", "currency": "CHF"})
    cost = cost_of((wall,), (pole,))
    assert [(each.count, each.unit_price, each.currency) for each in cost.lines] == [(1, 200.0, "CHF"), (-1, 100.0, "EUR")]
    assert cost.total is None


def test_that_each_kind_of_work_on_one_camera_has_a_price_of_its_own():
    """Turned for 50, another lens for 700 as it is stated, of which the file says 60."""
    priced = replace(STANDS, extra={"price_lens": "700", "currency": "EUR"})
    both = replace(priced, azimuth_deg=90.0, hfov_deg=30.0)
    cost = cost_of((priced,), (both,), UnitPrices({Work.AIM: 50.0, Work.LENS: 60.0}, "EUR"))
    assert cost.lines == (WorkLine(Work.AIM, 1, 50.0, currency="EUR"), WorkLine(Work.LENS, 1, 700.0, currency="EUR"))
    assert (cost.total, cost.currency) == (750.0, "EUR")
    assert cost_of((priced,), (both,)).total is None
    assert cost_of((priced,), ()).total is None  # the price of a lens is none of taking the camera down


@pytest.mark.parametrize(("digits", "said"), [(400, "is no price"), (5000, "more digits")])
def test_that_a_price_of_very_many_digits_is_refused_in_a_sentence(tmp_path, digits, said):
    (tmp_path / "prices.toml").write_text(f'currency = "EUR"\n[unit_prices]\nmove = {"9" * digits}\n')
    with pytest.raises(InputError, match=said):
        load_unit_prices(tmp_path / "prices.toml")
