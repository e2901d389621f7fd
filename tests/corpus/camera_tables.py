"""Camera tables: headings, positions and values as offices write them, and as they should not be."""

import numpy as np

from corpus.case import Reader
from lhasaplan.core.base.crs import bd09_from_gcj02, gcj02_from_wgs84

READER = Reader("camera table", "cameras.csv")
taken, refused = READER.taken, READER.refused

PARIS = (2.3522, 48.8566)
BERLIN = (13.405, 52.52)
HELSINKI = (24.94, 60.17)
AT_PARIS = "lon,lat\n2.3522,48.8566\n"

# Headings of four languages.
taken("the least that a table needs", AT_PARIS, at=PARIS)
taken(
    "every column that sight asks for",
    "camera_id,name,lon,lat,mount_height_m,azimuth_deg,tilt_deg,hfov_deg,image_width_px,image_height_px,kind,mount,status\n"
    "a,Gate,2.3522,48.8566,4.5,90,10,60,1920,1080,fixed,wall,operating\n",
    at=PARIS,
    values={"camera_id": "a", "mount_height_m": 4.5, "azimuth_deg": 90.0, "image_width_px": 1920, "mount": "wall"},
)
taken(
    "French headings, semicolons, decimal commas",
    "Identifiant;Nom;Longitude;Latitude;Hauteur de pose (m);Azimut\nP1;Pont;2,3522;48,8566;4,5;270\n",
    at=PARIS,
    values={"camera_id": "P1", "mount_height_m": 4.5, "azimuth_deg": 270.0},
)
taken(
    "German headings with umlauts",
    "Kennung;Bezeichnung;Länge;Breite;Montagehöhe (m);Blickrichtung;Zweck\nK1;Bahnhof;13,405;52,52;6;nordost;Verkehr\n",
    at=BERLIN,
    values={"azimuth_deg": 45.0, "purpose": "Verkehr", "mount_height_m": 6.0},
)
taken(
    "Chinese headings and words",
    "编号,名称,经度,纬度,安装高度(米),方位角,安装方式,状态\n甲1,东门,2.3522,48.8566,6米,东北,立杆,在用\n",
    at=PARIS,
    values={"camera_id": "甲1", "mount_height_m": 6.0, "azimuth_deg": 45.0, "mount": "pole", "status": "operating"},
)
taken("headings in capitals with points and dashes", "CAMERA-ID,LONGITUDE.,Latitude \nA,2.3522,48.8566\n", at=PARIS)
taken("headings of one language for each column", "编号,Longitude,Breite,hauteur de pose\nA,2.3522,48.8566,5\n", at=PARIS)
taken("latitude before longitude", "id,lat,lon\nA,48.8566,2.3522\n", at=PARIS)
taken("no accents where there should be", "Kennung;Laenge;Breite;Montagehoehe\nA;13,405;52,52;5\n", at=BERLIN)
taken("a title above the headings", "List of cameras 2026\nid,lon,lat\nA,2.3522,48.8566\n", at=PARIS)
taken("blank rows between and below", "id,lon,lat\n\nA,2.3522,48.8566\n\n\nB,2.353,48.857\n\n", 2, at=PARIS)
taken("short rows", "id,lon,lat,name\nA,2.3522,48.8566\nB,2.353,48.857,Gate\n", 2, at=PARIS)
taken(
    "a column that nobody understands", "id,lon,lat,colour of the cable\nA,2.3522,48.8566,red\n", words=("colour of the cable",)
)
taken("a column of faith", "id,lon,lat,religion\nA,2.3522,48.8566,x\n", words=("religion", "never read"))
taken("positions for want of ids", AT_PARIS, at=PARIS)
refused("one heading twice", "id,lon,lat,lon\nA,2.3522,48.8566,3\n", "lon", "more than once", rows=(1,))
refused("no position", "id,name\nA,Gate\n", "position", "lon", "lat", rows=(1,))
refused("only a longitude", "id,lon\nA,2.3522\n", "position", rows=(1,))
refused("headings without rows", "id,lon,lat\n", "nothing")
refused("a signs table unsaid", "sign_id,lon,lat,pictogram\n1,2.3522,48.8566,yes\n", "signs", columns=(), rows=(1,))
refused("an approvals table unsaid", "id,lon,lat,approved_on\n1,2.3522,48.8566,2020-01-01\n", "baseline", rows=(1,))

