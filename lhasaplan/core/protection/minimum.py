"""The least that any data must protect, and every way in which a file could fall short of it."""

from collections.abc import Iterable, Iterator, Mapping

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import pairs_of
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.protection.kind_types import (
    ATTACH_M,
    LIVED_ABOVE,
    LIVED_ABOVE_STOREYS,
    NEVER_READ,
    OWN_SPOT,
    SHARED_BUILDINGS,
    Inside,
    LikelyEvidence,
    ProtectedKind,
    ProtectedKinds,
)
from lhasaplan.errors import Fault, Where

# The table of what protected places are called in other languages is held whole: words are added to the tags of a kind.
SCHEMAS_SHA256 = "da23a67ca02a7281f6523c8cc09c049ab3fd4e82def2d10f3a397104b5e0e16d"
PROTECTED_WORDS_SHA256 = "8c0a7b3ce11cd885b39e2271e956e2c7a4188be71db2ca6c71741fee24133cd6"


def loosened(kinds: ProtectedKinds, file: str) -> tuple[Fault, ...]:
    """Return a fault for everything in which the kinds are weaker than the core's minimum, with file and key."""
    return (*_of_kinds(kinds, file), *_of_the_rest(kinds, file), *_of_evidence(kinds.likely, file))


def _of_kinds(kinds: ProtectedKinds, file: str) -> Iterator[Fault]:
    given = kinds.by_name()
    for kind in kinds.kinds:
        yield from _reads_faith(kind, file)
    for least in MINIMUM.values():
        found = given.get(least.name)
        if found is None:
            yield Fault(marked("the protected kind {kind} is missing; data may add kinds, never drop one"),
                        Where(file, item=f"kind[{least.name}]"), {"kind": least.name})  # fmt: skip
        else:
            yield from _weaker(found, least, file)


def _reads_faith(kind: ProtectedKind, file: str) -> Iterator[Fault]:
    if any(key == NEVER_READ for key, _ in pairs_of(kind.tags)):
        yield Fault(
            marked("the tag religion is never read; name buildings and amenities instead"),
            Where(file, item=f"kind[{kind.name}].tags"),
        )


def _weaker(found: ProtectedKind, least: ProtectedKind, file: str) -> Iterator[Fault]:
    for pair in sorted(pairs_of(least.tags) - pairs_of(found.tags)):
        yield Fault(marked("{tag} is missing; data may add tags, never drop one"),
                    Where(file, item=f"kind[{least.name}].tags"), {"tag": "=".join(pair)})  # fmt: skip
    if found.cls != least.cls:
        yield Fault(marked("the class must be {cls}"), Where(file, item=f"kind[{least.name}].class"), {"cls": str(least.cls)})
    if least.inside == Inside.BUILDING and found.inside != least.inside:
        yield Fault(marked("a point inside a building must protect the building"), Where(file, item=f"kind[{least.name}].inside"))
    for field in ("on_building_only", "open_air"):
        if getattr(found, field) and not getattr(least, field):
            yield Fault(
                marked("this would drop ground or buildings of the kind"), Where(file, item=f"kind[{least.name}].{field}")
            )
    if least.hides_people and not found.hides_people:
        yield Fault(marked("places of this kind are never drawn"), Where(file, item=f"kind[{least.name}].hides_people"))
    for field in ("point_m", "line_m", "forecourt_m"):
        if getattr(found, field) < getattr(least, field):
            yield _too_short(getattr(found, field), getattr(least, field), Where(file, item=f"kind[{least.name}].{field}"))


def _of_the_rest(kinds: ProtectedKinds, file: str) -> Iterator[Fault]:
    if kinds.attach_m < ATTACH_M:
        yield _too_short(kinds.attach_m, ATTACH_M, Where(file, item="attach_m"))
    for value in sorted((LIVED_ABOVE & kinds.known_uses) - kinds.lived_above):
        yield Fault(marked("{tag} is missing; data may add tags, never drop one"),
                    Where(file, item="lived_above"), {"tag": value})  # fmt: skip
    if kinds.lived_above_storeys > LIVED_ABOVE_STOREYS:
        yield Fault(marked("{value} storeys are more than {most}: in such buildings people live above shops and offices"),
                    Where(file, item="lived_above_storeys"),
                    {"value": kinds.lived_above_storeys, "most": LIVED_ABOVE_STOREYS})  # fmt: skip
    for value in sorted(kinds.known_uses - KNOWN_USES):
        yield Fault(marked("building={value} may be lived in; its use stays unknown until a person declares it"),
                    Where(file, item="known_uses"), {"value": value})  # fmt: skip

    for field, most in (("own_spot", OWN_SPOT), ("shared_buildings", SHARED_BUILDINGS)):
        for pair in sorted(pairs_of(getattr(kinds, field)) - pairs_of(most)):
            yield Fault(marked("{tag} would end the protection of a building; this list can be shortened, never extended"),
                        Where(file, item=field), {"tag": "=".join(pair)})  # fmt: skip


