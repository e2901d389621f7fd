"""Dates that run out, to the day; only where an article cites them."""

import dataclasses

import pytest
from answers_town import article, camera, pack

from lhasaplan.core.context.audit_context import tightest
from lhasaplan.core.model.camera import Status
from lhasaplan.core.records.deadlines import KINDS, deadlines
from lhasaplan.core.rules.audit_policy import articles_by_kind
from lhasaplan.core.rules.pack import Thresholds

TODAY = "2026-11-25"
LIMITS = Thresholds(approval_days=365.0, renewal_notice_days=30.0, review_days=365.0, end_days=365.0)
CITED = articles_by_kind([pack("national", articles=[article("1", *KINDS)])])


def kinds(approved_on="", today=TODAY, limits=LIMITS, articles=CITED, **columns):
    status = columns.pop("status", Status.OPERATING)
    installed = columns.pop("installed_on", "2026-06-01")
    one = dataclasses.replace(camera(status=status, installed_on=installed), extra=columns)
    return [draft.kind for draft in deadlines(one, approved_on, today, limits, articles)]


@pytest.mark.parametrize(
    ("expires", "kind"),
    [
        ("2026-11-24", ["approval_expired"]),
        ("2026-11-25", ["approval_renewal"]),  # it ends today: no day too late
        ("2026-12-25", ["approval_renewal"]),  # 30 days ahead
        ("2026-12-26", []),
    ],
)
def test_that_an_authorisation_runs_out_to_the_day(expires, kind):
    assert kinds(authorisation_expires=expires) == kind


@pytest.mark.parametrize(("approved_on", "kind"), [("2025-11-24", ["approval_expired"]), ("2025-11-25", ["approval_renewal"])])
def test_that_an_approval_lasts_as_long_as_the_strictest_pack_says(approved_on, kind):
    assert kinds(approved_on, review_date="2027-01-01") == kind


def test_that_an_approval_without_a_term_never_ends():
    assert kinds("1999-01-01", limits=dataclasses.replace(LIMITS, approval_days=None), review_date="2027-01-01") == []


@pytest.mark.parametrize(("installed_on", "kind"), [("2025-11-25", []), ("2025-11-24", ["review_overdue"]), ("", [])])
def test_that_a_camera_without_a_review_is_asked_about_after_its_interval(installed_on, kind):
    assert kinds(installed_on=installed_on) == kind


def test_that_a_review_to_come_answers_for_the_past():
    assert kinds(installed_on="2001-01-01", review_date="2026-11-25") == []


@pytest.mark.parametrize(("end", "kind"), [("2026-11-24", ["end_passed"]), ("2026-11-25", []), ("soon", [])])
def test_that_a_camera_may_operate_on_its_last_day(end, kind):
    assert kinds(end_date=end) == kind


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"end_date": "2027-11-25"}, []),
        ({"end_date": "2027-11-26"}, ["end_missing"]),
        ({"end_date": "2030-01-01", "review_date": "2027-01-01"}, []),
        ({}, ["end_missing"]),
    ],
)
def test_that_a_planned_camera_has_an_end_or_a_review_within_its_limit(columns, kind):
    assert kinds(status=Status.PLANNED, **columns) == kind


def test_that_nothing_is_said_without_a_day_or_without_an_article():
    assert kinds(today="", end_date="2020-01-01") == []
    assert kinds(articles={}, end_date="2020-01-01") == []


def test_that_of_two_notices_the_longer_one_counts_and_of_two_terms_the_shorter():
    packs = [pack("a", approval_days=1826.0, renewal_notice_days=30.0), pack("b", approval_days=365.0, renewal_notice_days=122.0)]
    limits = tightest(tuple(packs))
    assert (limits.approval_days, limits.renewal_notice_days) == (365.0, 122.0)
