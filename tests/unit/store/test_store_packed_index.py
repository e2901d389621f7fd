"""A spatial index that is written node by node is one that SQLite knows as sound, finds the same rows, and grows as any other."""

import sqlite3

import numpy as np
import pytest

from lhasaplan.store.tables import fill_index


def made(boxes):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE town USING rtree(id, minx, maxx, miny, maxy)")
    fill_index(connection, "town", np.arange(len(boxes)) + 1, boxes)
    return connection


def squares(count, seed=7):
    """Return boxes of some metres anywhere in 10 km, where single precision knows half metres alone."""
    random = np.random.default_rng(seed)
    at = random.uniform((500_000.0, 6_740_000.0), (510_000.0, 6_750_000.0), (count, 2))
    return np.hstack((at, at + random.uniform(0.0, 30.0, (count, 2))))


def found(connection, west, south, east, north):
    where = "maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?"
    return {row[0] for row in connection.execute(f"SELECT id FROM town WHERE {where}", (west, east, south, north))}


def sound(connection):
    return connection.execute("SELECT rtreecheck('town')").fetchone()[0]


@pytest.mark.parametrize("count", [0, 1, 50, 51, 52, 2_601, 2_602, 9_000])  # a node has 51 cells: one, two and three levels
def test_that_an_index_is_sound_and_misses_no_row_whatever_its_depth(count):
    boxes = squares(count)
    connection = made(boxes)
    assert sound(connection) == "ok"
    assert connection.execute("SELECT count(*) FROM town").fetchone()[0] == count
    for west, south in ((500_000.0, 6_740_000.0), (503_000.0, 6_744_000.0), (509_000.0, 6_749_000.0)):
        east, north = west + 700.0, south + 700.0
        meets = (boxes[:, 2] >= west) & (boxes[:, 0] <= east) & (boxes[:, 3] >= south) & (boxes[:, 1] <= north)
        rows = found(connection, west, south, east, north)
        assert set((np.flatnonzero(meets) + 1).tolist()) <= rows
        assert len(rows) <= meets.sum() + 0.01 * count  # those beside the edge, by single precision


def test_that_rows_come_into_such_an_index_and_leave_it_as_any_other():
    connection = made(squares(5_000))
    connection.execute("DELETE FROM town WHERE id % 3 = 0")
    more = np.column_stack((np.arange(9_001, 9_901), squares(900, 8)[:, [0, 2, 1, 3]])).tolist()
    connection.executemany("INSERT INTO town VALUES (?, ?, ?, ?, ?)", more)
    assert sound(connection) == "ok"
    assert connection.execute("SELECT count(*) FROM town").fetchone()[0] == 5_000 - 1_666 + 900
