"""No article that the rules list is left out of its pack, and the limits pack has no other."""

import tomllib
from pathlib import Path

import pytest

from lhasaplan.core.findings.sentences import FINDINGS
from lhasaplan.core.rules.audit_policy import articles_by_kind
from lhasaplan.io.content.packs import FINDING_KINDS, available_packs, load_packs

# The base law has no list of forbidden spots or purposes, no hours of assemblies, no yearly count of incidents and no
# term of an authorisation.
NATIONAL = {
    "indoor_forbidden": "cn-limits",
    "purpose_not_listed": "fr-csi",
    "assembly_hours": "de-bdsg",
    "entrance_in_view": "fr-csi",
    "assembly_ground": "de-bdsg",
    "no_incidents": "uk-sccop",
    "incidents_unknown": "uk-sccop",
    "approval_expired": "fr-csi",
    "approval_renewal": "fr-csi",
    "end_passed": "fr-csi",
    "end_missing": "municipal-safety",
}
LISTED = tomllib.loads((Path(__file__).parent / "articles.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("pack", "number"), [(pack, number) for pack, numbers in LISTED.items() for number in numbers])
def test_that_each_listed_article_has_an_entry(pack, number):
    assert any(article.number.startswith(number) for article in load_packs([pack])[0].articles)


def test_that_the_limits_pack_has_exactly_the_limiting_articles():
    assert [article.number for article in load_packs(["cn-limits"])[0].articles] == LISTED["cn-limits"]


@pytest.mark.parametrize("name", available_packs())
def test_that_an_article_that_cites_findings_is_computed(name):
    articles = load_packs([name])[0].articles
    assert [a.number for a in articles if bool(a.findings) != (a.how == "computed")] == []


INSIDE_THE_GATE = {"gap", "weak", "partial", "overlap", "removable", "purpose_differs", "sharper_than_needed"}


def test_that_a_pack_under_which_nothing_is_planned_claims_nothing_that_only_the_gate_gives():
    never = [pack for pack in load_packs(available_packs()) if pack.planning == "never"]
    claimed = {(pack.name, a.number, kind) for pack in never for a in pack.articles for kind in a.findings}
    assert never
    assert not {each for each in claimed if each[2] in INSIDE_THE_GATE}


@pytest.mark.parametrize("kind", sorted({kind.split(":")[0] for kind in FINDINGS}))
def test_that_every_finding_rests_on_an_article(kind):
    assert kind in FINDING_KINDS
    (pack,) = load_packs([NATIONAL.get(kind, "eu-gdpr")])
    assert articles_by_kind([pack]).get(kind)
