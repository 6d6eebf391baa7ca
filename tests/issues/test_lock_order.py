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


@pytest.fixture
def ada(make):
    """Who sees all that is private, too: what statements read for them is written out as it is."""
    return make.person("Ada", is_admin=True)


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


STAYING = [*(way for way in WAYS if "SCREE" not in str(way)), ("POST", f"{URL}/1/comments", {"body": "See #3"})]


@pytest.mark.parametrize(("method", "url", "body"), STAYING)
def test_texts_can_name_an_issue_while_it_is_changed(api, ada, make, statements, method, url, body):
    """Or two comments that name each other's issues would wait for each other."""
    project = make.project(ada, key="WALL")
    for name in ("bug", "old"):
        make.label(project, ada, name)
    for _ in range(3):
        make.issue(project, ada, labels=["bug"])
    api(ada).delete(f"{URL}/2")
    client = api(ada)
    statements.clear()
    assert client.send(method, url, json=body).status_code < 300
    locking = [one for one in statements if "FOR UPDATE" in one and "SKIP LOCKED" not in one]
    assert not [one for one in locking if re.search(r"FROM issues\b", one)]
