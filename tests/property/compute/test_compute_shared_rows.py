"""Rows that states share hold what a list would, and grounds that may meet are those whose boxes do."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from lhasaplan.core.demand.columns import DemandColumn, Needs
from lhasaplan.core.live.live_answers import MOST_REPLACED, SharedAnswers, with_answers
from lhasaplan.core.live.state import (
    ALL,
    BLOCK,
    MOST_CHANGED,
    OPERATING,
    POINTS_A_BLOCK,
    SEEN,
    SERVED,
    CountedViews,
    counted_again,
    meeting_of,
    no_counts,
    objects,
    rows_of,
    with_changed,
)
from lhasaplan.core.model.camera import Status


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


@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.integers()), max_size=8))
def test_that_answers_in_two_layers_are_those_of_one_mapping(changes):
    plain, layered = {}, {}
    for new in changes:
        plain, layered = {**plain, **new}, with_answers(layered, new)
    assert dict(layered) == plain
    assert [*layered] == [*plain]  # in the order in which they came
    assert len(layered) == len(plain)
    assert [layered.get(key) for key in "abcdefgh"] == [plain.get(key) for key in "abcdefgh"]
    assert ["a" in layered, 5 in layered] == ["a" in plain, False]


def test_that_many_new_answers_become_one_layer_with_the_others():
    known = dict.fromkeys(map(str, range(200)), 0)
    few = with_answers(known, dict.fromkeys(map(str, range(MOST_REPLACED)), 1))
    assert isinstance(few, SharedAnswers)
    assert few.known is known
    many = with_answers(few, {"150": 2})
    assert isinstance(many, dict)
    assert sum(many.values()) == MOST_REPLACED + 2


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from([0, 1, 7, POINTS_A_BLOCK - 1, POINTS_A_BLOCK, 2 * POINTS_A_BLOCK + 5]))
def test_that_counts_in_blocks_are_those_of_plain_sums(seed, count):
    dice = np.random.default_rng(seed)
    needs = needs_of_points(dice, count)
    gone, come = ([column(dice, count) for _ in range(3)] for _ in range(2))
    before = counted_again(no_counts(count), needs, (), gone)
    after = counted_again(before, needs, gone, come)
    for counts, columns in ((before, gone), (after, come)):
        assert (counts.whole() == plain_sums(columns, needs, count)).all()
    some = np.sort(dice.permutation(count)[: count // 3])
    assert (after.of(some) == after.whole()[:, :, some]).all()
    changed = np.flatnonzero((before.whole() != after.whole()).any(axis=(0, 1)))
    assert after.differing_from(before).tolist() == changed.tolist()


def test_that_a_camera_copies_no_block_of_counts_but_its_own():
    before = no_counts(3 * POINTS_A_BLOCK)
    needs = needs_of_points(np.random.default_rng(1), 3 * POINTS_A_BLOCK)
    one = CountedViews(DemandColumn(np.array([POINTS_A_BLOCK + 4]), np.array([300.0])), Status.OPERATING)
    after = counted_again(before, needs, (), [one])
    assert [a is b for a, b in zip(before.blocks, after.blocks, strict=True)] == [True, False, True]
    assert after.differing_from(before).tolist() == [POINTS_A_BLOCK + 4]


def needs_of_points(dice, count):
    needed, ones, number = dice.choice([25.0, 62.5], count), np.ones(count), np.zeros(count, np.int64)
    return Needs(number, ones, needed, np.minimum(needed, 25.0), number + 1, np.ones(1), np.array([float(count)]))


def column(dice, count):
    points = np.sort(dice.permutation(count)[: dice.integers(0, count + 1)])
    status = Status.PLANNED if dice.integers(2) else Status.OPERATING
    return CountedViews(DemandColumn(points, dice.uniform(10.0, 100.0, len(points))), status, bool(dice.integers(2)))


def plain_sums(columns, needs, count):
    """Each camera after the other, point by point."""
    found = np.zeros((2, 2, count), int)
    for each in columns:
        for point, density in zip(each.column.points.tolist(), each.column.density_px_m.tolist(), strict=True):
            for which in (OPERATING, ALL):
                is_counted = each.status is Status.OPERATING and (which == OPERATING or not each.leaves)
                if is_counted or (which == ALL and each.status is Status.PLANNED):
                    found[which, SERVED, point] += density >= needs.needed_px_m[point]
                    found[which, SEEN, point] += density >= 25.0
    return found


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
