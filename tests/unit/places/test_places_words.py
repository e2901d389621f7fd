"""Words of many languages show a protected kind as a value, and in the name of a building whose use is known."""

import tomllib

import pytest
from places_town import BOX, KINDS, buildings
from sources import ROOT

from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.protection.minimum import KNOWN_USES
from lhasaplan.core.protection.places import find_protected
from lhasaplan.core.protection.protected_names import is_named
from lhasaplan.errors import InputError
from lhasaplan.io.content.protected_kinds import FILE, read_words

INDEX, WORDS = KINDS.index(), KINDS.words()
TABLE = tomllib.loads((ROOT / "data" / FILE).read_text(encoding="utf-8"))
ROWS = {kind: rows for kind, rows in TABLE.items() if kind not in {"elsewhere", "in_names"}}
NAMED = ("worship", "school", "health", "care_home", "hotel")
LEAST = (
    "en fr de nl da sv no fi et lv lt pl cs sk sl hr sr bg ru uk hu ro sq el it es pt tr",
    "ar fa he hi bn th vi id ms zh ja ko bo mn ka hy sw am",
)


@pytest.mark.parametrize("kind", ROWS)
def test_that_every_word_shows_its_kind_in_small_letters_capitals_and_with_blanks(kind):
    lost = [
        (language, word)
        for language, words in ROWS[kind].items()
        if language != "keys"
        for word in words
        for key in ROWS[kind]["keys"]
        for text in (word, word.upper(), word.replace("_", " ").title())
        if kind not in INDEX.names({key: text})
    ]
    assert lost == []


@pytest.mark.parametrize("kind", NAMED)
def test_that_every_word_of_four_letters_or_another_script_is_evidence_in_a_name(kind):
    words = [word for language, words in ROWS[kind].items() if language != "keys" for word in words if not word.isascii()]
    assert [word for word in words if len(word) >= 5 and not is_named({"name": f"{word.replace('_', ' ')} 12"}, WORDS)] == []


@pytest.mark.parametrize("kind", ["worship", "school", "health", "dwelling"])
def test_that_the_table_has_the_languages_it_is_meant_to_have(kind):
    assert set(" ".join(LEAST).split()) <= set(ROWS[kind])


def test_that_no_word_takes_a_use_that_is_known():
    shown = {value: INDEX.names({"building": value}) for value in KNOWN_USES}
    assert {value for value, names in shown.items() if names} == {"toilets"}


def uses(**tags):
    reported = {key.replace("__", ":"): value for key, value in tags.items()}
    return [place.cls for place in find_protected({}, buildings(("way/1", BOX, reported, 6.0)), KINDS)]


@pytest.mark.parametrize(
    "name",
    ["Mosquée An-Nur", "Al-Noor Mosque", "Fatih Camii", "Церковь Спаса", "ХРАМ", "المسجد الكبير", "सनातन मंदिर", "वसंत विद्यालय",
     "วัดพระแก้ว", "東京教会", "서울교회", "大昭寺", "Kallion kirkko", "Parafia i kościół", "Scuola Dante", "Ospedale",
     "Marienkirche", "M0schee Nord", "Seniorenheim Anna", "ΙΕΡΟΣ ΝΑΟΣ",
     "Ecole Maternelle", "בית כנסת הגדול", "Via Crucis Chapel"],
)  # fmt: skip
def test_that_a_workshop_that_is_called_what_is_protected_has_unknown_use(name):
    assert uses(building="industrial", name=name) == [ProtectedClass.USE_UNKNOWN]


@pytest.mark.parametrize(
    "key", ["alt_name", "official_name", "short_name", "loc_name", "int_name", "name:de", "name:ar", "name_1"]
)
def test_that_any_name_of_today_is_evidence(key):
    assert uses(building="industrial", **{key.replace(":", "__"): "Moschee"}) == [ProtectedClass.USE_UNKNOWN]


@pytest.mark.parametrize("key", ["old_name", "was:name", "operator", "note", "addr:street"])
def test_that_a_former_name_and_what_is_none_are_no_evidence(key):
    assert uses(building="industrial", **{key.replace(":", "__"): "Moschee"}) == []


