"""The least that any data must protect, and every way in which a file could fall short of it."""

from collections.abc import Iterable, Iterator, Mapping

from lhasaplan.core.conditions import pairs_of
from lhasaplan.core.protected import ProtectedClass
from lhasaplan.core.protection_types import ATTACH_M, NEVER_READ, Inside, ProtectedKind, ProtectedKinds
from lhasaplan.core.wording import marked
from lhasaplan.errors import Fault, Where


def loosened(kinds: ProtectedKinds, file: str) -> tuple[Fault, ...]:
    """Return a fault for everything in which the kinds are weaker than the core's minimum, with file and key."""
    return (*_of_kinds(kinds, file), *_of_the_rest(kinds, file))


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
    if least.discreet and not found.discreet:
        yield Fault(marked("places of this kind are never drawn"), Where(file, item=f"kind[{least.name}].discreet"))
    for field in ("point_m", "line_m", "forecourt_m"):
        if getattr(found, field) < getattr(least, field):
            yield _too_short(getattr(found, field), getattr(least, field), Where(file, item=f"kind[{least.name}].{field}"))


def _of_the_rest(kinds: ProtectedKinds, file: str) -> Iterator[Fault]:
    if kinds.attach_m < ATTACH_M:
        yield _too_short(kinds.attach_m, ATTACH_M, Where(file, item="attach_m"))
    for value in sorted(kinds.known_uses - KNOWN_USES):
        yield Fault(marked("building={value} may be lived in; its use stays unknown until a person declares it"),
                    Where(file, item="known_uses"), {"value": value})  # fmt: skip


def _too_short(value: float, least: float, where: Where) -> Fault:
    return Fault(marked("{value} m is less than the minimum of {least} m"), where, {"value": value, "least": least})


def _home(name: str, *tags: str, only: bool = False, open_air: bool = False) -> ProtectedKind:
    return ProtectedKind(name, ProtectedClass.HOME, tags, on_building_only=only, open_air=open_air)


def _other(name: str, *tags: str, inside: Inside = Inside.BUILDING, point_m: float = 5.0, line_m: float = 5.0,
           forecourt_m: float = 0.0, open_air: bool = False, discreet: bool = False) -> ProtectedKind:  # fmt: skip
    cls = ProtectedClass.PROTECTED
    return ProtectedKind(name, cls, tags, inside, point_m, line_m, forecourt_m, open_air=open_air, discreet=discreet)


def _table(kinds: Iterable[ProtectedKind]) -> Mapping[str, ProtectedKind]:
    return {kind.name: kind for kind in kinds}


# RULES.md, protected places: the least that any data must protect. Changing this list changes what the program will refuse.
MINIMUM = _table(
    (
        _home(
            "dwelling",
            "building=apartments|house|residential|detached|semidetached_house|semi|terrace|bungalow|cabin|farm|dormitory"
            "|houseboat|static_caravan|hut|ger|villa|townhouse|home|dwelling_house|trullo|stilt_house|tree_house",
            "addr:flats=*",
            "building:flats=*",
            "building:use=residential|apartments|house|housing|dwelling|dormitory",
            # As the tables of land registers say it.
            "building=flats|duplex|housing|residentiel|wohnhaus|wohngebaude|wohngebaeude|住宅|民居|宿舍",
        ),
        _home("flats_entrance", "entrance=staircase|home", only=True),
        _home("yard", "garden:type=residential", open_air=True),
        _home(
            "care_home",
            "amenity=nursing_home|retirement_home|orphanage",
            "social_facility=nursing_home|assisted_living|group_home",
            "building=nursing_home",
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
            discreet=True,
        ),
        _other(
            "health",
            "amenity=hospital|clinic|doctors|dentist|pharmacy|hospice",
            "healthcare=*",
            "social_facility=outreach|healthcare",
            "building=hospital|clinic|sanatorium|hospice",
        ),
        _other(
            "shelter",
            "amenity=social_facility|refugee_site|shelter_home|womens_shelter",
            "social_facility=*",
            "lhasaplan=protected",
            "kind=protected",
            discreet=True,
        ),
        # Beside ``health``: whoever is seen at these doors is known to need them.
        _other(
            "counselling",
            "healthcare=counselling|psychotherapist|abortion|addiction",
            "healthcare:speciality=abortion|addiction_medicine|psychiatry|venereology|sexual_health|hiv",
            discreet=True,
        ),
        _other("press", "office=newspaper|press|media", "amenity=studio", discreet=True),
        _other(
            "civic_office",
            "office=political_party|union|association|ngo|lawyer|notary|religion|trade_union|politician|charity",
            discreet=True,
        ),
        _other(
            "help_office",
            "office=employment_agency|diplomatic|social_services|welfare",
            "government=social_welfare|social_services|social_security|employment|asylum|immigration",
            "amenity=social_centre|embassy",
            "diplomatic=embassy|consulate",
        ),
        _other(
            "polling_place",
            "amenity=polling_station",
            "polling_station=*",
            "lhasaplan=polling_place",
            "kind=polling_place",
            "amenity=polling_place",
            point_m=25.0,
        ),
        _other(
            "school",
            "amenity=school|kindergarten|childcare|preschool|nursery|prep_school",
            "landuse=education",
            "building=school|kindergarten|childcare|preschool",
        ),
        _other("playground", "leisure=playground", "amenity=kids_area", point_m=10.0),
        _other(
            "bath",
            "amenity=public_bath|dressing_room|sauna|changing_room",
            "leisure=sauna|swimming_pool|changing_room",
            "building=sauna|bathhouse|changing_room",
            "room=changing_room|changing|locker_room|sauna",
            inside=Inside.SPOT,
        ),
        _other(
            "toilets",
            "amenity=toilets|shower",
            "building=toilets",
            "room=toilet|toilets|restroom|wc|bathroom|shower",
            inside=Inside.SPOT,
            point_m=3.0,
        ),
        _other("hotel", "tourism=hotel|hostel|guest_house|motel|apartment|chalet", "building=hotel|hostel|motel|guest_house"),
        _other(
            "cemetery",
            "landuse=cemetery|grave_yard",
            "amenity=grave_yard|crematorium|funeral_hall|mortuary|place_of_mourning|columbarium",
            "building=crematorium|columbarium",
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
