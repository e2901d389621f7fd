"""Golden drafts, compared by meaning: the words and figures of the document, not its bytes.

After a wanted change, look at the difference, then write the golden text anew with ``python tests/golden/test_golden_report.py``.
"""

import sys
import tomllib
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS.parent), str(TESTS / "unit" / "report")]

from report_factory import a_check, a_project, an_assessment  # noqa: E402

from lhasaplan.core.base.translations import Translations  # noqa: E402
from lhasaplan.report.documents.audit_and_plan import compose_audit, compose_plan  # noqa: E402

GOLDEN = Path(__file__).parent / "report"
CASES = ("audit_en", "plan_en", "audit_zh_CN", "plan_fr")


def _translations(language):
    """Return the report's own catalogues alone: other rooms may word their sentences anew."""
    if language == "en":
        return Translations()
    folder = TESTS.parent / "reports" / "translations" / language
    names = (
        "report",
        "drafts",
        "edited",
        "dossiers",
        "meeting",
        "names",
        "slides",
        "maps",
        "questions",
        "likely",
        "counted",
        "plans",
        "council",
    )
    texts = [(folder / f"{name}.toml").read_text("utf-8") for name in names]
    return Translations(language, {key: said for text in texts for key, said in tomllib.loads(text).items()})


def draft(case):
    """Return the words of one draft."""
    kind, _, language = case.partition("_")
    if kind == "plan":
        return compose_plan(a_project(), a_check(synthetic=True), _translations(language)).text() + "\n"
    return compose_audit(a_project(), an_assessment(), _translations(language)).text() + "\n"


@pytest.mark.parametrize("case", CASES)
def test_that_a_draft_says_what_its_golden_text_says(case):
    assert draft(case) == (GOLDEN / f"{case}.txt").read_text("utf-8")


if __name__ == "__main__":
    for name in CASES:
        (GOLDEN / f"{name}.txt").write_text(draft(name), "utf-8")
