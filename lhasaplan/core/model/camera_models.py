"""Narrow what is assumed of a camera to what its model can have: the catalogue of makers and models that a user brings.

A model is no record of the camera: a view stays possible, and only values that nobody recorded are narrowed. Of a maker without
a model nothing follows, for no catalogue is complete.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.spelling import plain
from lhasaplan.core.model.camera import Camera, CameraClass, Kind, ModelUse, Span
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, horizontal_angle_deg

MAKER, MODEL = "manufacturer", "model"  # in ``Camera.extra``, as OpenStreetMap has them
# Angles of data sheets beside those of a pinhole: 1/2.7" and 1/2.8", 12 mm 23 for 26 degrees, 4 mm 87 for 70. [M]
NARROWER, WIDER = 0.88, 1.25
ROUNDED_MP, WIDEST_SHAPE, TALLEST_SHAPE = 0.5, 16.0 / 9.0, 3.0 / 4.0  # 8 megapixels are 3840 x 2160, 5 are 2592 x 1944


@dataclass(frozen=True, slots=True)
class CameraModel:
    """One model as a data sheet has it; None is not stated.

    ``hfov_low_deg`` and ``hfov_high_deg`` are the horizontal angles of its longest and its shortest lens, ``image_width_px``
    and ``image_height_px`` its largest picture.
    """

    maker: str
    model: str
    kind: Kind | None = None
    hfov_low_deg: float | None = None
    hfov_high_deg: float | None = None
    focal_low_mm: float | None = None
    focal_high_mm: float | None = None
    sensor_width_mm: float | None = None
    image_width_px: int | None = None
    image_height_px: int | None = None
    megapixels: float | None = None
    aliases: tuple[str, ...] = ()
    source: str = ""
    input_file: str = ""

    @property
    def pinhole_deg(self) -> tuple[float, float] | None:
        """Return the horizontal angles of its longest and shortest lens without distortion: ``2 atan(w / 2f)``.

        >>> [round(angle, 1) for angle in CameraModel("A", "1", None, None, None, 2.8, 12.0, 5.57).pinhole_deg]
        [26.1, 89.7]
        """
        if self.sensor_width_mm is None or self.focal_low_mm is None or self.focal_high_mm is None:
            return None
        longest, shortest = (horizontal_angle_deg(self.sensor_width_mm, f) for f in (self.focal_high_mm, self.focal_low_mm))
        return longest, shortest

    @property
    def is_zoom(self) -> bool:
        """Say whether its lens has more than one focal length."""
        return self.focal_low_mm != self.focal_high_mm

    def angles_deg(self, lens_class: LensClass) -> tuple[float, float] | None:
        """Return between which horizontal angles its lens may lie; None where the model does not say it.

        What the sheet states counts before what follows from lens and sensor; one angle of a lens with several focal lengths is
        one of many.
        """
        stated = None if self.hfov_low_deg is None or self.hfov_high_deg is None else (self.hfov_low_deg, self.hfov_high_deg)
        if lens_class is LensClass.EQUIDISTANT or (stated and (stated[0] < stated[1] or not self.is_zoom)):
            return stated
        if self.pinhole_deg is None:
            return None
        made = (NARROWER * self.pinhole_deg[0], WIDER * self.pinhole_deg[1])
        return made if stated is None else (min(stated[0], made[0]), max(stated[1], made[1]))

    @property
    def most_px(self) -> tuple[int, int] | None:
        """Return how many pixels across and down its picture has at most; None where the model does not say it."""
        if self.image_width_px is not None:
            return self.image_width_px, self.image_height_px or round(self.image_width_px * TALLEST_SHAPE)
        if self.megapixels is None:
            return None
        pixels = (self.megapixels + ROUNDED_MP) * 1e6
        return round((pixels * WIDEST_SHAPE) ** 0.5), round((pixels * TALLEST_SHAPE) ** 0.5)


@dataclass(frozen=True, eq=False, slots=True)
class AssumedClasses(Mapping[Kind, CameraClass]):
    """What is assumed of cameras: by kind, and narrower of a camera whose model the catalogue has."""

    by_kind: Mapping[Kind, CameraClass]
    models: Mapping[str, tuple[CameraModel, ...]]  # by ``name_of`` of the model

    def __getitem__(self, kind: Kind) -> CameraClass:
        return self.by_kind[kind]

    def __iter__(self) -> Iterator[Kind]:
        return iter(self.by_kind)

    def __len__(self) -> int:
        return len(self.by_kind)

    def rows_of(self, camera: Camera) -> tuple[CameraModel, ...]:
        """Return the rows of the catalogue that are this camera's model; none where it, or its maker, is not clear."""
        maker, model = (name_of(camera.extra.get(key, "")) for key in (MAKER, MODEL))
        found = self.models.get(model, ()) or self.models.get(model.removeprefix(maker), ())
        rows = tuple(each for each in found if not maker or name_of(each.maker) == maker)
        return rows if len({name_of(each.maker) for each in rows}) == 1 else ()


