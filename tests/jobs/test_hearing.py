"""Every change of issues writes one job, that it be heard; an import none."""


def test_a_change_is_heard_once_whatever_it_tells(make, ada, api, rows):
    project = make.project(ada)
    issue = make.issue(project, ada)
    first = rows("key, args->>'change'")
    assert len(first) == 1
    assert first[0][0] == f"hear:{first[0][1]}"
    api(ada).patch(f"/projects/{project.key}/issues/{issue.number}", {"title": "Other", "priority": "high"})
    assert len(rows()) == 2
    assert set(rows("task, state, lane, tries")) == {("hear", "ready", "inside", 0)}


def test_what_changes_nothing_is_not_heard(make, ada, api, rows):
    project = make.project(ada)
    issue = make.issue(project, ada)
    before = rows("id")
    api(ada).patch(f"/projects/{project.key}/issues/{issue.number}", {"title": issue.title})
    assert rows("id") == before