# Degrees and how people write them.
taken("degrees, minutes and seconds", 'id,lat,lon\nA,"48°51\'23.76""N","2°21\'07.92""E"\n', at=PARIS)
taken("degrees and decimal minutes", "id;lat;lon\nA;48°51.396'N;2°21.132'E\n", at=PARIS)
taken("degrees with typographic signs", "id;lat;lon\nA;48°51′23.76″N;2°21′07.92″E\n", at=PARIS)
taken("a west side", "id;lat;lon\nA;38.7223 N;9.1393 W\n", at=(-9.1393, 38.7223))
taken("degrees with a sign behind", "id;lat;lon\nA;48.8566°;2.3522°\n", at=PARIS)
taken("a true minus sign", "id,lat,lon\nA,38.7223,−9.1393\n", at=(-9.1393, 38.7223))
taken("plus signs", "id,lat,lon\nA,+48.8566,+2.3522\n", at=PARIS)
taken("an exponent", "id,lat,lon\nA,4.88566e1,2.3522E0\n", at=PARIS)
taken(
    "both in one column",
    'id,place\nA,"48.8566, 2.3522"\nB,"48.857, 2.353"\n',
    2,
    at=PARIS,
    words=("two numbers", "latitude and longitude"),
)
taken(
    "both in one column in brackets",
    'id,Location\nA,"(48.8566, 2.3522)"\nB,"(48.857, 2.353)"\n',
    2,
    at=PARIS,
    words=("latitude",),
)
taken("a well-known text", "id,wkt\nA,POINT(2.3522 48.8566)\n", at=PARIS)
taken("a well-known text with height", "id,geom\nA,POINT Z (2.3522 48.8566 12)\n", at=PARIS)
taken("x and y that are degrees", "id,x,y\nA,2.3522,48.8566\n", at=PARIS, words=("degrees", "longitude and latitude"))
refused("a longitude beyond the world", "id,lon,lat\nA,2.3522,48.8566\nB,200,48\n", "200", "180", rows=(3,), columns=("lon",))
refused("a latitude beyond the pole", "id,lon,lat\nA,2.35,91\n", "91", rows=(2,), columns=("lat",))
refused("letters for a longitude", "id,lon,lat\nA,east,48.8566\n", "east", rows=(2,), columns=("lon",))
refused("a missing latitude", "id,lon,lat\nA,2.3522,48.8566\nB,2.35,\n", "missing", rows=(3,), columns=("lat",))
refused("a row without position", "id,lon,lat\nA,2.3522,48.8566\nB,,\n", "position", "missing", rows=(3,))
refused("sixty minutes", "id;lat;lon\nA;48°61'00\"N;2°21'08\"E\n", "48°61", rows=(2,), columns=("lat",))
refused("infinity", "id,lon,lat\nA,inf,48\n", "inf", rows=(2,), columns=("lon",))
refused("not a number", "id,lon,lat\nA,nan,48.8\n", "lon", rows=(2,), columns=("lon",))
refused("a line for a point", 'id,wkt\nA,"LINESTRING(2 48, 2.1 48.1)"\n', "POINT", rows=(2,), columns=("wkt",))
refused("a broken well-known text", "id,wkt\nA,POINT(2.3522\n", "POINT", rows=(2,), columns=("wkt",))
refused("an empty point", "id,wkt\nA,POINT EMPTY\n", "POINT", rows=(2,), columns=("wkt",))
refused("zero for all positions", "id,lon,lat\nA,0,0\nB,0,0\n", "0")
refused("longitude and latitude swapped", "id,lon,lat\nA,48.8566,2.3522\n", "swapped", "--crs")
taken(
    "so far away, as said",
    "id,lon,lat\nA,48.8566,2.3522\n",
    options={"crs": "EPSG:4326"},
    at=(48.8566, 2.3522),
    words=("territory",),
)
refused("one row swapped", "id,lon,lat\nA,2.3522,48.8566\nB,2.353,48.857\nC,48.857,2.353\n", "exchanged", rows=(4,))