def name_of(text: str) -> str:
    """Return the letters and digits of a name: of DS-2CD2387G2-LU, ds 2cd2387g2 lu and DS2CD2387G2LU one.

    >>> name_of("DS-2CD2387G2-LU")
    'ds2cd2387g2lu'
    """
    return "".join(letter for letter in plain(text) if letter.isalnum())


def with_models(classes: Mapping[Kind, CameraClass], models: Sequence[CameraModel]) -> Mapping[Kind, CameraClass]:
    """Return the classes with the models of a catalogue, by their names and aliases; as they are without any."""
    if not models:
        return classes
    named: dict[str, tuple[CameraModel, ...]] = {}
    for each in models:
        for name in {name_of(text) for text in (each.model, *each.aliases)} - {""}:
            named[name] = (*named.get(name, ()), each)
    return AssumedClasses(classes, named)


def assumed_of(camera: Camera, classes: Mapping[Kind, CameraClass]) -> CameraClass:
    """Return what is assumed of a camera where its record is silent: the limits of its kind, or those that its model leaves."""
    rows = classes.rows_of(camera) if isinstance(classes, AssumedClasses) else ()
    if not rows:
        return classes[camera.kind or Kind.FIXED]
    kinds = {each.kind for each in rows}
    own = kinds.pop() if len(kinds) == 1 else None
    return _narrowed(classes[camera.kind or own or Kind.FIXED], rows, classes[own or camera.kind or Kind.FIXED].lens_class, own)


def _narrowed(by_kind: CameraClass, rows: Sequence[CameraModel], lens_class: LensClass, kind: Kind | None) -> CameraClass:
    """Return the limits of a kind, with the lens and the picture that any of the rows may have; tilt and height stay."""
    angles = [each.angles_deg(lens_class) for each in rows]
    pixels = [each.most_px for each in rows]
    known_deg, known_px = ([pair for pair in pairs if pair is not None] for pairs in (angles, pixels))
    hfov, width, height = by_kind.hfov_deg, by_kind.image_width_px, by_kind.image_height_px
    if len(known_deg) == len(rows):
        most = RECTILINEAR_LIMIT_DEG if lens_class is LensClass.RECTILINEAR else 360.0
        low, high = (min(end, most) for end in (min(a for a, _ in known_deg), max(b for _, b in known_deg)))
        hfov = Span(low, min(max(hfov.typical, low), high), high)
    elif lens_class is not by_kind.lens_class:  # of a lens of another projection the kind says nothing
        lens_class = by_kind.lens_class
    if len(known_px) == len(rows):
        across, down = max(x for x, _ in known_px), max(y for _, y in known_px)
        fewest, usual = min(width.wide, across), min(width.typical, across)
        height = Span(down, round(usual * height.typical / width.typical), height.wide)
        width = Span(across, usual, fewest)
    use = ModelUse(
        rows[0].maker, rows[0].model, len(rows), kind, (hfov.narrow, hfov.wide), (round(width.wide), round(width.narrow))
    )
    return replace(
        by_kind, lens_class=lens_class, hfov_deg=hfov, image_width_px=width, image_height_px=height, model=use,
    )  # fmt: skip
