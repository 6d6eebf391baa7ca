"""A new issue is told from what is known of it, without a look at what was written."""

import pytest

URL = "/projects/WALL/issues"


@pytest.fixture
def wall(make, ada, eve):
    project = make.project(ada, key="WALL")
    for name in ("old", "Bug", "area::roof", "Äpfel"):
        make.label(project, ada, name)
    make.issue(project, ada, title="The upper one")
    return project


def test_it_is_told_as_it_reads(api, ada, wall):
    milestone = api(ada).post("/projects/WALL/milestones", {"title": "Spring"})
    for said in (
        {"title": "Plain"},
        {"title": "  Trimmed ", "body": "A *list*:\n\n- one\n- two\n"},
        {"title": "Tied", "labels": ["äpfel", "bug", "old", "AREA::roof"], "assignees": [ada.id, ada.id]},
        {"title": "Planned", "priority": "high", "start_on": "2026-11-01", "due_on": "2026-12-24", "estimate": 5},
        {"title": "Placed", "status": "in progress", "milestone": milestone["id"], "parent": 1},
        {"title": "Naming", "body": "As #1 and #7 say, @ada knows. /attachments/1/x.png"},
    ):
        made = api(ada).post(URL, said)
        assert made == api(ada).get(f"{URL}/{made['number']}"), said["title"]


def test_a_plain_one_is_written_by_one_statement(api, ada, wall, statements):
    client = api(ada)
    client.get(f"{URL}/1")
    statements.clear()
    client.post(URL, {"title": "Plain", "body": "Words"})
    changing = [one for one in statements if any(word in one for word in ("INSERT", "UPDATE ", "DELETE"))]
    assert len(changing) == 1, changing
