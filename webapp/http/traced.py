"""Requests are traced by what answered them, where somebody collects traces: by route, never by address."""

from typing import Any

from flask import Flask, Response

from webapp import tracing
from webapp.config import Settings
from webapp.http.application import asked, noted
from webapp.http.counted import METHODS


def init_app(app: Flask, settings: Settings) -> None:
    """Begin to trace, if OTEL_EXPORTER_OTLP_ENDPOINT says where to."""
    if settings.otel_exporter_otlp_endpoint is None:
        tracing.end()
        return
    here = tracing.begin(settings.otel_exporter_otlp_endpoint)
    behind_proxy = settings.trusted_proxies > 0

    def begin() -> None:
        """A proxy's trace goes on here, a stranger's does not: anybody could fill it."""
        sent = asked()
        route = sent.url_rule.rule if sent.url_rule else "none"
        method = sent.method if sent.method in METHODS else "_OTHER"
        told = sent.headers.get("traceparent", "") if behind_proxy else ""
        attributes = {"http.request.method": method, "http.route": route, "cairn.request_id": noted()["request_id"]}
        span = here.begin(f"{method} {route}", here.kinds.SERVER, attributes, here.parent(told))
        noted()["span"] = span, here.open(span)

    def note(response: Response) -> Response:
        if "span" in noted():
            span, who = noted()["span"][0], noted().get("identity")
            span.set_attribute("http.response.status_code", response.status_code)
            if who:
                span.set_attribute("enduser.id", str(who.viewer.id))
            if response.status_code >= 500:
                here.failed(span, str(response.status_code))
        return response

    def end(fault: BaseException | None) -> None:
        begun: Any = noted().pop("span", None)
        if begun is not None:
            span, token = begun
            if fault is not None:
                here.failed(span, type(fault).__name__)
            here.close(token)
            span.end()

    app.before_request(begin)
    app.after_request(note)
    app.teardown_request(end)
