"""Requests are counted by what answered them, where somebody watches this installation."""

import time

from flask import Flask, Response

from webapp import counting
from webapp.config import Settings
from webapp.http.application import asked, noted

# Anything may be sent as a method, and each one would be a line of its own.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def init_app(app: Flask, settings: Settings) -> counting.Counts | None:
    """Begin to count, if METRICS_TOKEN says that somebody asks; what counts is returned."""
    if settings.metrics_token is None:
        return None
    counts = counting.begin()

    def count(response: Response) -> Response:
        began, sent = noted().get("began"), asked()
        if began is not None:
            rule = sent.url_rule.rule if sent.url_rule else "none"
            method = sent.method if sent.method in METHODS else "other"
            counts.answered(method, rule, response.status_code, time.perf_counter() - began)
        return response

    app.after_request(count)
    return counts
