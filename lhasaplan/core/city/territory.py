"""Say whether points and areas lie inside the countries of a pack, or on open sea before them, and what lies near a border."""

import unicodedata
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.results.finding import Whereabouts

TOLERANCE_M = 2000.0  # over open sea alone: no other state within that
NEAR_BORDER_M = 300.0  # the outlines are true to some 100 m; nearer to a border a person says which country it is
# A degree of latitude on the WGS 84 ellipsoid is 110.6 to 111.7 km long; the lower figure makes the tolerance no larger.
METRES_A_DEGREE = 110_574.0
_TILE_DEG = 1.0
OUTLINE_DEG = 0.02  # a map of eight degrees is as wide as a thumb
LAKE_DEG = 0.3


@dataclass(frozen=True, slots=True)
class PackTerms:
    """Where and under whom a pack plans; an edited file of a shipped pack gets no more than ``data/planning_terms.toml`` says."""

    planning: str
    countries: tuple[str, ...] = ()
    territory_wkt: str = ""
    excluded_wkt: str = ""
    authorities: tuple[str, ...] = ()
    authority_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sample_digests: tuple[str, ...] = ()
    public_precision_deg: float | None = None
    duties: tuple[str, ...] = ()  # what of the map the pack makes parts of, a line for each category


@dataclass(frozen=True, eq=False, slots=True)
class CountryPieces:
    """The polygons that countries come in: the code of each, its box, and the polygon as it is drawn, in degrees.

    Parameters
    ----------
    boxes_deg : west, south, east, north, shape (n, 4).
    drawn : of length n; a file may decode each when it is asked for.
    """

    codes: Sequence[str]
    boxes_deg: FloatArray
    drawn: Sequence[BaseGeometry]

    @classmethod
    def of(cls, countries: Mapping[str, BaseGeometry]) -> "CountryPieces":
        """Return the pieces of countries that are there whole."""
        found = [(code, piece) for code, geometry in countries.items() for piece in shapely.get_parts(geometry)]
        drawn = [piece for _, piece in found]
        return cls([code for code, _ in found], shapely.bounds(drawn).reshape(-1, 4), drawn)


class InPieces(Mapping[str, BaseGeometry]):
    """Countries of which single pieces can be had without the rest: the whole world is 190,000 rings."""

    @property
    @abstractmethod
    def pieces(self) -> CountryPieces:
        """The polygons of all countries."""


