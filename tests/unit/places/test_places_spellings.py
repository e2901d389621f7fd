"""A protected place is found however a map or a table writes it; what a place was before makes none of it."""

import pytest

from lhasaplan.core.base.spelling import plain
from lhasaplan.core.model.layer import is_drawn
from lhasaplan.io.content.protected_kinds import load_protected_kinds

INDEX = load_protected_kinds().index()
CYRILLIC_A, GREEK_O, DOTLESS_I, CYRILLIC_BIG_S = "\u0430", "\u03bf", "\u0131", "\u0421"

FOUND = [
    ("worship", {"amenity": f"pl{CYRILLIC_A}ce_of_worship"}),
    ("worship", {"building": f"m{GREEK_O}sque"}),
    ("worship", {"building": f"{CYRILLIC_BIG_S}hurch"}),
    ("health", {"amenity": f"cl{DOTLESS_I}nic"}),
    ("worship", {f"{CYRILLIC_A}menity": "place_of_worship"}),
    ("worship", {"amenity": "\uff50lace_of_worship"}),
    ("health", {"amenity": "parking", "amenity_1": "clinic"}),
    ("school", {"amenity:2": "school"}),
    ("worship", {"fclass": "building", "type": "church"}),
    ("health", {"Category": "Hospital"}),
    ("school", {"class": "education", "subclass": "kindergarten"}),
    ("hotel", {"fclass": "guest_house"}),
    ("worship", {"building": "Mosqu\u00e9e"}),
    ("shelter", {"kind": "protected"}),
    ("school", {"leisure": "schoolyard"}),
    ("school", {"amenity": "学校"}),
    ("school", {"amenity": "幼儿园"}),
    ("school", {"amenity": "École maternelle"}),
    ("school", {"amenity": "Kindertagesstätte"}),
    ("school", {"education": "school"}),
    ("shelter", {"amenity": "baby_hatch"}),
    ("shelter", {"amenity": "救助站"}),
    ("shelter", {"amenity": "Flüchtlingsunterkunft"}),
    ("shelter", {"social_facility:for": "refugee"}),
    ("worship", {"historic": "chorten"}),
    ("worship", {"man_made": "mani_wall"}),
    ("worship", {"amenity": "寺院"}),
    ("worship", {"amenity": "清真寺"}),
    ("worship", {"amenity": "དགོན་པ"}),
    ("worship", {"amenity": "Mosquée"}),
    ("worship", {"amenity": "Gebetsraum"}),
    ("health", {"amenity": "医院"}),
    ("health", {"amenity": "Hôpital"}),
    ("health", {"amenity": "Krankenhaus"}),
    ("health", {"healthcare:speciality": "oncology"}),
    ("counselling", {"healthcare:counselling": "yes"}),
    ("counselling", {"healthcare": "psychologist"}),
    ("hotel", {"tourism": "caravan_site"}),
    ("hotel", {"tourism": "camp_site"}),
    ("hotel", {"amenity": "招待所"}),
    ("dwelling", {"residential": "halting_site"}),
    ("dwelling", {"building": "narrowboat"}),
    ("help_office", {"amenity": "信访局"}),
    ("help_office", {"diplomatic": "permanent_mission"}),
    ("civic_office", {"office": "律师事务所"}),
    ("cemetery", {"amenity": "天葬台"}),
    ("toilets", {"amenity": "公厕"}),
    ("bath", {"amenity": "公共浴室"}),
    ("playground", {"playground": "swing"}),
    ("worship", {"amenity": "bench and mosque"}),
    ("worship", {"building": "Garage & Moschee"}),
    ("school", {"amenity": "biblioteca y escuela"}),
    ("worship", {"amenity": "長椅和清真寺"}),
    ("worship", {"amenity": "ᴍᴏꜱǫᴜᴇ"}),
    ("worship", {"amenity": "m\u0585sque"}),  # Armenian
    ("worship", {"amenity": "ꓟꓳꓢquе"}),  # Lisu capitals, a Cyrillic e
    ("worship", {"amenity": "𝐌𝐎𝐒𝐐𝐔𝐄"}),
    ("worship", {"amenity": "مَسْجِد"}),  # with its vowels
    ("worship", {"amenity": "كنيسه"}),
    ("dwelling", {"building": "Жилой дом"}),
    ("worship", {"amenity": "Catholic church"}),
    ("worship", {"amenity": "église catholique"}),
    ("worship", {"amenity": "Mosque No. 2"}),
    ("worship", {"amenity": "mosque1?"}),
    ("worship", {"amenity": "bench or mosque"}),
    ("worship", {"category": "Place of worship: any"}),
    ("school", {"building": "School building"}),
    ("health", {"use": "private clinic"}),
    ("worship", {"office": "mosque"}),
    ("worship", {"building": "garage", "building:use": "Moschee"}),
    ("dwelling", {"building": "house_"}),
    ("worship", {"amenity": "m0sque"}),
    ("worship", {"amenity": "p1ace_0f_worship"}),
    ("school", {"amenity": "5choo1"}),
    ("health", {"amenity": "c|inic"}),
    ("worship", {"amenity": "mosqe"}),
    ("worship", {"amenity": "chruch"}),
    ("worship", {"amenity": "place_of_worshp"}),
    ("health", {"amenity": "hosptial"}),
    ("cemetery", {"landuse": "cemetary"}),
    ("playground", {"leisure": "playgroud"}),
    ("shelter", {"amenity": "social_facilty"}),
    ("dwelling", {"building:part": "house"}),
    ("worship", {"building:part": "church"}),
    ("school", {"school": "primary"}),
    ("school", {"isced:level": "1;2"}),
    ("school", {"isced:level": "0-3"}),
    ("school", {"club": "scout"}),
    ("civic_office", {"club": "trade_union"}),
    ("counselling", {"club": "self-help"}),
    ("cemetery", {"disused:landuse": "cemetery"}),  # the dead lie there still
    ("cemetery", {"was:amenity": "grave_yard"}),
]


