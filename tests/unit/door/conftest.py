"""An ear on the loopback, for all that must ask nobody."""

import socket
import threading

import pytest


@pytest.fixture
def listener():
    """Yield an address of this machine and the list of those who connected to it; nobody is answered."""
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        is_over = threading.Event()

        def listen():
            while not is_over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                connection.settimeout(1.0)
                heard.append(connection.recv(400))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        is_over.set()
        thread.join()