# Metres of a grid.
LAMBERT = "id,x,y\nA,652469.02,6862035.26\n"  # Paris in Lambert 93
taken("metres with the system given", LAMBERT, options={"crs": "EPSG:2154"}, at=PARIS, near_m=15.0)
taken("Lambert headings", "id;x_l93;y_l93\nA;652469,02;6862035,26\n", at=PARIS, near_m=15.0, words=("EPSG:2154",))
taken("thousands parted by points", "id;x;y\nA;652.469,02;6.862.035,26\n", options={"crs": "EPSG:2154"}, at=PARIS, near_m=15.0)
taken("thousands parted by spaces", "id;x;y\nA;652 469,02;6 862 035,26\n", options={"crs": "EPSG:2154"}, at=PARIS, near_m=15.0)
taken(
    "thousands parted by thin spaces",
    "id;x;y\nA;652\u202f469,02;6\u202f862\u202f035,26\n",
    options={"crs": "EPSG:2154"},
    at=PARIS,
    near_m=15.0,
)
taken("metres with their unit", "id;x;y\nA;652469 m;6862035 m\n", options={"crs": "EPSG:2154"}, at=PARIS, near_m=15.0)
taken("a system in small letters", LAMBERT, options={"crs": "epsg:2154"}, at=PARIS, near_m=15.0)
taken(
    "east and north in German",
    "Kennung;Rechtswert;Hochwert\nA;391774,4;5820073\n",
    options={"crs": "EPSG:25833"},
    at=BERLIN,
    near_m=400.0,
)
taken("a well-known text in metres", "id,wkt\nA,POINT(652469 6862035)\n", options={"crs": "EPSG:2154"}, at=PARIS, near_m=15.0)
refused("metres without a system", LAMBERT, "--crs", "EPSG")
refused("a well-known text in metres without a system", "id,wkt\nA,POINT(652469 6862035)\n", "--crs")
refused("an unknown system", LAMBERT, "EPSG:999999", options={"crs": "EPSG:999999"})
refused("a system of words", LAMBERT, "Lambert", options={"crs": "Lambert"})
refused("a system that is only heights", LAMBERT, "EPSG", options={"crs": "EPSG:5773"})
refused("a geocentric system", LAMBERT, "EPSG", options={"crs": "EPSG:4978"})
refused("an unknown datum", AT_PARIS, "tokyo", options={"datum": "tokyo"})
refused("a kind of data that there is not", AT_PARIS, "houses", "cameras", options={"kind": "houses"})
refused("a position that the system cannot hold", "id,x,y\nA,1e12,1e12\n", "EPSG:2154", options={"crs": "EPSG:2154"})
refused("one position elsewhere", LAMBERT + "B,652480,6862040\nC,65248000,68620\n", "C", options={"crs": "EPSG:2154"})

