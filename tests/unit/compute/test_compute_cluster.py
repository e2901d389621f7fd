"""A cluster: what is sent, what comes back, what is told when something is missing."""

import socket
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from distributed.client import FutureCancelledError
from sight_streets import STREET, points, street, views
from test_compute_batched import Stopped, same_fields, same_matrix

from lhasaplan.compute import BatchedSight, cluster, open_sight
from lhasaplan.compute.cluster import Cluster
from lhasaplan.core.context.scenes import IN_PROCESS
from lhasaplan.core.sight import make_scene
from lhasaplan.errors import InputError


class Scattered:
    """The scene as a client keeps it."""

    status = "finished"

    def __init__(self, scene):
        self.scene = scene


class Answer(Future):
    """A future as dask's, whose job may be lost on its way."""

    def __init__(self, is_lost=False, error=None):
        super().__init__()
        self.status = "cancelled" if is_lost else "error" if error else "finished"
        self.error = error

    def exception(self, timeout=None):
        return self.error

    def release(self):
        """Let the answer go."""


class Forgotten(Answer):
    """A future that was done when its worker died: whoever fetches it hears that it was cancelled."""

    def result(self, timeout=None):
        self.status = "cancelled"
        raise FutureCancelledError("batch", "scheduler lost its data")


class Client:
    """A client whose workers are threads; ``lost`` are the sends that do not come back, ``forgotten`` those whose answer is gone
    when it is fetched, ``error`` is what jobs raise."""

    def __init__(self, lost=(), error=None, forgotten=()):
        self.status, self.lost, self.error, self.forgotten = "running", set(lost), error, set(forgotten)
        self.scenes, self.sent, self.cancelled = [], 0, []
        self.pool = ThreadPoolExecutor(2)

    def scatter(self, scene, broadcast, hash):
        self.scenes.append(scene)
        return Scattered(scene)

    def submit(self, work, scene, *job, pure, retries):
        answer = (Forgotten if self.sent in self.forgotten else Answer)(self.sent in self.lost, self.error)
        self.sent += 1
        self.pool.submit(lambda: answer.set_result(work(scene.scene, *job)))
        return answer

    def cancel(self, futures):
        self.cancelled += futures

    def nthreads(self):
        return {"tcp://127.0.0.1:1": 2}


def sight_by(client, **settings):
    return BatchedSight(Cluster(lambda: client, "tcp://127.0.0.1:8786", views_a_batch=8, least_jobs=1, **settings))


def test_that_a_cluster_gives_the_same_bytes_as_this_process():
    sight = sight_by(Client())
    assert same_fields(sight.visibility_fields(views(40), STREET), IN_PROCESS.visibility_fields(views(40), STREET))
    assert same_matrix(sight.densities(views(40), points(300), STREET), IN_PROCESS.densities(views(40), points(300), STREET))


def test_that_the_scene_is_sent_once_and_without_names_and_tags():
    client = Client()
    sight = sight_by(client)
    sight.visibility_fields(views(20), STREET)
    sight.densities(views(20), points(50), STREET)
    (sent,) = client.scenes
    assert set(sent.buildings.ids) == {""}
    assert set(map(len, sent.buildings.tags)) == {0}


def test_that_a_town_in_leaf_and_leafless_is_sent_once_each():
    client, leafy = Client(), make_scene(street(3))
    sight = sight_by(client)
    for scene in (STREET, leafy, STREET, leafy):
        sight.visibility_fields(views(20), scene)
    assert len(client.scenes) == 2


def test_that_a_lost_batch_is_sent_again_and_nothing_is_missing():
    client = Client(lost=(0, 3))
    fields = sight_by(client).visibility_fields(views(40), STREET)
    assert client.sent == 7  # five batches, two of them twice
    assert same_fields(fields, IN_PROCESS.visibility_fields(views(40), STREET))


def test_that_an_answer_that_died_with_its_worker_is_worked_out_again():
    client = Client(forgotten=(1, 2))
    fields = sight_by(client).visibility_fields(views(40), STREET)
    assert client.sent == 7  # five batches, two of them twice
    assert same_fields(fields, IN_PROCESS.visibility_fields(views(40), STREET))


def test_that_a_batch_that_is_lost_again_and_again_ends_the_job_with_a_sentence():
    with pytest.raises(InputError, match="lost 3 times"):
        sight_by(Client(lost=range(100))).visibility_fields(views(40), STREET)


def test_that_an_error_of_the_work_itself_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        sight_by(Client(error=ZeroDivisionError("a bug"))).visibility_fields(views(40), STREET)


def test_that_a_cancel_takes_back_what_has_not_begun():
    client = Client()

    def stop(share, step):
        if share > 0.1:
            raise Stopped

    with pytest.raises(Stopped):
        sight_by(client).visibility_fields(views(80), STREET, progress=stop)
    assert client.cancelled


def test_that_a_lost_connection_is_told():
    client = Client()
    client.status = "closed"
    with pytest.raises(InputError, match="was lost"):
        sight_by(client).visibility_fields(views(40), STREET)


def test_that_a_scheduler_without_workers_is_told(monkeypatch):
    class Deserted(Client):
        def submit(self, work, scene, *job, pure, retries):
            return Answer()  # never done

        def nthreads(self):
            return {}

    monkeypatch.setattr("lhasaplan.compute.cluster.LOOK_S", 0.0)
    monkeypatch.setattr("lhasaplan.compute.cluster.PATIENCE_S", 0.1)
    with pytest.raises(InputError, match="lost all its workers"):
        sight_by(Deserted()).visibility_fields(views(40), STREET)


def test_that_a_small_question_stays_on_this_machine():
    client = Client()
    BatchedSight(Cluster(lambda: client, "tcp://127.0.0.1:8786")).visibility_fields(views(10), STREET)
    assert client.sent == 0


def test_that_no_connection_is_made_where_nothing_is_worth_sending():
    with socket.create_server(("127.0.0.1", 0)) as server, open_sight(f"tcp://127.0.0.1:{server.getsockname()[1]}") as sight:
        assert same_fields(sight.visibility_fields(views(10), STREET), IN_PROCESS.visibility_fields(views(10), STREET))
        server.accept()[0].close()  # the port was tried, once
        server.settimeout(0.0)
        with pytest.raises(BlockingIOError):
            server.accept()


@pytest.mark.parametrize("address", ["127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://127.0.0.1", "tcp://:8786", "tcp://host:x"])
def test_that_an_address_that_is_none_is_refused_before_anything_is_asked(address):
    with pytest.raises(InputError, match="tcp://HOST:PORT"), open_sight(address):
        pass


def test_that_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip install"), open_sight("tcp://127.0.0.1:8786"):
        pass


@pytest.mark.parametrize("host", ["a..b", 64 * "a"])
def test_that_a_scheduler_whose_name_is_none_of_a_host_is_told(host):
    with pytest.raises(InputError, match="cannot be reached"), open_sight(f"tcp://{host}:8786"):
        pass


def test_that_a_scheduler_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "WAIT_S", 0.5)
    with pytest.raises(InputError, match="cannot be reached"), open_sight("tcp://127.0.0.1:9"):
        pass
