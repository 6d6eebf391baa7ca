"""What this process does, counted for whoever watches an installation from outside; nothing, unless that is wanted.

The names are Prometheus's own; `webapp/metrics/` tells them. Several processes count into files of one folder,
PROMETHEUS_MULTIPROC_DIR, which gunicorn.conf.py makes and each process adds to.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# Seconds. A page takes 5 ms, one that searches 50; what is given up takes 5 s.
TIMES = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LONG_TIMES = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 600.0)


# How mails that go out end, and those that come in.
ENDS_OF_MAILS = {"out": ("sent", "dropped", "failed"), "in": ("taken", "held", "ignored", "refused", "failed")}


class Counts:
    """The counters of an application."""

    def __init__(self) -> None:
        # Loaded only here: most installations count nothing, and each process would carry it.
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        # One of its own: a reload makes all of it anew, and a shared one would know it already.
        self.registry = registry = CollectorRegistry()
        self._requests = Counter(
            "cairn_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "cairn_request_seconds",
            "Seconds from a request's first look at the application to its answer.",
            ["route"],
            buckets=TIMES,
            registry=registry,
        )
        self._unavailable = Counter(
            "cairn_unavailable",
            "What could not be done at the moment.",
            ["cause"],
            registry=registry,
        )
        self._statements = Counter("cairn_statements", "Statements sent to the database.", registry=registry)
        self._jobs = Counter("cairn_jobs", "Jobs that were done.", ["task", "outcome"], registry=registry)
        self._job_seconds = Histogram(
            "cairn_job_seconds", "Seconds that a job took.", ["task"], buckets=LONG_TIMES, registry=registry
        )
        self._mails = Counter("cairn_mails", "Mails that came to an end.", ["way", "state"], registry=registry)
        for way, states in ENDS_OF_MAILS.items():  # from the beginning: an alert sees no first step from nothing
            for state in states:
                self._mails.labels(way, state)
        self._waiting, self._running = (
            Gauge(f"cairn_requests_{what}", said, ["lane"], registry=registry, multiprocess_mode="livesum")
            for what, said in (("waiting", "Requests that wait for a thread."), ("running", "Requests in a thread."))
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is the rule of its address, as there are many addresses."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def unavailable(self, cause: str) -> None:
        self._unavailable.labels(cause).inc()

    def sent(self, *_: object) -> None:
        """A statement goes to the database; SQLAlchemy calls it with all about that."""
        self._statements.inc()

    def done(self, task: str, outcome: str, seconds: float) -> None:
        """A job ended: `done`, or `ready` to be tried again, or `dead`, or `lost` to another worker."""
        self._jobs.labels(task, outcome).inc()
        self._job_seconds.labels(task).observe(seconds)

    def mail(self, way: str, state: str) -> None:
        """A mail came to one of ENDS_OF_MAILS."""
        self._mails.labels(way, state).inc()

    def lane(self, name: str, waiting: int, running: int) -> None:
        self._waiting.labels(name).set(waiting)
        self._running.labels(name).set(running)


# What counts here, if anything does.
counts: Counts | None = None


def begin() -> Counts:
    """Count from here on, in this process and in those that it forks."""
    global counts
    counts = Counts()
    return counts


def note_unavailable(cause: str) -> None:
    """Something could not be done at the moment, for one of a few causes."""
    if counts is not None:
        counts.unavailable(cause)


def note_mail(way: str, state: str) -> None:
    """A mail came to an end, `in` or `out`."""
    if counts is not None:
        counts.mail(way, state)


def text(more: Iterable["Metric"]) -> tuple[str, str]:
    """All counts, of all processes, with `more` that is known at this moment; and the content type of that."""
    from prometheus_client import CollectorRegistry, multiprocess
    from prometheus_client.exposition import choose_encoder

    class AtThisMoment:
        def collect(self) -> Iterator["Metric"]:
            yield from more

    whole: CollectorRegistry = CollectorRegistry()
    if FOLDER in os.environ:
        multiprocess.MultiProcessCollector(whole)  # type: ignore[no-untyped-call]
    elif counts is not None:
        whole.register(counts.registry)
    whole.register(AtThisMoment())
    encode, content_type = choose_encoder("text/plain; version=0.0.4")
    return encode(whole).decode(), content_type


def one(name: str, said: str, value: float, **labels: str) -> "Metric":
    """What is known at this moment, with labels that say more of it."""
    from prometheus_client.metrics_core import GaugeMetricFamily

    family = GaugeMetricFamily(name, said, labels=list(labels))
    family.add_metric(list(labels.values()), value)
    return family


def each(name: str, said: str, label: str, values: Mapping[str, float]) -> "Metric":
    """The same, of several that a label tells apart."""
    from prometheus_client.metrics_core import GaugeMetricFamily

    family = GaugeMetricFamily(name, said, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
