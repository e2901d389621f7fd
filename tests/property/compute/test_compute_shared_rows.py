"""Rows that states share hold what a list would, and grounds that may meet are those whose boxes do."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lhasaplan.core.live.state import BLOCK, MOST_CHANGED, meeting_of, objects, rows_of, with_changed


@given(st.integers(0, 3 * BLOCK), st.lists(st.tuples(st.integers(0, 3 * BLOCK), st.integers(-9, -1))), st.integers(0, 2 * BLOCK))
def test_that_rows_hold_what_a_list_would(count, changes, more):
    plain, changes = list(range(count)), [(row, value) for row, value in changes if row < count]
    before = rows_of(np.arange(count))
    after = before.replaced([row for row, _ in changes], [value for _, value in changes]).extended(np.full(more, 7))
    assert list(before) == before.whole().tolist() == plain
    for row, value in changes:
        plain[row] = value
    plain += [7] * more
    assert list(after) == after.whole().tolist() == [after[row] for row in range(len(after))] == plain


def test_that_a_change_copies_no_block_but_its_own():
    before = rows_of(np.arange(3 * BLOCK))
    after = before.replaced([BLOCK + 1], [-1])
    assert [a is b for a, b in zip(before.blocks, after.blocks, strict=True)] == [True, False, True, True]


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.sampled_from([1, 30, MOST_CHANGED - 1, MOST_CHANGED, 2 * MOST_CHANGED]))
def test_that_grounds_that_may_meet_are_those_whose_boxes_do(seed, changes):
    dice = np.random.default_rng(seed)
    grounds = rows_of(objects([square(dice) for _ in range(60)])).extended(objects([shapely.MultiPolygon()] * 2))
    meeting = meeting_of(grounds)
    grounds = grounds.extended(objects([square(dice)]))
    meeting = with_changed(meeting, [62], grounds)
    for row in dice.integers(0, 63, changes).tolist():
        grounds = grounds.replaced([row], [shapely.MultiPolygon() if row % 9 == 0 else square(dice)])
        meeting = with_changed(meeting, [row], grounds)
    asked = square(dice)
    boxes = [shapely.box(*ground.bounds) if not ground.is_empty else ground for ground in grounds]
    assert sorted(meeting.near(asked)) == [row for row, box in enumerate(boxes) if box.intersects(asked)]


def test_that_a_new_tree_is_made_when_many_grounds_changed():
    grounds = rows_of(objects([shapely.box(k, 0.0, k + 1.0, 1.0) for k in range(2 * MOST_CHANGED)]))
    old = meeting_of(grounds)
    few, many = (with_changed(old, range(count), grounds) for count in (MOST_CHANGED - 1, MOST_CHANGED))
    assert few.tree is old.tree
    assert many.tree is not old.tree
    assert not many.changed


def square(dice):
    west, south, width = dice.uniform(0.0, 50.0, 3)
    return shapely.box(west, south, west + width / 5.0, south + width / 5.0)
