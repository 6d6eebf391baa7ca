import io
import logging
import os
from collections.abc import Iterator
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from webapp.config.files import bucket_url
from webapp.stores.bucket import Bucket

# Another server than moto's, tried by hand: its origin, and a key.
OTHER = os.environ.get("TEST_FILES_STORE")
KEY = {
    "files_access_key_id": os.environ.get("TEST_FILES_KEY_ID", "cairn"),
    "files_secret_access_key": os.environ.get("TEST_FILES_KEY", "a secret of the tests"),
}


@pytest.fixture(scope="package")
def store() -> Iterator[str]:
    """The origin of a server that speaks S3."""
    if OTHER:
        yield OTHER
        return
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def url(store) -> str:
    """A bucket of the test's own, as FILES_URL has it; Cairn's files lie in a folder of it."""
    name = uuid4().hex
    client = boto3.client(
        "s3",
        endpoint_url=store,
        region_name="us-east-1",
        aws_access_key_id=KEY["files_access_key_id"],
        aws_secret_access_key=KEY["files_secret_access_key"],
    )
    client.create_bucket(Bucket=name)
    return f"s3://{name}/cairn?endpoint={store}"


@pytest.fixture
def bucket(url) -> Bucket:
    return Bucket(bucket_url(url), *KEY.values())


@pytest.fixture
def in_bucket(app, monkeypatch, tmp_path, url):
    """Let the application keep its files there."""

    def settle(**more):
        given = app.config["SETTINGS"].model_copy(update={"cairn_data": tmp_path})
        made = type(given).model_validate(given.model_dump() | {"files_url": url} | KEY | more)
        monkeypatch.setitem(app.config, "SETTINGS", made)

    settle()
    return settle


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def upload(api, project, in_bucket):
    def send(who, data, name="notes.txt", status=201):
        sent = {"file": (io.BytesIO(data), name)}
        return api(who).post("/projects/WALL/attachments", status=status, data=sent)

    return send
