"""Write an impact assessment as a file that the CNIL's PIA tool imports.

The form is the one that the tool itself reads and writes (its published source, github.com/LINCnil/pia): one object with the
assessment, and lists of answers, measures, evaluations and comments. An answer names the number of its question; a risk has
lists of impacts, threats, sources and measures and two gauges from 1 to 4. Nobody's opinion or evaluation is written: those are
given in the tool.
"""

import html
import json
from collections.abc import Sequence
from pathlib import Path

from lhasaplan.core.rules.forms import Dossier, Event, ImpactForm, Risk
from lhasaplan.report.city_plan.plan_facts import PlanFacts
from lhasaplan.report.dossiers.impact_answers import answer
from lhasaplan.report.dossiers.people_at_risk import FIGURES, likelihood, likelihood_text
from lhasaplan.report.text.document import Document
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.words import in_language

# The tool's numbers: a feared event has questions of its own, in this order.
EVENTS = {Event.ACCESS: 320, Event.CHANGE: 330, Event.LOSS: 340}
IMPACTS, THREATS, SOURCES, MEASURES, SEVERITY, LIKELIHOOD = 1, 2, 3, 4, 5, 6
OVERVIEW = 111  # its first question: here stands what every output says of itself
Row = dict[str, object]


def write_pia(draft: Document, dossier: Dossier, facts: PlanFacts, path: Path) -> Path:
    """Write the file, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(pia_values(draft, dossier, facts), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def pia_values(draft: Document, dossier: Dossier, facts: PlanFacts) -> Row:
    """Return what the tool imports; the file bears the day of the draft, for no clock is read here."""
    when = f"{draft.date or '1970-01-01'}T00:00:00.000Z"
    answers = [*_answers(draft, dossier.impact, facts), *_risks(dossier.impact, facts)]
    measures = list(dict.fromkeys(in_language(risk.measure, facts.translations) for risk in dossier.impact.risks))
    of_all: Row = {"pia_id": 1, "created_at": when, "updated_at": when}
    return {
        "pia": _assessment(draft, facts, when),
        "answers": [{**of_all, "id": number, **each} for number, each in enumerate(answers, 1)],
        "measures": [
            {**of_all, "id": number, "title": text, "content": "", "placeholder": ""} for number, text in enumerate(measures, 1)
        ],
        "evaluations": [],
        "comments": [],
    }


def _assessment(draft: Document, facts: PlanFacts, when: str) -> Row:
    return {
        "id": 1,
        "status": 0,  # being written
        "is_example": 0,
        "is_archive": 0,
        "name": f"{draft.title} · {draft.subtitle}",
        "category": "",
        "author_name": facts.mandate.controller,
        "evaluator_name": "",
        "validator_name": "",
        "progress": 0,
        "structure_id": None,
        "created_at": when,
        "updated_at": when,
    }


def _answers(draft: Document, form: ImpactForm, facts: PlanFacts) -> list[Row]:
    """Return an answer to each question in words; what the project does not say is put as the open question."""
    rows: list[Row] = []
    for field in form.fields:
        found = answer(field, facts)
        is_open = not found.is_whole and field.asks is not None
        texts = [found.text, in_language(field.asks, facts.translations) if is_open and field.asks else ""]
        for number in field.cnil:
            marks = list(draft.banners) if number == OVERVIEW else []
            paragraphs = [text for text in (*marks, *texts) if text]
            if number >= OVERVIEW and paragraphs:
                rows.append(_answer(number, text=paragraphs))
    return _one_each(rows)


def _one_each(rows: Sequence[Row]) -> list[Row]:
    """Return one answer a question: the first, for the tool shows no second."""
    return list({row["reference_to"]: row for row in reversed(rows)}.values())[::-1]


def _risks(form: ImpactForm, facts: PlanFacts) -> list[Row]:
    return [row for event, base in EVENTS.items() for row in _of_event(base, _risks_of(event, form), form, facts)]


def _risks_of(event: Event, form: ImpactForm) -> list[Risk]:
    return [risk for risk in form.risks if event in risk.events]


def _of_event(base: int, risks: Sequence[Risk], form: ImpactForm, facts: PlanFacts) -> list[Row]:
    """Return the six answers about a feared event; a gauge that nobody knows stays empty."""
    if not risks:
        return []
    translations = facts.translations
    gravest = max(risk.severity for risk in risks)
    found = [likelihood(facts, risk) for risk in risks]
    known = [levels[1] for levels in found if levels is not None]
    reasons = [f"{in_language(r.text, translations)} {FIGURES[r.figure](facts)} {likelihood_text(facts, r, form)}" for r in risks]
    return [
        _answer(base + IMPACTS, listed=[in_language(risk.harm, translations) for risk in risks]),
        _answer(base + THREATS, listed=[in_language(risk.text, translations) for risk in risks]),
        _answer(base + SOURCES, listed=[in_language(each, translations) for each in form.sources]),
        _answer(base + MEASURES, listed=[in_language(risk.measure, translations) for risk in risks]),
        _answer(base + SEVERITY, text=[in_language(form.levels[gravest - 1].severity, translations)], gauge=gravest),
        _answer(base + LIKELIHOOD, text=reasons, gauge=max(known, default=None)),
    ]


def _answer(number: int, *, text: Sequence[str] = (), listed: Sequence[str] = (), gauge: int | None = None) -> Row:
    """Return one answer; its text is HTML in the tool, so that a user's words are escaped."""
    paragraphs = "".join(f"<p>{html.escape(each)}</p>" for each in text)
    return {"reference_to": number, "data": {"text": paragraphs or None, "gauge": gauge, "list": list(dict.fromkeys(listed))}}
