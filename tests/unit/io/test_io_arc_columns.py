"""Degrees, minutes and seconds in columns of their own are one value; nobody stands on a whole degree for it."""

import pytest

from lhasaplan.core.base.crs import Crs
from lhasaplan.errors import InputError
from lhasaplan.io.importing.importer import read_file

# 60°10'12" is 60.17, 24°56'24" is 24.94.
TABLES = {
    "en": "camera_id,lat_deg,lat_min,lat_sec,lon_deg,lon_min,lon_sec\na,60,10,12,24,56,24\n",
    "zh": "编号,纬度度,纬度分,纬度秒,经度度,经度分,经度秒,经度半球\na,60,10,12,24,56,24,E\n",
    "de": "id;Breite Grad;Breite Minuten;Länge Grad;Länge Minuten\na;60;10,2;24;56,4\n",
    "fr": "id,latitude degrés,latitude minutes,longitude degrés,longitude minutes\na,60,10.2,24,56.4\n",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_that_pieces_of_a_degree_are_read_together(text, tmp_path):
    (tmp_path / "cameras.csv").write_text(text, encoding="utf-8")
    found = read_file(tmp_path / "cameras.csv", kind="cameras")
    (camera,) = found.cameras
    lon, lat = Crs(found.crs).to_lonlat([camera.x_m], [camera.y_m])
    assert (lon[0], lat[0]) == (pytest.approx(24.94, abs=1e-7), pytest.approx(60.17, abs=1e-7))
    assert "are read together as degrees, minutes and seconds" in " ".join(map(str, found.remarks))


def test_that_a_western_longitude_keeps_its_side(tmp_path):
    table = "camera_id,lat_deg,lat_min,lat_dir,lon_deg,lon_min,lon_dir\na,51,30,N,0,7.5,W\n"
    (tmp_path / "cameras.csv").write_text(table, encoding="utf-8")
    found = read_file(tmp_path / "cameras.csv", kind="cameras")
    lon, _ = Crs(found.crs).to_lonlat([found.cameras[0].x_m], [found.cameras[0].y_m])
    assert lon[0] == pytest.approx(-0.125, abs=1e-7)


def test_that_sixty_minutes_are_refused_with_their_row(tmp_path):
    table = "camera_id,lat_deg,lat_min,lon_deg,lon_min\na,60,10,24,56\nb,60,76,24,56\n"
    (tmp_path / "cameras.csv").write_text(table, encoding="utf-8")
    with pytest.raises(InputError, match="row 3, column lat"):
        read_file(tmp_path / "cameras.csv", kind="cameras")


def test_that_whole_degrees_without_minutes_stay_what_they_are(tmp_path):
    (tmp_path / "cameras.csv").write_text("camera_id,lat_deg,lon_deg\na,60.17,24.94\n", encoding="utf-8")
    found = read_file(tmp_path / "cameras.csv", kind="cameras")
    lon, _ = Crs(found.crs).to_lonlat([found.cameras[0].x_m], [found.cameras[0].y_m])
    assert lon[0] == pytest.approx(24.94, abs=1e-7)
