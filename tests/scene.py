"""What the tests of a module begin with, made once for all of them: each works within it, and undoes what it did.

A module that imports all of this has an application, clients and people of its own, and says `module` as the scope of
what it makes with them. Worth it where making that takes longer than most tests of it; not for one whose
tests need connections beside, or tell the time: PostgreSQL's `now()` stands still from where the module begins.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.audited import Unit
from tests.clients import Api, Browser
from tests.databases import rolled_back, undone
from tests.make import Make
from webapp.access import Viewer

__all__ = ["ada", "api", "app", "browser", "eve", "leaves_it_as_it_was", "make"]


@pytest.fixture(scope="module")
def app(migrated: Flask, read_too_late: list[str], unproved: list[str], units: list[Unit]) -> Iterator[Flask]:
    """The application inside the module's transaction. What the scene is made by is looked at as what a test does."""
    for found in (read_too_late, unproved, units):
        found.clear()
    with rolled_back(migrated):
        yield migrated


@pytest.fixture(autouse=True)
def leaves_it_as_it_was(app: Flask) -> Iterator[None]:
    with undone(app):
        yield


@pytest.fixture(scope="module")
def make(app: Flask) -> Make:
    return Make(app)


@pytest.fixture(scope="module")
def ada(make: Make) -> Viewer:
    """Owns what there is."""
    return make.person("Ada")


@pytest.fixture(scope="module")
def eve(make: Make) -> Viewer:
    """A stranger who has an account."""
    return make.person("Eve")


@pytest.fixture(scope="module")
def api(app: Flask) -> Callable[..., Api]:
    return lambda who=None, **headers: Api(app, who, headers)


@pytest.fixture(scope="module")
def browser(app: Flask) -> Callable[..., Browser]:
    return lambda who=None: Browser(app, who)
