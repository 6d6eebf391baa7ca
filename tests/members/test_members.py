from webapp.members import service as members


def test_members_are_listed_by_name(app, make, ada):
    project = make.project(ada)
    make.member(project, "viewer")
    with app.app_context():
        listed = members.of(project)
    assert [(one.user.name, one.role) for one in listed] == [("Ada", "owner"), ("Viewer", "viewer")]
