"""A server that starts has the settings that were changed while another ran, before anybody is logged in."""

import time

from sqlalchemy import create_engine, text

from tests.databases import empty_database
from tests.server.running import PATIENCE, Server

CLOSED = "INSERT INTO stored_settings (name, value) VALUES ('registration', 'closed')"
MOVED = "UPDATE stamps SET settings = settings + 1"


def first_page(server):
    """The first page of somebody who is not logged in, once there is one; nobody has asked anything before."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return server.ask("GET", "/", page=True)
        except OSError:
            assert time.monotonic() < deadline, server.log.read_text()
            time.sleep(0.1)


def test_who_is_not_logged_in_meets_them_from_the_first_page_on(database, tmp_path):
    with empty_database(database) as address:
        server = Server(address, tmp_path, "http://localhost", WEB_CONCURRENCY="1")
        try:
            assert "/auth/register" in first_page(server).text
            engine = create_engine(address)
            with engine.begin() as connection:
                for one in (CLOSED, MOVED):
                    connection.execute(text(one))
            engine.dispose()
            server.stop()
            server.begin()
            assert "/auth/register" not in first_page(server).text
        finally:
            server.stop()