@pytest.mark.parametrize(("kind", "tags"), FOUND)
def test_that_a_place_is_found_in_any_spelling(kind, tags):
    assert kind in INDEX.names(tags)


NOT_FOUND = [
    {"disused:amenity": "place_of_worship"},
    {"was:building": "church", "building": "office"},
    {"type": "multipolygon"},
    {"type": "union"},  # of pipes: too many things are called what kinds where people hide are called
    {"amenity_note": "clinic"},
    {"amenity_1": "no"},
    {"class": "motorway"},
    {"amenity": "shelter", "shelter_type": "public_transport"},
    {"amenity": "college"},
    {"amenity": "hand in hand"},
    {"amenity": "driving_school"},
    {"amenity": "school bus stop"},
    {"amenity": "animal_shelter"},
    {"amenity": "hospital parking"},
    {"landuse": "plant_nursery"},
    {"building": "power_house"},
    {"building": "gymnasium"},
    {"office": "fitness studio"},
    {"amenity": "rock and roll"},
    {"historic": "wayside_cross"},
    {"historic": "tower"},
    {"shop": "chemist"},
    {"leisure": "park"},
    {"residential": "urban", "landuse": "residential"},
    {"toilets": "yes", "amenity": "fuel"},
    {"historic": "heritage"},
    {"building": "churh"},  # of unknown use, and protected as that
    {"building:part": "yes"},
    {"building:part": "roof"},
    {"isced:level": "5-8"},  # a university
    {"school": "dance"},
    {"school": "no"},
    {"club": "sport"},
    {"club": "yachting"},
    {"amenity": "former mosqe"},
    {"amenity": "bus_station", "ref": "m0sque"},
    {"was:amenity": "school"},
    {"abandoned:amenity": "hospital"},
]


USUAL = """
bar pub cafe restaurant fast_food food_court college university library research_institute training toy_library
language_school dojo bicycle_parking bicycle_rental boat_rental bus_station car_rental car_sharing car_wash
charging_station ferry_terminal fuel grit_bin parking parking_entrance parking_space taxi atm bank veterinary
arts_centre casino cinema community_centre conference_centre events_venue fountain gambling nightclub planetarium
public_bookcase stage theatre courthouse fire_station police post_box post_office prison townhall bbq bench
drinking_water shelter telephone water_point recycling waste_basket waste_disposal clock kitchen marketplace
vending_machine photo_booth park pitch stadium sports_centre track garden golf_course marina nature_reserve bandstand
bowling_alley common dog_park escape_game fitness_centre fitness_station ice_rink outdoor_seating picnic_table resort
slipway artwork attraction gallery information museum picnic_site theme_park viewpoint zoo castle memorial monument
ruins fort manor archaeological_site battlefield boundary_stone city_gate citywalls milestone mine pillory tomb
wayside_cross heritage aircraft locomotive commercial construction industrial retail residential allotments farmland
farmyard forest meadow orchard plant_nursery vineyard basin brownfield depot garages greenfield landfill military port
quarry railway recreation_ground village_green bridge bunker_silo chimney crane dyke gasometer lighthouse mast pier
pipeline silo storage_tank surveillance tower wastewater_plant water_tower water_well watermill windmill works company
insurance estate_agent architect accountant consulting coworking educational_institution engineer financial foundation
government guide research surveyor tax_advisor telecommunication travel_agent visa administrative airline chamber
cooperative courier logistics marketing mortgage software publisher
"""


@pytest.mark.parametrize(
    "key", ["amenity", "leisure", "tourism", "historic", "landuse", "man_made", "office", "emergency", "government"]
)
def test_that_no_usual_word_is_taken_for_a_protected_one_that_is_misspelt(key):
    assert {value: INDEX.names({key: value}) for value in USUAL.split() if INDEX.names({key: value})} == {}


@pytest.mark.parametrize("tags", NOT_FOUND)
def test_that_other_words_and_former_uses_protect_nothing(tags):
    assert INDEX.names(tags) == ()


def test_that_words_of_other_alphabets_keep_their_meaning():
    assert plain("\u5bfa\u5e99") == "\u5bfa\u5e99"
    assert plain("\u043c\u0435\u0447\u0435\u0442\u044c") == plain("\u041c\u0415\u0427\u0415\u0422\u042c".lower())


@pytest.mark.parametrize("tags", [{"Lhasaplan": "refuge"}, {"KIND": "Processional Way"}, {"lhas\u0430plan": "protected"}])
def test_that_what_a_user_drew_is_known_in_any_spelling(tags):
    assert is_drawn(tags)


@pytest.mark.parametrize("tags", [{"lhasaplan": "no"}, {"kind": "bus"}, {"amenity": "clinic"}, {}])
def test_that_what_a_map_says_was_drawn_by_nobody(tags):
    assert not is_drawn(tags)
