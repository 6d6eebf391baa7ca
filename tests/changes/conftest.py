from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from tests.changes.ground import WALL, Ground
from tests.clients import Api
from tests.make import Make
from tests.scene import *  # noqa: F403
from webapp.access import Viewer


@pytest.fixture(scope="module")
def laid(app: Flask, api: Callable[..., Api], ada: Viewer, make: Make) -> Ground:
    project = make.project(ada, key="WALL")
    client, ids = api(ada), {"ada": ada.id}
    for name in ("bug", "defect"):
        ids[name] = make.label(project, ada, name).id
    for title in ("Spring", "Summer"):
        ids[title] = client.post(f"{WALL}/milestones", {"title": title})["id"]
    for status in client.get(f"{WALL}/statuses")["items"]:
        ids[status["name"]] = status["id"]
    member = make.member(project, "member")
    ids["member"] = member.id
    tied = {"labels": ["bug"], "assignees": [ids["member"]], "milestone": ids["Spring"], "status": "Todo"}
    make.issue(project, ada, **tied)
    return Ground(app, client, ids, ada, member)


@pytest.fixture
def ground(laid: Ground, api: Callable[..., Api], ada: Viewer) -> Ground:
    """With a login of the test's own: that of the scene may be over on a slow machine."""
    return replace(laid, client=api(ada))