# Places that the file itself says otherwise: convert, or refuse with the row.
LHASA_GCJ = tuple(float(each) for each in gcj02_from_wgs84(np.array(91.13), np.array(29.65)))  # as maps of China shift it
LHASA_BD = tuple(float(each) for each in bd09_from_gcj02(*map(np.array, LHASA_GCJ)))
taken(
    "a datum given for the file",
    f"id,lon,lat\nA,{LHASA_GCJ[0]},{LHASA_GCJ[1]}\n",
    options={"datum": "gcj02"},
    at=(91.13, 29.65),
    near_m=3.0,
    words=("territory",),
)
taken(
    "a column that says GCJ-02",
    f"id,lon,lat,datum\nA,{LHASA_GCJ[0]},{LHASA_GCJ[1]},GCJ-02\n",
    at=(91.13, 29.65),
    near_m=3.0,
    words=("gcj",),
)
taken(
    "a Chinese column that says GCJ02",
    f"编号,经度,纬度,坐标系\nA,{LHASA_GCJ[0]},{LHASA_GCJ[1]},GCJ02\n",
    at=(91.13, 29.65),
    near_m=3.0,
    words=("gcj",),
)
taken(
    "a heading that says GCJ-02",
    f"id,lon (GCJ-02),lat (GCJ-02)\nA,{LHASA_GCJ[0]},{LHASA_GCJ[1]}\n",
    at=(91.13, 29.65),
    near_m=3.0,
    words=("gcj",),
)
taken(
    "two datums, row by row",
    f"id,lon,lat,coordinate system\nA,{LHASA_GCJ[0]},{LHASA_GCJ[1]},GCJ-02\nB,91.131,29.651,WGS 84\n",
    2,
    at=(91.13, 29.65),
    near_m=3.0,
    words=("gcj",),
)
taken(
    "BD-09 in a column",
    f"编号,经度,纬度,坐标系\nA,{LHASA_BD[0]},{LHASA_BD[1]},BD-09\n",
    at=(91.13, 29.65),
    near_m=3.0,
    words=("bd",),
)
taken(
    "Baidu in a heading", f"编号,百度经度,百度纬度\nA,{LHASA_BD[0]},{LHASA_BD[1]}\n", at=(91.13, 29.65), near_m=3.0, words=("bd",)
)
taken(
    "the datum of China's surveys",
    "编号,经度,纬度,坐标系\nA,91.13,29.65,CGCS2000\n",
    at=(91.13, 29.65),
    near_m=3.0,
    words=("territory",),
)
taken("a datum that may be a date", "id,lon,lat,datum\nA,2.3522,48.8566,Tokyo 1918\n", words=("datum",))
refused("a system that is not known here", "id,lon,lat,coordinate system\nA,2.3522,48.8566,Tokyo 1918\n", "Tokyo 1918", rows=(2,))
taken("a column that says WGS 84", "id,lon,lat,datum\nA,2.3522,48.8566,WGS84\n", at=PARIS)
taken(
    "a column of one system",
    "id,x,y,EPSG\nA,652469.02,6862035.26,2154\nB,652479,6862045,2154\n",
    2,
    at=PARIS,
    near_m=15.0,
    words=("2154",),
)
taken(
    "a column of systems row by row",
    "id,x,y,EPSG\nA,652469.02,6862035.26,2154\nB,448251.8,5411943.8,32631\n",
    2,
    at=PARIS,
    near_m=15.0,
    words=("32631",),
)
refused("a row whose system is unknown", "id,x,y,EPSG\nA,652469,6862035,2154\nB,652479,6862045,999999\n", "999999", rows=(3,))
taken(
    "eastings with their zone before them",
    "id,x,y\nA,33391774.4,5820073\n",
    options={"crs": "EPSG:25833"},
    at=BERLIN,
    near_m=400.0,
    words=("33",),
)
taken(
    "a Chinese X that is the northing",
    "编号,X(北),Y(东)\nA,6862035.26,652469.02\n",
    options={"crs": "EPSG:2154"},
    at=PARIS,
    near_m=15.0,
)
taken(
    "two longitudes of which one is zero", "id,lon,lng,lat\nA,0,2.3522,48.8566\nB,0,2.353,48.857\n", 2, at=PARIS, words=("lng",)
)
refused("two longitudes that differ", "id,lon,longitude,lat\nA,2.3522,3.3522,48.8566\n", "lon", "longitude")

