"""Tables of signs, of approvals and of points that somebody asks about."""

from corpus.case import Reader

SIGNS = Reader("signs", "signs.csv", {"kind": "signs"})
BASELINE = Reader("baseline", "approvals.csv", {"kind": "baseline"})
POINTS = Reader("points", "points.csv", {"kind": "points"})
TREES = Reader("table of trees", "trees.csv", {"kind": "trees"})
READERS = (SIGNS, BASELINE, POINTS, TREES)
PARIS = (2.3522, 48.8566)

taken, refused = SIGNS.taken, SIGNS.refused
taken(
    "signs with ids",
    "sign_id,lon,lat,pictogram,text\n1,2.3522,48.8566,yes,no\n",
    at=PARIS,
    tags={"pictogram": "yes", "text": "no"},
)
taken(
    "French signs",
    "id panneau;longitude;latitude;pictogramme;caméras\nP1;2,3522;48,8566;oui;A, B\n",
    at=PARIS,
    tags={"pictogram": "yes", "camera_ids": "A;B"},
)
taken("Chinese signs", "标识编号,经度,纬度,图标\n甲,2.3522,48.8566,有\n", at=PARIS, tags={"pictogram": "yes"})
taken(
    "German signs",
    "Schild ID;Länge;Breite;Piktogramm;Datum\n7;13,405;52,52;fehlt;31.05.2026\n",
    at=(13.405, 52.52),
    tags={"pictogram": "no", "date": "2026-05-31"},
)
taken("signs without ids", "lon,lat\n2.3522,48.8566\n2.353,48.857\n", 2, at=PARIS)
refused(
    "a sign with a word for yes that is none",
    "sign_id,lon,lat,pictogram\n1,2.3522,48.8566,maybe\n",
    "maybe",
    "yes",
    rows=(2,),
    columns=("pictogram",),
)
refused("one sign twice", "sign_id,lon,lat\n1,2.3522,48.8566\n1,2.353,48.857\n", "1", rows=(3,), columns=("sign_id",))
refused("a sign without position", "sign_id,lon,lat\n1,,\n", "position", rows=(2,))
refused("a sign on another side of the world", "sign_id,lon,lat\n1,2.3522,48.8566\n2,2.353,48.857\n3,-120,-40\n", "3")
refused(
    "two faults of signs", "sign_id,lon,lat,text,date\n1,2.35,148,yes,x\n2,2.3522,48.8,perhaps,\n", "148", "perhaps", rows=(2, 3)
)

taken, refused = BASELINE.taken, BASELINE.refused
taken(
    "approvals with dates",
    "camera_id,lon,lat,approved_on\nA,2.3522,48.8566,2020-05-31\n",
    at=PARIS,
    values={"approved_on": "2020-05-31"},
)
taken(
    "two versions of one approval", "camera_id,lon,lat,approved_on\nA,2.3522,48.8566,2020-05-31\nA,2.3522,48.8566,2024-01-02\n", 2
)
taken(
    "French approvals",
    "identifiant;longitude;latitude;date d'autorisation;statut\nA;2,3522;48,8566;31.05.2020;autorisée\n",
    values={"status": "operating", "approved_on": "2020-05-31"},
)
taken("Chinese approvals", "编号,经度,纬度,批准日期,状态\nA,2.3522,48.8566,2020年5月31日,已撤销\n", values={"status": "removed"})
taken("German approvals", "Kennung;Länge;Breite;Genehmigt am\nA;13,405;52,52;31.05.2020\n", at=(13.405, 52.52))
refused("approvals without a column of dates", "camera_id,lon,lat\nA,2.3522,48.8566\n", "approved_on")
refused(
    "one approval without its date",
    "camera_id,lon,lat,approved_on\nA,2.3522,48.8566,2020-05-31\nB,2.353,48.857,\n",
    "date",
    rows=(3,),
    columns=("approved_on",),
)
refused(
    "the same version twice",
    "camera_id,lon,lat,approved_on\nA,2.3522,48.8566,2020-05-31\nA,2.353,48.857,2020-05-31\n",
    "A",
    rows=(3,),
)
refused("an ambiguous date of approval", "camera_id,lon,lat,approved_on\nA,2.3522,48.8566,05/06/2020\n", "05/06/2020", rows=(2,))
refused(
    "approvals whose lenses are too wide",
    "camera_id,lon,lat,approved_on,hfov_deg\nA,2.3522,48.8566,2020-05-31,170\n",
    "120",
    rows=(2,),
    columns=("hfov_deg",),
)

taken, refused = POINTS.taken, POINTS.refused
taken("points in degrees", "point_id,lon,lat,height_m\np,2.3522,48.8566,1.6\n")
taken("points in metres", "id,x_m,y_m\np,652469,6862035\n", options={"crs": "EPSG:2154"})
refused("points in metres without a system", "id,x_m,y_m\np,652469,6862035\n", "--crs")
taken("Chinese points", "编号,经度,纬度,高度\n甲,2.3522,48.8566,1.6\n")
taken("German points with decimal commas", "Kennung;Länge;Breite;Höhe\n1;13,405;52,52;1,6\n")
taken("French points", "Identifiant;Longitude;Latitude;Hauteur\n1;2,3522;48,8566;1,6\n")
taken("points without ids", "lon,lat\n2.3522,48.8566\n2.353,48.857\n", 2)
refused("points whose positions are missing", "id,name\n1,Gate\n", "lon", "x_m")
refused("points with letters", "id,lon,lat\n1,x,48\n", "x", rows=(2,), columns=("lon",))
refused("points beyond the world", "id,lon,lat\n1,2.35,48.8\n2,2.35,148\n", "148", rows=(3,), columns=("lat",))
refused("one point twice", "id,lon,lat\n1,2.35,48.8\n1,2.36,48.8\n", "1", rows=(3,))
refused("no points", "id,lon,lat\n", "no rows")
refused("points with a height of words", "id,lon,lat,height_m\n1,2.35,48.8,tall\n", "tall", rows=(2,), columns=("height_m",))
refused("several faults of points", "id,lon,lat\n1,a,48\n2,2,b\n3,,\n", "a", "b", rows=(2, 3, 4))
taken(
    "points in two encodings",
    "编号,经度,纬度\n东,2.3522,48.8566\n".encode() + "西,2.353,48.857\n".encode("gb18030"),
    2,
    words=("another encoding",),
    rows=(3,),
)

taken, refused = TREES.taken, TREES.refused
taken("trees as a table", "id,lon,lat,species\n1,2.3522,48.8566,Platanus\n", at=PARIS)
taken("trees in metres", "id;x;y\n1;652469,02;6862035,26\n", options={"crs": "EPSG:2154"}, at=PARIS, near_m=15.0)
taken("French trees", "identifiant;longitude;latitude;hauteur\n1;2,3522;48,8566;12,5\n", at=PARIS)
refused("a tree without position", "id,lon,lat\n1,2.3522,48.8566\n2,,\n", "position", rows=(3,))
refused("trees beyond the world", "id,lon,lat\n1,2.35,48.8\n2,2.35,148\n", "148", rows=(3,))
