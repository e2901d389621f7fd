"""Unit prices are the office's: empty ones are to be filled, and no plan that needs one of them has a total."""

import tomllib
from dataclasses import replace

import pytest

from lhasaplan.content import content_folder
from lhasaplan.core.changes import Work, cost_of
from lhasaplan.core.model.camera import Camera
from lhasaplan.errors import InputError
from lhasaplan.io.content.unit_prices import load_unit_prices

STANDS = Camera("K1", 0.0, 0.0, azimuth_deg=10.0, hfov_deg=60.0)
TURNED = replace(STANDS, azimuth_deg=90.0)
TURNED_AND_LENS = replace(TURNED, hfov_deg=30.0)


def filled(tmp_path, text):
    path = tmp_path / "office.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_that_the_shipped_file_has_every_kind_of_work_and_states_no_price():
    table = tomllib.loads((content_folder("data") / "prices.toml").read_text(encoding="utf-8"))
    assert table == {"unit_prices": dict.fromkeys(map(str, Work), "")}
    assert load_unit_prices() == {}
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
    told = {fault.where.item: fault.template for fault in refused.value.faults}
    assert {fault.where.file for fault in refused.value.faults} == {"office.toml"}
    assert set(told) == {f"unit_prices.{key}" for key in ("aim", "mask", "move", "lens", "range", "pole")}
    assert "aim: 0 is no price" in str(refused.value)


def test_that_a_file_without_prices_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"office\.toml, unit_prices: This key is missing"):
        load_unit_prices(filled(tmp_path, "aim = 5\n"))