# Values of a camera.
taken(
    "azimuths as winds", "id,lon,lat,azimuth\nA,2.3522,48.8566,NNE\nB,2.353,48.857,south-west\n", 2, values={"azimuth_deg": 22.5}
)
taken(
    "azimuths below zero",
    "id,lon,lat,azimuth\nA,2.3522,48.8566,-90\n",
    values={"azimuth_deg": 270.0},
    words=("below 0", "anticlockwise"),
)
taken("feet in a heading", "id,lon,lat,Mount height (ft)\nA,2.3522,48.8566,15\n", values={"mount_height_m": 4.572}, words=("ft",))
taken("feet in a cell", "id,lon,lat,mount_height_m\nA,2.3522,48.8566,15 ft\n", values={"mount_height_m": 4.572})
taken("centimetres in a heading", "id,lon,lat,HEIGHT_CM\nA,2.3522,48.8566,450\n", values={"mount_height_m": 4.5}, words=("cm",))
taken(
    "an angle from sensor and lens",
    "id,lon,lat,focal length (mm),sensor width (mm)\nA,2.3522,48.8566,4,4.8\n",
    values={"focal_length_mm": 4.0},
)
taken(
    "nobody knows, in many words",
    "id,lon,lat,azimuth,hfov\nA,2.3522,48.8566,n/a,-\nB,2.353,48.857,unbekannt,未知\n",
    2,
    values={"azimuth_deg": None},
)
taken("a tilt that looks up", "id,lon,lat,tilt\nA,2.3522,48.8566,-15\n", words=("look up",), values={"tilt_deg": -15.0})
taken(
    "dates of three lands",
    "id,lon,lat,installed_on\nA,2.3522,48.8566,31.05.2026\nB,2.353,48.857,2026年5月31日\nC,2.354,48.857,46173\n",
    3,
    values={"installed_on": "2026-05-31"},
)
taken(
    "masked sectors",
    'id,lon,lat,mask_sector_deg\nA,2.3522,48.8566,"350,20; 90,95"\n',
    values={"mask_sector_deg": ((350.0, 20.0), (90.0, 95.0))},
)
taken("a mask in the picture", 'id,lon,lat,mask_px_wkt\nA,2.3522,48.8566,"POLYGON((0 0,100 0,100 50,0 50,0 0))"\n')
taken("a kind under a weak heading", "id,lon,lat,type\nA,2.3522,48.8566,PTZ\n", values={"kind": "pan_tilt"})
taken(
    "a weak heading that means something else",
    "id,lon,lat,type\nA,2.3522,48.8566,XR-500\n",
    words=("type",),
    values={"kind": None},
)
taken("pixels with a thousands sign", 'id,lon,lat,image_width_px\nA,2.3522,48.8566,"1,920"\n', values={"image_width_px": 1920})
taken("pixels with a thin space", "id,lon,lat,image_width_px\nA,2.3522,48.8566,1\u202f920\n", values={"image_width_px": 1920})
taken("pixels with a thousands point", "id;lon;lat;image_width_px\nA;2,3522;48,8566;1.920\n", values={"image_width_px": 1920})
taken("pixels as 1920.0", "id,lon,lat,image_width_px\nA,2.3522,48.8566,1920.0\n", values={"image_width_px": 1920})
taken(
    "a retention of three weeks in days",
    "id;lon;lat;durée de conservation\nA;2,3522;48,8566;21 jours\n",
    values={"retention_days": 21.0},
)
taken("a removed camera", "id,lon,lat,status\nA,2.3522,48.8566,déposée\n", values={"status": "removed"})
taken("a wide fisheye", "id,lon,lat,kind,hfov\nA,2.3522,48.8566,fisheye,180\n", values={"hfov_deg": 180.0})
taken("quotation marks and line ends within a cell", 'id,lon,lat,name\nA,2.3522,48.8566,"Gate ""North""\nback"\n', at=PARIS)
refused(
    "an azimuth of 372", "id,lon,lat,azimuth_deg\nA,2.3522,48.8566,372\n", "372", "0 to 360", rows=(2,), columns=("azimuth_deg",)
)
refused(
    "an azimuth between two winds",
    "id,lon,lat,azimuth_deg\nA,2.3522,48.8566,upwards\n",
    "upwards",
    "NNE",
    rows=(2,),
    columns=("azimuth_deg",),
)
refused("a French O", "id,lon,lat,azimut\nA,2.3522,48.8566,O\n", "O", rows=(2,), columns=("azimut",))
refused("a height of none", "id,lon,lat,mount_height_m\nA,2.3522,48.8566,0\n", "0", "600", rows=(2,), columns=("mount_height_m",))
refused(
    "a height beyond all towers",
    "id,lon,lat,mount_height_m\nA,2.3522,48.8566,6000\n",
    "6000",
    rows=(2,),
    columns=("mount_height_m",),
)
refused("half a pixel", "id,lon,lat,image_width_px\nA,2.3522,48.8566,1920.5\n", "1920.5", rows=(2,), columns=("image_width_px",))
refused(
    "a day that is two",
    "id,lon,lat,installed_on\nA,2.3522,48.8566,05/06/2026\n",
    "05/06/2026",
    "2026-05-31",
    rows=(2,),
    columns=("installed_on",),
)
refused(
    "the thirtieth of February",
    "id,lon,lat,installed_on\nA,2.3522,48.8566,2026-02-30\n",
    "2026-02-30",
    rows=(2,),
    columns=("installed_on",),
)
refused(
    "a kind that there is not", "id,lon,lat,kind\nA,2.3522,48.8566,thermal\n", "thermal", "fixed", rows=(2,), columns=("kind",)
)
refused(
    "a rectilinear lens of 150 degrees",
    "id,lon,lat,hfov_deg\nA,2.3522,48.8566,150\n",
    "150",
    "120",
    rows=(2,),
    columns=("hfov_deg",),
)
refused(
    "a mask with a hole",
    'id,lon,lat,mask_px_wkt\nA,2.3522,48.8566,"POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 1))"\n',
    "holes",
    rows=(2,),
    columns=("mask_px_wkt",),
)
refused(
    "a sector of one number", "id,lon,lat,mask_sector_deg\nA,2.3522,48.8566,90\n", "az1", rows=(2,), columns=("mask_sector_deg",)
)
refused("one id twice", "id,lon,lat\nA,2.3522,48.8566\nA,2.353,48.857\n", "A", "row 2", rows=(3,), columns=("id",))
refused("a planned camera before the gate", "id,lon,lat,status\nA,2.3522,48.8566,planned\n", "plan")
refused(
    "several faults, all told",
    "id,lon,lat,azimuth,kind\nA,2,48.8,400,fixed\nB,2,48.8,10,laser\nC,x,48.8,10,dome\n",
    "400",
    "laser",
    "x",
    rows=(2, 3, 4),
)
refused(
    "short rows and bad cells at once",
    "id,lon,lat,azimuth\nA,2.35\nB,2.36,48.86,400\n",
    "400",
    rows=(2, 3),
)
refused("a row with more cells than headings", "id,lon,lat\nA,2.3522,48.8566,7\n", "4", "3", rows=(2,))
refused("decimal commas parted by commas", "id,lon,lat\nA,2,3522,48,8566\n", "5", rows=(2,))
refused(
    "four thousand bad rows, told with a total",
    "id,lon,lat\n" + "".join(f"{n},2.3{n:04d},148\n" for n in range(4000)),
    "4000",
    rows=(2,),
    columns=("lat",),
)