@pytest.mark.parametrize("levels", ["2+1", "three", "III", "三", "2-4", "1;3", "３"])
def test_that_storeys_that_are_a_sum_or_no_number_are_taken_for_many(levels):
    assert uses(building="retail", building__levels=levels) == [ProtectedClass.USE_UNKNOWN]


@pytest.mark.parametrize(
    "name",
    ["Hôtel de Ville", "Church Street Car Park", "Place de l'Église", "Via della Chiesa", "School Lane", "Churchill", "Templeton",
     "Studio 54", "Lagerhaus", "Tennishalle", "Kirchheim", "مدير", "ขวดนม", "Haus der Kunst", "Dom Polski", "Supermercado Casa"],
)  # fmt: skip
def test_that_a_street_or_a_town_hall_says_nothing_of_what_is_protected(name):
    assert uses(building="industrial", name=name) == []


@pytest.mark.parametrize(
    ("levels", "in_roof", "is_unknown"),
    [("2", "1", True), ("2", "0", False), ("2", None, False), ("1", "2", True), (None, "2", True)],
)
def test_that_storeys_in_the_roof_are_storeys(levels, in_roof, is_unknown):
    reported = {key: value for key, value in (("building__levels", levels), ("roof__levels", in_roof)) if value}
    assert uses(building="retail", **reported) == [ProtectedClass.USE_UNKNOWN] * is_unknown


def test_that_the_table_of_words_is_refused_where_a_word_is_gone_or_another_came(tmp_path):
    text = (ROOT / "data" / FILE).read_text(encoding="utf-8")
    for edited in (text.replace('"mezquita", ', ""), text.replace("phrases = [", 'phrases = ["mosquée", ')):
        (tmp_path / FILE).write_text(edited, encoding="utf-8")
        with pytest.raises(InputError, match=r"protected_words\.toml.*add words to the tags"):
            read_words(tmp_path / FILE)


def test_that_the_layout_of_the_table_may_change(tmp_path):
    text = (ROOT / "data" / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text("# as it is\n" + text.replace(", ", ",  "), encoding="utf-8")
    assert read_words(tmp_path / FILE)


# Lhasa's own words, and what registers of the Netherlands and Poland say


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("worship", "清真大寺"),
        ("worship", "ལྷ་ཁང་"),
        ("worship", "རྩེ་ལྷ་ཁང་ཆེན་མོ།"),
        ("worship", "འབྲས་སྤུངས་དགོན་པའི་ཚོམས་ཆེན"),
        ("worship", "扎基拉康"), ("worship", "贡巴"), ("worship", "木如寺大殿"), ("worship", "สวนวัดโพธิ์"),
        ("worship", "salón del reino"), ("worship", "Parrocchia"), ("school", "instituto"),
        ("health", "社区医院"), ("health", "藏医院门诊楼"), ("school", "第一中学"), ("school", "双语幼儿园"),
        ("health", "gezondheidszorgfunctie"), ("school", "winkelfunctie,onderwijsfunctie"),
        ("school", "budynki szkół i instytucji badawczych"), ("care_home", "dom pomocy społecznej"),
    ],
)  # fmt: skip
def test_that_a_word_in_a_longer_value_of_a_script_without_spaces_shows_its_kind(kind, text):
    assert kind in INDEX.names({"amenity": text})


@pytest.mark.parametrize("text", ["医院路", "手机医院", "医院路车库", "จังหวัด", "寺田", "学校前", "사거리", "绿化"])
def test_that_a_street_or_another_word_that_has_the_signs_of_one_shows_none(text):
    assert INDEX.names({"amenity": text}) == ()


@pytest.mark.parametrize("text", ["woonfunctie", "Budynki mieszkalne jednorodzinne", "职工宿舍"])
def test_that_registers_say_by_their_own_words_that_a_building_is_lived_in(text):
    assert "dwelling" in INDEX.names({"building": text})


@pytest.mark.parametrize("name", ["扎基拉康", "米琼日寺", "ལྷ་ཁང་", "色拉寺经堂", "拉萨市第三小学教学楼", "回族清真大寺"])
def test_that_a_building_of_known_use_that_lhasa_calls_protected_has_unknown_use(name):
    assert uses(building="civic", name=name) == [ProtectedClass.USE_UNKNOWN]


def test_that_a_road_that_leads_to_a_hospital_is_none():
    assert not INDEX.names({"highway": "primary", "destination": "Menton;HÔPITAL"})