@dataclass(frozen=True, eq=False)
class Territory:
    """Countries as polygons in longitude and latitude (degrees, WGS 84), and the terms of the shipped packs.

    ``countries`` maps an ISO 3166-1 numeric code (``246``), or ``name:Kosovo`` where there is none, to its geometry as it is
    drawn, which may cross itself, ``names`` to its name, ``scripts`` to those in which names are written there.
    """

    countries: Mapping[str, BaseGeometry]
    shipped: Mapping[str, PackTerms] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    scripts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def _pieces(self) -> "_PiecesFound":
        pieces = self.countries.pieces if isinstance(self.countries, InPieces) else CountryPieces.of(self.countries)
        return _PiecesFound(pieces)

    def contains(self, codes: Iterable[str], lon: FloatArray, lat: FloatArray) -> BoolArray:
        """Return for each point whether it lies in one of the countries, or at sea within 2 km of one and of no other state.

        Parameters
        ----------
        codes : ISO numeric codes.
        lon, lat : degrees, shape (n,).
        """
        lons, lats = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))
        inside = np.zeros(lons.shape, bool)
        wanted = frozenset(codes)
        tiles = np.floor(np.column_stack((lons, lats)) / _TILE_DEG)
        for tile in np.unique(tiles[np.isfinite(tiles).all(axis=1)], axis=0):
            chosen = (tiles == tile).all(axis=1)
            box = (lons[chosen].min(), lats[chosen].min(), lons[chosen].max(), lats[chosen].max())
            inside[chosen] = shapely.intersects_xy(self.region(wanted, box), lons[chosen], lats[chosen])
        return inside

    def at(self, lon: float, lat: float) -> tuple[str, ...]:
        """Return the codes of the countries in which a position lies, in a harbour those within 2 km; none at sea."""
        spot, squeeze = shapely.Point(lon, lat), max(np.cos(np.radians(lat)), 0.01)
        around = _squeezed(_squeezed(spot, squeeze).buffer(TOLERANCE_M / METRES_A_DEGREE), 1.0 / squeeze)
        found = tuple(dict.fromkeys(code for code, _ in self._pieces.meeting(spot)))
        return found or tuple(dict.fromkeys(code for code, _ in self._pieces.meeting(around)))

    def outlines(self, box_deg: Sequence[float]) -> BaseGeometry:
        """Return the outlines of countries inside a box (west, south, east, north) as lines, as exact as a small map shows them.

        A country comes in pieces, whose seams are no borders: each is drawn a little larger, so that they close.
        """
        box, pieces_of = shapely.box(*box_deg), dict[str, list[BaseGeometry]]()
        for code, piece in self._pieces.drawn_in(box):
            pieces_of.setdefault(code, []).append(piece)
        found = []
        for pieces in pieces_of.values():
            rough = shapely.simplify(np.array([*pieces, None], object)[:-1], OUTLINE_DEG)
            whole_one = shapely.union_all(shapely.buffer(rough, OUTLINE_DEG, quad_segs=1))
            found.append(shapely.intersection(shapely.boundary(_without_small_holes(whole_one)), box))
        lines = [
            line for each in found for line in shapely.get_parts(each) if line.geom_type == "LineString" and not line.is_empty
        ]
        return shapely.MultiLineString(lines)

    def covers(self, codes: Iterable[str], geometry: BaseGeometry) -> bool:
        """Return whether the whole geometry (longitude and latitude) lies where :meth:`contains` would say yes."""
        return not geometry.is_empty and bool(self.region(codes, geometry.bounds).covers(geometry))

    def region(self, codes: Iterable[str], box_deg: Sequence[float]) -> BaseGeometry:
        """Return the ground of the countries with 2 km of open sea, near a box (west, south, east, north; degrees).

        Distances are taken on a plane that is true at the box's middle, which is exact enough for a city's box.
        """
        wanted = frozenset(codes)
        squeeze = max(np.cos(np.radians((box_deg[1] + box_deg[3]) / 2.0)), 0.01)
        by_deg = 2.0 * TOLERANCE_M / METRES_A_DEGREE
        west, south, east, north = box_deg
        near = shapely.box(west - by_deg / squeeze, south - by_deg, east + by_deg / squeeze, north + by_deg)
        own, other = self._near(wanted, near)
        reach, foreign = (_squeezed(each, squeeze).buffer(TOLERANCE_M / METRES_A_DEGREE) for each in (own, other))
        return shapely.union(own, _squeezed(shapely.difference(reach, foreign), 1.0 / squeeze))

    def neighbours(self, codes: Iterable[str], shapes: Sequence[BaseGeometry]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the codes of other states within 300 m of any of these shapes, and those of these countries that lie there.

        Parameters
        ----------
        shapes : longitude and latitude.
        """
        ground = shapely.union_all(list(shapes))
        if ground.is_empty:
            return (), ()
        wanted, box = frozenset(codes), ground.bounds
        squeeze = max(np.cos(np.radians((box[1] + box[3]) / 2.0)), 0.01)
        reach = _squeezed(_squeezed(ground, squeeze).buffer(NEAR_BORDER_M / METRES_A_DEGREE), 1.0 / squeeze)
        found = dict.fromkeys(code for shift in (-360.0, 0.0, 360.0) for code, _ in self._pieces.meeting(_shifted(reach, -shift)))
        return tuple(code for code in found if code not in wanted), tuple(code for code in found if code in wanted)

    def _near(self, codes: frozenset[str], box: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
        own: list[BaseGeometry] = []
        other: list[BaseGeometry] = []
        for shift in (-360.0, 0.0, 360.0):  # pieces end at the 180th meridian; the ground does not
            moved = _shifted(box, -shift)
            for code, piece in self._pieces.meeting(moved):
                (own if code in codes else other).append(_shifted(shapely.intersection(piece, moved), shift))
        return shapely.union_all(own), shapely.union_all(other)


@dataclass(frozen=True, eq=False, slots=True)
class _PiecesFound:
    """The pieces of all countries by place, mended one by one: to mend the whole world takes longer than most answers."""

    pieces: CountryPieces
    mended: dict[int, BaseGeometry] = field(default_factory=dict)

    def meeting(self, geometry: BaseGeometry) -> Iterator[tuple[str, BaseGeometry]]:
        """Yield code and shape of each piece that a geometry meets."""
        for row in self._near(geometry):
            piece = self._whole(row)
            if shapely.intersects(piece, geometry):
                yield self.pieces.codes[row], piece

    def drawn_in(self, box: BaseGeometry) -> Iterator[tuple[str, BaseGeometry]]:
        """Yield code and shape of each piece that comes near a box, as it is drawn."""
        for row in self._near(box):
            yield self.pieces.codes[row], self.pieces.drawn[row]

    def _near(self, geometry: BaseGeometry) -> list[int]:
        """Return the pieces whose box meets that of a geometry; a tree of them takes longer to make than all that is asked."""
        west, south, east, north = shapely.bounds(geometry)
        low_x, low_y, high_x, high_y = self.pieces.boxes_deg.T
        return np.flatnonzero((low_x <= east) & (high_x >= west) & (low_y <= north) & (high_y >= south)).tolist()

    def _whole(self, row: int) -> BaseGeometry:
        if row not in self.mended:
            self.mended[row] = whole(self.pieces.drawn[row])
        return self.mended[row]


def _without_small_holes(country: BaseGeometry) -> BaseGeometry:
    """Return a country without its lakes, and with what it surrounds that is as large as another country."""
    parts = [part for part in shapely.get_parts(country) if part.geom_type == "Polygon"]
    kept = [shapely.Polygon(part.exterior, [ring for ring in part.interiors if _is_wide(ring.bounds)]) for part in parts]
    return shapely.MultiPolygon(kept)


def _is_wide(bounds: Sequence[float]) -> bool:
    return min(bounds[2] - bounds[0], bounds[3] - bounds[1]) > LAKE_DEG


def whole(piece: BaseGeometry) -> BaseGeometry:
    """Return a piece of a country as a valid geometry: rounding made rings touch."""
    return piece if shapely.is_valid(piece) else shapely.make_valid(piece, method="structure")


def _shifted(geometry: BaseGeometry, by_deg: float) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: xy + np.array((by_deg, 0.0)))


def _squeezed(geometry: BaseGeometry, factor: float) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: xy * (factor, 1.0))


# Say where on Earth a plan lies, and whether the names in its data are written as they are in that country.

LATIN = "Latin"  # of every country that the table does not name
# The first word of a letter's name in Unicode, and what its script is called.
_SCRIPTS = {"CJK": "Han", "HIRAGANA": "Kana", "KATAKANA": "Kana"}
NAMES = 5000  # of a city; more say no more
FEWEST = 20  # of fewer names nothing is told
_HALF_HEIGHT_DEG = 4.0
_FLATTEST = 0.05


def whereabouts(area: BaseGeometry, crs: Crs, territory: Territory) -> Whereabouts | None:
    """Return where the middle of an area in project metres lies, None where its system says nothing of it."""
    middle = shapely.centroid(area)
    lon, lat = (float(value) for value in crs.to_lonlat(shapely.get_x(middle), shapely.get_y(middle)))
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return None
    half_width = _HALF_HEIGHT_DEG / max(float(np.cos(np.radians(lat))), _FLATTEST)
    box = (lon - half_width, lat - _HALF_HEIGHT_DEG, lon + half_width, lat + _HALF_HEIGHT_DEG)
    countries = tuple((code, territory.names.get(code, "")) for code in territory.at(lon, lat))
    return Whereabouts(lon, lat, countries, crs.title, box, territory.outlines(box))


def script_of(text: str) -> str:
    """Return the script of most letters of a text, empty when it has none.

    >>> script_of("Mannerheimintie"), script_of("拉萨市"), script_of("Улица Ленина"), script_of("12")
    ('Latin', 'Han', 'Cyrillic', '')
    """
    found = Counter(script for script in map(_script_of_letter, text) if script)
    return found.most_common(1)[0][0] if found else ""


@lru_cache(maxsize=4096)
def _script_of_letter(letter: str) -> str:
    """Return the script of a letter, empty for another sign; a city's names have some hundred, ten thousand times each."""
    word = unicodedata.name(letter, "").split(" ")[0] if letter.isalpha() else ""
    return _SCRIPTS.get(word, word.capitalize())


def names_of(layers: Mapping[str, Layer]) -> list[str]:
    """Return names that streets, places and areas carry, up to a few thousand."""
    named = (tags["name"] for layer in layers.values() for tags in layer.tags if tags.get("name"))
    return list(islice(named, NAMES))


def odd_script(names: Iterable[str], codes: Iterable[str], scripts: Mapping[str, frozenset[str]]) -> tuple[str, float] | None:
    """Return the script in which most names are written, with its share, if no country that is given writes in it.

    ``scripts`` are those of a country by its ISO number; one that is not named writes in Latin letters.
    """
    found = Counter(script for script in map(script_of, names) if script)
    usual = frozenset(script for code in codes for script in scripts.get(code, frozenset({LATIN})))
    if found.total() < FEWEST or not usual:
        return None
    script, count = found.most_common(1)[0]
    share = sum(number for each, number in found.items() if each not in usual) / found.total()
    return (script, share) if script not in usual and count > found.total() / 2 else None
