"""What the filters of a list offer."""

from webapp.lists import naming


def test_people_of_one_name_stand_in_one_order(app, make, ada):
    """By what is beside the name, however they lie in the table."""
    project = make.project(ada)
    handles = [make.member(project, "member").handle for _ in range(12)]
    with app.app_context():
        offered = naming.choices(project.id)["assignee"]
    assert [said for said, name in offered if name == "Member"] == sorted(handles)