def _of_evidence(given: LikelyEvidence, file: str) -> Iterator[Fault]:
    """Yield a fault for everything by which fewer buildings would be dwellings, likely, than the program knows itself."""
    least = LikelyEvidence()
    for field in ("tags", "points", "names", "doors"):
        lacking = sorted(pairs_of(getattr(least, field)) - pairs_of(getattr(given, field)))
        for key, value in lacking:
            yield Fault(marked("{tag} is missing; data may add tags, never drop one"),
                        Where(file, item=f"likely.{field}"), {"tag": key if field == "names" else f"{key}={value}"})  # fmt: skip
    for pair in sorted(pairs_of(given.against) - pairs_of(least.against)):
        yield Fault(marked("{tag} would end the protection of a building; this list can be shortened, never extended"),
                    Where(file, item="likely.against"), {"tag": "=".join(pair)})  # fmt: skip
    if given.entrances > least.entrances:
        yield Fault(marked("{value} doors are more than {most}: a file may ask for fewer, never for more"),
                    Where(file, item="likely.entrances"), {"value": given.entrances, "most": least.entrances})  # fmt: skip


def _too_short(value: float, least: float, where: Where) -> Fault:
    return Fault(marked("{value} m is less than the minimum of {least} m"), where, {"value": value, "least": least})


def _home(name: str, *tags: str, only: bool = False, open_air: bool = False) -> ProtectedKind:
    return ProtectedKind(name, ProtectedClass.HOME, tags, on_building_only=only, open_air=open_air)


def _other(name: str, *tags: str, inside: Inside = Inside.BUILDING, point_m: float = 5.0, line_m: float = 5.0,
           forecourt_m: float = 0.0, open_air: bool = False, hides_people: bool = False) -> ProtectedKind:  # fmt: skip
    cls = ProtectedClass.PROTECTED
    return ProtectedKind(name, cls, tags, inside, point_m, line_m, forecourt_m, open_air=open_air, hides_people=hides_people)


def _table(kinds: Iterable[ProtectedKind]) -> Mapping[str, ProtectedKind]:
    return {kind.name: kind for kind in kinds}


