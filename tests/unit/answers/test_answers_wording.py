import string

import pytest
from answers_town import camera, house, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.findings.sentences import FINDINGS, MITIGATIONS, POSSIBLE, QUESTIONS, SERVICE, finding_sentence
from lhasaplan.core.results.finding import MitigationAction
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.io.content.packs import available_packs, load_packs

OF_MITIGATIONS = [text for each in MITIGATIONS.values() for text in (each.name, each.sentence, *each.variants.values())]
SENTENCES = [text for table in (FINDINGS, POSSIBLE, QUESTIONS, SERVICE, NOTES) for text in table.values()] + OF_MITIGATIONS


def names(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_that_every_sentence_is_translated_with_the_same_parameters(language):
    catalogue = load_translations(language).catalogue
    assert [text for text in SENTENCES if text not in catalogue] == []
    assert all(names(text) == names(catalogue[text]) for text in SENTENCES)


def test_that_every_mitigation_has_a_sentence():
    assert set(MITIGATIONS) == set(MitigationAction)


def test_that_sentences_say_can_see_and_never_sees():
    assert not any(" sees " in text for text in SENTENCES)


def test_that_every_kind_that_a_pack_cites_is_a_finding_of_ours():
    packs = [pack for name in available_packs() for pack in load_packs((name,))]
    cited = {kind for pack in packs for article in pack.articles for kind in article.findings}
    assert cited <= set(FINDINGS)


def test_that_a_camera_with_a_mask_on_record_is_not_said_to_have_none():
    # Two homes 20 m ahead; the mask hides the left one.
    homes = [house(1, -12, 20, -2, 30), house(2, 2, 20, 12, 30)]
    for changes, end in (({}, "No mask known."), ({"mask_sector_deg": ((300.0, 355.0),)}, "with the masks on record: {views}.")):
        (view,) = [
            f for f in audit(town(*homes, cameras=[camera(**changes)]), reference_data()).findings if f.kind == "view_home"
        ]
        assert finding_sentence(view)[0].endswith(end)
