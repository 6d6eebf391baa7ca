"""A server of mail that hangs keeps nobody waiting but the worker: requests write rows."""

import time


def test_what_posts_a_mail_speaks_to_no_server(app, mailing, mute, post, ada):
    server = mute()
    mailing.by(f"{server.url}?timeout=1")
    begun = time.monotonic()
    for _ in range(20):
        post("test", ada, {})
    took = time.monotonic() - begun
    assert server.connections == 0
    assert took < 10
    mailing.drain(strict=False)
    assert server.connections == 3  # then it is left alone, and the others are put off at once