# docs/protected-places.md: the least that any data must protect. Changing this list changes what the program will refuse.
MINIMUM = _table(
    (
        _home(
            "dwelling",
            "building:part=apartments|house|residential|detached|semidetached_house|semi",
            "building:part=terrace|bungalow|dormitory|flats|villa|townhouse",
            "building=apartments|house|residential|detached|semidetached_house|semi|terrace|bungalow|cabin|farm|dormitory"
            "|houseboat|static_caravan|hut|ger|villa|townhouse|home|dwelling_house|trullo|stilt_house|tree_house",
            "addr:flats=*",
            "building:flats=*",
            "building:use=residential|apartments|house|housing|dwelling|dormitory",
            # As the tables of land registers say it.
            "building=flats|duplex|housing|residentiel|wohnhaus|wohngebaude|wohngebaeude|住宅|民居|宿舍",
            "building=farmhouse|longhouse|maisonette|condominium|mobile_home|trailer|tent|yurt|narrowboat|maison|appartement",
            "building=appartements|logement|logements|habitation|pavillon_residentiel|immeuble_d'habitation|einfamilienhaus",
            "building=mehrfamilienhaus|reihenhaus|doppelhaus|bauernhaus|wohnblock|wohnheim|studentenwohnheim|公寓|住宅楼|居民楼|别墅",
            "building=宿舍楼|民房|集体宿舍|帐篷|毡房",
            "amenity=student_accommodation|dormitory|宿舍|公寓|wohnheim|studentenwohnheim",
            "residential=trailer_park|halting_site|static_caravans|mobile_homes",
            "man_made=houseboat",
        ),
        _home("flats_entrance", "entrance=staircase|home", only=True),
        _home("yard", "garden:type=residential", open_air=True),
        _home(
            "care_home",
            "amenity=nursing_home|retirement_home|orphanage",
            "social_facility=nursing_home|assisted_living|group_home",
            "building=nursing_home",
            "amenity=care_home|assisted_living|养老院|敬老院|福利院|孤儿院|养老中心|ehpad|maison_de_retraite|orphelinat|altenheim|altersheim",
            "amenity=pflegeheim|seniorenheim|kinderheim|waisenhaus",
            "building=care_home|retirement_home|orphanage|养老院|敬老院|福利院|孤儿院|ehpad|maison_de_retraite|orphelinat|altenheim",
            "building=altersheim|pflegeheim|seniorenheim|kinderheim|waisenhaus",
        ),
        _other(
            "worship",
            "amenity=place_of_worship|monastery|prayer_room|prayer_hall|shrine|church|chapel|mosque|temple|synagogue",
            "building=church|chapel|cathedral|mosque|temple|synagogue|shrine|monastery|stupa|pagoda|gurdwara|religious|convent|basilica",
            "building=wayside_shrine|wayside_chapel|abbey|priory|hermitage|minster|prayer_hall|prayer_house|kingdom_hall|religieux",
            "building=eglise|chapelle|mosquee|monastere|couvent|kloster|kirche|kapelle|moschee|synagoge|寺庙|寺院|教堂|清真寺",
            "historic=monastery|wayside_shrine|church|chapel|temple|mosque|synagogue|cathedral|abbey|convent",
            "historic=wayside_chapel|shrine|stupa|pagoda",
            "man_made=stupa|prayer_wheel",
            "landuse=religious|churchyard",
            "place_of_worship=*",
            "amenity=cathedral|basilica|stupa|chorten|pagoda|gompa|lhakhang|lamasery|vihara|nunnery|convent|abbey|gurdwara",
            "amenity=mandir|masjid|musalla|wayside_shrine|hermitage|priory|friary|prayer_wheel|prayer_house|kingdom_hall",
            "amenity=mani_wall|寺庙|寺院|寺|庙|庙宇|佛寺|道观|佛塔|白塔|经堂|转经筒|尼姑庵|修道院|祠堂|宗祠|教堂|礼拜堂|天主堂|清真寺|神社|寺廟|廟|道觀|禮拜堂|དགོན་པ|ལྷ་ཁང",
            "amenity=མཆོད་རྟེན|lieu_de_culte|eglise|chapelle|cathedrale|basilique|abbaye|mosquee|monastere|couvent|pagode",
            "amenity=gotteshaus|gebetshaus|gebetsraum|kirche|kapelle|kathedrale|basilika|tempel|abtei|kloster|moschee",
            "amenity=synagoge",
            "building=chorten|gompa|lhakhang|lamasery|vihara|nunnery|friary|mandir|masjid|musalla|prayer_wheel|prayer_room",
            "building=place_of_worship|mani_wall|寺|庙|庙宇|佛寺|道观|佛塔|白塔|经堂|转经筒|尼姑庵|修道院|祠堂|宗祠|礼拜堂|天主堂|神社|寺廟|廟|道觀|禮拜堂|དགོན་པ|ལྷ་ཁང",
            "building=མཆོད་རྟེན|lieu_de_culte|cathedrale|basilique|abbaye|pagode|gotteshaus|gebetshaus|gebetsraum|kathedrale",
            "building=basilika|tempel|abtei",
            "historic=chorten|gompa|lhakhang|lamasery|vihara|nunnery|priory|friary|hermitage|minster|gurdwara|basilica",
            "historic=prayer_wheel|mani_wall|mani_stone|place_of_worship|寺庙|寺院|教堂|清真寺|佛塔|修道院",
            "man_made=chorten|pagoda|shrine|mani_wall|mani_stone",
            "building:part=church|chapel|cathedral|mosque|temple|synagogue",
            "building:part=shrine|monastery|stupa|pagoda|religious|minaret|steeple",
            forecourt_m=25.0,
        ),
        _other(
            "processional_way",
            "lhasaplan=processional_way",
            "kind=processional_way",
            "amenity=processional_way",
            line_m=15.0,
            point_m=15.0,
            open_air=True,
            hides_people=True,
        ),
        _other(
            "health",
            "amenity=hospital|clinic|doctors|dentist|pharmacy|hospice",
            "healthcare=*",
            "social_facility=outreach|healthcare",
            "building=hospital|clinic|sanatorium|hospice",
            "amenity=health_post|health_centre|health_center|medical_centre|medical_center|birthing_centre|birthing_center",
            "amenity=sanatorium|blood_bank|dialysis|医院|诊所|门诊|门诊部|卫生院|卫生所|卫生室|卫生服务中心|社区卫生服务中心|保健院|妇幼保健院|疗养院|牙科诊所|藏医院|药店|药房",
            "amenity=急救中心|醫院|診所|藥房|hopital|clinique|medecin|medecins|dentiste|pharmacie|dispensaire|maternite",
            "amenity=maison_de_sante|centre_de_sante|cabinet_medical|krankenhaus|klinik|klinikum|poliklinik|arzt|arztpraxis",
            "amenity=zahnarzt|apotheke|hospiz|spital|ambulatorium|gesundheitszentrum",
            "building=health_post|health_centre|health_center|medical_centre|medical_center|medical|doctors|pharmacy|医院|诊所",
            "building=门诊|门诊部|卫生院|卫生所|卫生室|保健院|疗养院|藏医院|药店|药房|醫院|診所|藥房|hopital|clinique|pharmacie|dispensaire|maternite",
            "building=maison_de_sante|krankenhaus|klinik|klinikum|arztpraxis|apotheke|hospiz|spital",
            "healthcare:speciality=*",
            "health_facility:type=*",
            "office=physician|medical|therapist",
            "building:part=hospital|clinic",
        ),
        _other(
            "shelter",
            "amenity=social_facility|refugee_site|shelter_home|womens_shelter",
            "social_facility=*",
            "lhasaplan=protected",
            "kind=protected",
            "amenity=homeless_shelter|night_shelter|womens_refuge|baby_hatch|refugee_camp|refugee_housing|food_bank",
            "amenity=soup_kitchen|救助站|收容所|庇护所|弃婴岛|婴儿安全岛|boite_a_bebe|foyer_d_hebergement|centre_d_hebergement",
            "amenity=centre_d'hebergement|hebergement_d'urgence|frauenhaus|babyklappe|obdachlosenheim|obdachlosenunterkunft",
            "amenity=fluchtlingsunterkunft|fluechtlingsunterkunft|asylheim|notunterkunft",
            "building=救助站|收容所|庇护所|frauenhaus|obdachlosenheim|obdachlosenunterkunft|fluchtlingsunterkunft",
            "building=fluechtlingsunterkunft|asylheim",
            "emergency=baby_hatch",
            "landuse=refugee_camp",
            "social_facility:for=*",
            hides_people=True,
        ),
        # Beside ``health``: whoever is seen at these doors is known to need them.
        _other(
            "counselling",
            "healthcare=counselling|psychotherapist|abortion|addiction",
            "healthcare:speciality=abortion|addiction_medicine|psychiatry|venereology|sexual_health|hiv",
            "healthcare=psychologist|psychology|psychiatrist|psychiatry|family_planning|sexual_health|drug_consumption_room",
            "healthcare:counselling=*",
            "healthcare:speciality=psychotherapy|psychology|child_psychiatry|addiction|family_planning|fertility",
            "healthcare:speciality=dermatovenereology|infectious_diseases",
            "office=counselling|counseling|psychologist|psychotherapist",
            "amenity=crisis_centre|crisis_center|drug_consumption_room|needle_exchange|counselling|心理咨询|戒毒所|精神病院",
            "amenity=beratungsstelle|suchtberatung",
            "club=self-help|self_help|support_group|alcoholics_anonymous|addiction",
            hides_people=True,
        ),
        _other(
            "press",
            "office=newspaper|press|media",
            "amenity=studio",
            "office=journalist|news_agency|broadcaster|radio|television|报社|通讯社|电视台|广播电台|journal|presse|redaktion|zeitung",
            "amenity=报社|通讯社|电视台|广播电台",
            "studio=radio|television|tv",
        ),
        _other(
            "civic_office",
            "office=political_party|union|association|ngo|lawyer|notary|religion|trade_union|politician|charity",
            "office=labour_union|labor_union|politics|political|attorney|solicitor|barrister|law_firm|legal|legal_services",
            "office=advocate|human_rights|nonprofit|律师事务所|公证处|工会|协会|avocat|notaire|syndicat|parti_politique|anwalt",
            "office=rechtsanwalt|notar|gewerkschaft|partei|verein",
            "amenity=律师事务所|公证处|工会",
            "club=politics|political|party|political_party|union|trade_union|freemasonry",
            "club=masonic|lgbtq|lgbt|lgbtqia|gay|queer|ethnic|migrants",
        ),
        _other(
            "help_office",
            "office=employment_agency|diplomatic|social_services|welfare",
            "government=social_welfare|social_services|social_security|employment|asylum|immigration",
            "amenity=social_centre|embassy",
            "diplomatic=embassy|consulate",
            "office=asylum|immigration|job_centre|refugee|consulate|embassy",
            "government=migration|refugee|refugees|job_centre",
            "amenity=consulate|job_centre|social_services|大使馆|领事馆|总领事馆|信访局|信访办|民政局|ambassade|consulat|botschaft|konsulat",
            "amenity=arbeitsamt|sozialamt",
            "diplomatic=*",
        ),
        _other(
            "polling_place",
            "amenity=polling_station",
            "polling_station=*",
            "lhasaplan=polling_place",
            "kind=polling_place",
            "amenity=polling_place",
            "amenity=投票站|bureau_de_vote|wahllokal",
            point_m=25.0,
        ),
        _other(
            "school",
            "amenity=school|kindergarten|childcare|preschool|nursery|prep_school",
            "landuse=education",
            "building=school|kindergarten|childcare|preschool",
            "leisure=schoolyard|school_yard|schulhof",
            "landuse=school|schoolyard",
            "amenity=music_school|creche|daycare|day_care|child_care|schoolyard|boarding_school|special_school",
            "amenity=primary_school|elementary_school|middle_school|secondary_school|high_school|学校|小学|中学|初中|高中|幼儿园|托儿所|职业学校",
            "amenity=學校|小學|中學|幼兒園|幼稚園|ecole|ecole_maternelle|ecole_primaire|maternelle|lycee|garderie|groupe_scolaire",
            "amenity=cour_d_ecole|cour_d'ecole|cour_de_recreation|schule|grundschule|hauptschule|realschule|volksschule",
            "amenity=gesamtschule|kita|kindertagesstatte|kindertagesstaette|kinderkrippe|hort|schulhof",
            "building=primary_school|elementary_school|middle_school|secondary_school|high_school|creche|nursery|day_care",
            "building=daycare|学校|小学|中学|初中|高中|幼儿园|托儿所|學校|小學|中學|幼兒園|幼稚園|ecole|ecole_maternelle|ecole_primaire|maternelle|lycee",
            "building=garderie|groupe_scolaire|schule|grundschule|hauptschule|realschule|volksschule|gesamtschule|kita",
            "building=kindertagesstatte|kindertagesstaette|kinderkrippe|hort",
            "education=school|kindergarten|childcare|preschool|music_school",
            "building:part=school|kindergarten",
            "isced:level=0|1|2|3|0-1|0-2|0-3|1-2|1-3|2-3",
            "school=primary|secondary|elementary|middle|high|lower_secondary|upper_secondary",
            "school=infant|junior|senior|special|special_education_needs|boarding|kindergarten",
            "club=scout|scouts|scouting|youth|children|kids",
        ),
        _other(
            "playground",
            "leisure=playground",
            "amenity=kids_area",
            "leisure=indoor_play|play_area|儿童乐园|儿童游乐场|aire_de_jeux|spielplatz",
            "amenity=playground|儿童乐园|儿童游乐场|aire_de_jeux|spielplatz",
            "playground=*",
            point_m=10.0,
        ),
        _other(
            "bath",
            "amenity=public_bath|dressing_room|sauna|changing_room",
            "leisure=sauna|swimming_pool|changing_room",
            "building=sauna|bathhouse|changing_room",
            "room=changing_room|changing|locker_room|sauna",
            "amenity=bathhouse|hammam|baths|浴室|澡堂|公共浴室|更衣室|桑拿|bains_publics|bain_public|vestiaire|vestiaires|badehaus",
            "amenity=umkleide|umkleideraum",
            "building=hammam|浴室|澡堂|公共浴室|bains_publics|badehaus",
            "bath:type=*",
            inside=Inside.SPOT,
        ),
        _other(
            "toilets",
            "amenity=toilets|shower",
            "building=toilets",
            "room=toilet|toilets|restroom|wc|bathroom|shower",
            "amenity=toilet|wc|restroom|public_toilet|showers|厕所|公厕|公共厕所|洗手间|卫生间|toilettes|sanitaires|douche|douches",
            "amenity=toilette|toiletten|dusche",
            "building=toilet|wc|restroom|厕所|公厕|公共厕所|toilettes|toilette|toiletten",
            inside=Inside.SPOT,
            point_m=3.0,
        ),
        _other(
            "hotel",
            "tourism=hotel|hostel|guest_house|motel|apartment|chalet",
            "building=hotel|hostel|motel|guest_house",
            "tourism=camp_site|camp_pitch|caravan_site|alpine_hut|wilderness_hut|aparthotel|bed_and_breakfast|holiday_home",
            "tourism=酒店|宾馆|旅馆|招待所|青年旅舍|民宿|客栈|旅店|露营地|帐篷营地|auberge_de_jeunesse|gite|camping|campingplatz|zeltplatz",
            "tourism=jugendherberge",
            "amenity=hotel|hostel|motel|guest_house|camp_site|caravan_site|love_hotel|酒店|宾馆|旅馆|招待所|青年旅舍|民宿|客栈|旅店|露营地|帐篷营地",
            "amenity=auberge_de_jeunesse|gite|camping|campingplatz|zeltplatz|jugendherberge|ferienwohnung",
            "building=aparthotel|bed_and_breakfast|holiday_home|alpine_hut|酒店|宾馆|旅馆|招待所|青年旅舍|民宿|客栈|旅店|auberge_de_jeunesse",
            "building=gite|jugendherberge|ferienwohnung|ferienhaus",
            "leisure=summer_camp",
            "building:part=hotel|hostel",
        ),
        _other(
            "cemetery",
            "landuse=cemetery|grave_yard",
            "amenity=grave_yard|crematorium|funeral_hall|mortuary|place_of_mourning|columbarium",
            "building=crematorium|columbarium",
            "landuse=graveyard|burial_ground|墓地|公墓|陵园|墓园|天葬台|cimetiere|friedhof",
            "historic=cemetery|graveyard|burial_ground",
            "amenity=cemetery|graveyard|burial_ground|墓地|公墓|陵园|墓园|火葬场|殡仪馆|天葬台|cimetiere|funerarium|friedhof|krematorium",
            "amenity=leichenhalle|kolumbarium",
            "building=mortuary|funeral_hall|火葬场|殡仪馆|funerarium|krematorium|leichenhalle|kolumbarium",
            "cemetery=*",
            "disused:landuse=cemetery|graveyard|grave_yard",
            "abandoned:landuse=cemetery|graveyard|grave_yard",
            "was:landuse=cemetery|graveyard|grave_yard",
            "disused:amenity=grave_yard",
            "abandoned:amenity=grave_yard",
            "was:amenity=grave_yard",
            point_m=10.0,
        ),
    )
)


# The building values whose use says that nobody lives there; data may shorten the list.
KNOWN_USES = frozenset(
    {
        "barn", "bicycle_parking", "bridge", "bunker", "canopy", "carport", "cinema", "civic", "collapsed", "college",
        "commercial", "container", "cowshed", "factory", "farm_auxiliary", "fire_station", "garage", "garages", "gatehouse",
        "government", "grandstand", "greenhouse", "hangar", "industrial", "kiosk", "library", "manufacture", "museum", "no",
        "office", "parking", "pavilion", "police", "public", "retail", "riding_hall", "roof", "ruins", "service", "shed",
        "silo", "sports_centre", "sports_hall", "stable", "stadium", "station", "storage_tank", "sty", "supermarket",
        "theatre", "toilets", "tower", "townhall", "train_station", "transformer_tower", "transportation", "university",
        "utility", "warehouse", "water_tower",
    }
)  # fmt: skip
