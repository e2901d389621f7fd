"""What cameras can see of every street of a city, beside a line of sight from each camera to each place by shapely."""

from collections.abc import Iterator

from ..audit_city import Size, save_size
from ..duel import Side, fight
from ..row import Row, absent, measured
from ..setting import Setting

OURS = Side("lhasaplan", "tests.bench.ours.streets")
PLAIN = Side("shapely, place by place", "tests.bench.rivals.plain_streets")
CITY, TOWN = Size(200_000, 10, 10_000, recorded=0.5), Size(2_000, 10, 100, recorded=0.5)
JOB, NOTE = (
    "all streets, a head every 2 m",
    "scaled from {sample} of {count:,} places, of which {apart} are answered otherwise; ours {cpu:.3g} s of the processor",
)


def streets(setting: Setting) -> Iterator[Row]:
    """All streets of the made-up city; setting the city up is not part of it."""
    size = TOWN if setting.quick else CITY
    save_size(setting.folder, size)
    ours, rival = fight(setting.folder, [OURS, PLAIN], setting.turns or (3 if setting.quick else 1))
    reported = f"{size.cameras:,} cameras, {size.buildings:,} buildings, {ours.median('km'):,.0f} km"
    if rival.absent:
        yield absent(JOB, reported, ours.median("wall_s"), "s", rival.absent, rival.name)
        return
    sample, count = rival.median("answers"), rival.median("all")
    note = NOTE.format(sample=int(sample), count=int(count), apart=int(rival.median("apart")), cpu=ours.median("cpu_s"))
    yield measured(JOB, reported, ours.median("wall_s"), rival.median("wall_s") * count / sample, "s", note, rival.name)
