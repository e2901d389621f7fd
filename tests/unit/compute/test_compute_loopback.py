"""A real scheduler with two real workers on the loopback, one of them killed half-way."""

import json

import pytest
from cluster import loopback_cluster
from sight_streets import STREET, points, views
from test_compute_batched import same_fields, same_matrix

from lhasaplan.cli.run import main
from lhasaplan.compute import open_sight
from lhasaplan.core.context.scenes import IN_PROCESS


def test_that_a_worker_killed_half_way_loses_nothing(tmp_path):
    many, spots = views(900), points(500)
    killed = []
    with loopback_cluster(tmp_path) as (cluster, address, workers), open_sight(address) as sight:

        def kill_one(share, step):
            if share > 0.3 and not killed:
                killed.append(share)
                cluster.kill(workers[0])

        fields = sight.visibility_fields(many, STREET, progress=kill_one)
        matrix = sight.densities(many, spots, STREET)
    assert killed
    assert same_fields(fields, IN_PROCESS.visibility_fields(many, STREET))
    assert same_matrix(matrix, IN_PROCESS.densities(many, spots, STREET))


@pytest.mark.nightly
def test_that_the_scene_is_sent_again_when_every_worker_that_had_it_is_gone(tmp_path):
    many, killed = views(9000), []
    with loopback_cluster(tmp_path, workers=1) as (cluster, address, workers), open_sight(address) as sight:

        def replace_all(share, step):
            if share > 0.3 and not killed:
                killed.append(share)
                cluster.kill(workers[0])
                cluster.add_worker(address)

        fields = sight.visibility_fields(many, STREET, progress=replace_all)
    assert killed
    assert same_fields(fields, IN_PROCESS.visibility_fields(many, STREET))


@pytest.mark.nightly
def test_that_audit_and_check_write_the_same_bytes_by_threads_and_by_a_cluster(tmp_path, monkeypatch):
    monkeypatch.setattr("lhasaplan.compute.cluster.Cluster.__init__.__defaults__", (8, 1))
    from lhasaplan import workflow
    from lhasaplan.bootstrap import open_services

    services = open_services()
    project = workflow.open_sample(services, services.content.read_sample("hilltown"))
    services.stores.open(tmp_path / "town.gpkg").save(project)
    with loopback_cluster(tmp_path) as (_, address, _workers):
        for verb in ("audit", "check"):
            here, there = tmp_path / f"{verb}-here.json", tmp_path / f"{verb}-there.json"
            codes = [
                main([verb, str(tmp_path / "town.gpkg"), "--json", str(here)]),
                main([verb, str(tmp_path / "town.gpkg"), "--json", str(there), "--scheduler", address]),
            ]
            assert codes[0] == codes[1]
            assert here.read_bytes() == there.read_bytes()
            assert json.loads(here.read_text())["cameras"]