# As programs and portals write them.
taken("an empty last column", "id;lon;lat;\nA;2.3522;48.8566;\n", at=PARIS)
taken("blanks after commas", "id, lon, lat\nA, 2.3522, 48.8566\n", at=PARIS)
taken("quotation marks around all", '"id","lon","lat"\n"A","2.3522","48.8566"\n', at=PARIS)
taken("digits of full width", "id,lon,lat\nA,２.３５２２,４８.８５６６\n", at=PARIS)
taken("short headings with points", "ID;Lat.;Long.\nA;48,8566;2,3522\n", at=PARIS)
taken(
    "a portal's column of both",
    "id;geo_point_2d\nA;48.8566, 2.3522\n",
    at=PARIS,
    words=("geo_point_2d", "latitude and longitude"),
)
taken("a French column of both", "nom;Coordonnées GPS\nA;48.8566, 2.3522\n", at=PARIS, words=("Coordonnées GPS",))
taken("X and Y of WGS 84", "id,X_WGS84,Y_WGS84\nA,2.3522,48.8566\n", at=PARIS, words=("degrees",))
taken("sides before the degrees", "id;lat;lon\nA;N 48.8566;E 2.3522\n", at=PARIS)
taken("degrees parted by blanks", "id;lat;lon\nA;48 51 23.76 N;2 21 07.92 E\n", at=PARIS)
taken("degrees parted by colons", "id;lat;lon\nA;48:51:23.76;2:21:07.92\n", at=PARIS)
taken("Chinese signs of degrees", "编号;纬度;经度\nA;48度51分23.76秒;2度21分07.92秒\n", at=PARIS)
taken("a hard blank in a heading", "id,lon\u00a0,lat\nA,2.3522,48.8566\n", at=PARIS)
taken("a line of comment above", "# exported 2026\nid,lon,lat\nA,2.3522,48.8566\n", at=PARIS)
taken("an azimuth with its unit", "id,lon,lat,azimuth\nA,2.3522,48.8566,90 deg\n", values={"azimuth_deg": 90.0})
taken(
    "a date with a time", "id,lon,lat,installed_on\nA,2.3522,48.8566,2026-05-31T00:00:00\n", values={"installed_on": "2026-05-31"}
)
taken("a year for a date", "id,lon,lat,installed_on\nA,2.3522,48.8566,2019\n", values={"installed_on": "2019"})
taken("ids that differ in their letters' size", "id,lon,lat\nA,2.3522,48.8566\na,2.353,48.857\n", 2)
taken("two cameras on one pole", "id,lon,lat\nA,2.3522,48.8566\nB,2.3522,48.8566\n", 2)
taken("a name that is a formula", "id,lon,lat,name\nA,2.3522,48.8566,=1+1\n", values={"name": "=1+1"})
taken("a name that is a template", "id,lon,lat,name\nA,2.3522,48.8566,{{7*7}} #{1}\n", values={"name": "{{7*7}} #{1}"})
taken(
    "a resolution of two numbers",
    "id,lon,lat,resolution\nA,2.3522,48.8566,1920x1080\n",
    words=("resolution",),
    values={"image_width_px": None},
)
refused("a longitude of 350 degrees", "id,lon,lat\nA,350.8607,38.7223\n", "350.8607", rows=(2,), columns=("lon",))
refused("millionths of degrees", "id,lon,lat\nA,2352200,48856600\n", "2352200", rows=(2,), columns=("lon", "lat"))
refused(
    "a height that is about",
    "id,lon,lat,mount_height_m\nA,2.3522,48.8566,ca. 5 m\n",
    "ca. 5 m",
    rows=(2,),
    columns=("mount_height_m",),
)
refused(
    "a height between two", "id,lon,lat,mount_height_m\nA,2.3522,48.8566,4-5\n", "4-5", rows=(2,), columns=("mount_height_m",)
)
refused("a line of totals below", "id,lon,lat\nA,2.3522,48.8566\nTotal: 1,,\n", "position", rows=(3,))
refused(
    "an O that is west in French and east in German", "id;lat;lon\nA;38°43'20\"N;9°08'21\"O\n", "O", rows=(2,), columns=("lon",)
)
refused(
    "positions as GeoJSON in a cell",
    'id;geo_shape\nA;"{""type"":""Point"",""coordinates"":[2.3522,48.8566]}"\n',
    "position",
    "lon",
)
refused(
    "positions as bytes of a database",
    "id,geom\nA,0101000000c5feb27bf2d00240cceec9c3426d4840\n",
    "POINT",
    rows=(2,),
    columns=("geom",),
)

# What a second file does to the first.
FIRST = READER.taken("a first file", "id,lon,lat\nA,2.3522,48.8566\nB,2.353,48.857\n", 2, at=PARIS)
taken("a second file of other cameras", "id,lon,lat\nC,2.354,48.857\n", file="more.csv", before=FIRST)
taken(
    "a second file with ids of the first",
    "id,lon,lat\nA,2.354,48.857\n",
    file="more.csv",
    before=FIRST,
    words=("cameras.csv", "A"),
)
taken("the same file with fewer cameras", "id,lon,lat\nA,2.3522,48.8566\n", before=FIRST, words=("replaced", "2"))
refused("a second file of another continent", "id,lon,lat\nZ,151.2,-33.9\n", "1000 km", file="more.csv", before=FIRST)
taken("a second file of another city", "id,lon,lat\nZ,4.835,45.764\n", file="more.csv", before=FIRST, words=("km",))
