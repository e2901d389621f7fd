"""The whole job runs where there is no network, and the system's own counters say that nobody so much as tried to reach one."""

import json
import shutil
import subprocess
import sys

import pytest

# Counters of a network namespace of its own: requests without a route, connections begun, datagrams sent.
WATCHED = {"Ip": ("OutNoRoutes", "OutRequests"), "Tcp": ("ActiveOpens",), "Udp": ("OutDatagrams",)}
JOB = """
import json, sys
from pathlib import Path

def tables():
    lines = Path("/proc/net/snmp").read_text().splitlines()
    for heads, values in zip(lines[::2], lines[1::2]):
        yield heads.split(":")[0], dict(zip(heads.split()[1:], map(int, values.split()[1:])))

def counted():
    found = dict(tables())
    six = Path("/proc/net/snmp6")
    rows = dict(line.split() for line in six.read_text().splitlines()) if six.exists() else {}
    told = {f"{table} {name}": found[table][name] for table, names in WATCHED.items() for name in names}
    return told | {name: int(rows[name]) for name in ("Ip6OutNoRoutes", "Ip6OutRequests") if name in rows}

before = counted()
codes = []
WORK
after = counted()
print("COUNTED" + json.dumps({"codes": codes, "tried": {name: after[name] - before[name] for name in after}}))
"""
VERBS = """
from lhasaplan.cli import main
folder = Path(sys.argv[1])
town = str(folder / "town.gpkg")
corners = [[24.9410, 60.1697], [24.9414, 60.1697], [24.9414, 60.1699], [24.9410, 60.1699], [24.9410, 60.1697]]
house = {"type": "Feature", "properties": {"building": "house"}, "geometry": {"type": "Polygon", "coordinates": [corners]}}
(folder / "houses.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [house]}), "utf-8")
(folder / "cameras.csv").write_text("camera_id,lon,lat,azimuth_deg,mount_height_m\\nC1,24.9412,60.1695,0,4\\n", "utf-8")
for words in (
    ["new", town, "--rules", "eu-gdpr"],
    ["import", town, str(folder / "houses.geojson"), "--as", "buildings"],
    ["import", town, str(folder / "cameras.csv"), "--as", "cameras"],
    ["audit", town, "--json", str(folder / "audit.json")],
    ["export", town, "--format", "html,register", "--out", str(folder / "drafts")],
    ["journal", town],
    ["doctor", town],
    ["seal", town],
    ["journal", town],
):
    codes.append(main(words))
"""
REACHING = """
import socket
for host in ("192.0.2.1", "127.0.0.1"):
    try:
        socket.create_connection((host, 80), timeout=1)
    except OSError:
        codes.append(0)
"""


def _ends_well(command):
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _may_be_alone():
    tool = shutil.which("unshare")
    return bool(tool) and sys.platform == "linux" and _ends_well([tool, "-rn", "true"])


pytestmark = pytest.mark.skipif(not _may_be_alone(), reason="needs a network namespace (Linux, unshare -rn), forbidden here")


def run_alone(work, folder, monkeypatch):
    monkeypatch.setenv("LHASAPLAN_FILE_PASSPHRASE", "seven grey herons at noon")
    script = JOB.replace("WATCHED", repr(WATCHED)).replace("WORK", work)
    done = subprocess.run(["unshare", "-rn", sys.executable, "-c", script, folder], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.rpartition("COUNTED")[2])


def test_that_the_whole_job_tries_to_reach_no_network(tmp_path, monkeypatch):
    found = run_alone(VERBS, tmp_path, monkeypatch)
    assert all(code in {0, 1} for code in found["codes"]), found
    assert (tmp_path / "drafts" / "audit.html").exists()
    assert (tmp_path / "audit.json").exists()
    assert set(found["tried"].values()) == {0}, found


def test_that_the_counters_see_who_tries(tmp_path, monkeypatch):
    found = run_alone(REACHING, tmp_path, monkeypatch)
    assert found["codes"] == [0, 0]
    assert found["tried"]["Ip OutNoRoutes"] == 2
