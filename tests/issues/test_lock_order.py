"""Who changes issues takes rows in one order, so that no two wait for each other for good."""

import re

import pytest

LOCKING = re.compile(r"\bUPDATE (\w+) SET|\ASELECT .*?\sFROM (\w+)\s.*FOR (?:NO KEY )?UPDATE", re.DOTALL)
URL = "/projects/WALL/issues"
WAYS = [
    ("POST", URL, {"title": "New", "labels": ["bug", "old"]}),
    ("PATCH", f"{URL}/1", {"labels": ["old"]}),
    ("DELETE", f"{URL}/1", None),
    ("POST", f"{URL}/2/restoration", None),
    ("POST", f"{URL}/1/move", {"project": "SCREE"}),
    ("PATCH", URL, {"numbers": [1], "add_labels": ["old"], "state": "closed"}),
    ("PATCH", URL, {"numbers": [1], "delete": True}),
    ("PATCH", URL, {"numbers": [1], "move_to": "SCREE"}),
]


@pytest.mark.parametrize(("method", "url", "body"), WAYS)
def test_labels_are_taken_before_the_project(api, ada, make, statements, method, url, body):
    for key in ("WALL", "SCREE"):
        project = make.project(ada, key=key)
        make.label(project, ada, "bug")
        make.label(project, ada, "old")
        make.issue(project, ada, labels=["bug"])
        make.issue(project, ada, labels=["bug"])
    api(ada).delete(f"{URL}/2")
    client = api(ada)
    statements.clear()
    assert client.send(method, url, json=body).status_code < 300
    taken = [found[1] or found[2] for one in statements for found in LOCKING.finditer(one)]
    assert taken.index("labels") < taken.index("projects")
