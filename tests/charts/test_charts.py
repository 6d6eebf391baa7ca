"""Charts count what the lists behind them show."""

from webapp.charts import shapes


def test_what_is_drawn_is_what_the_lists_find(api, browser, make, ada):
    project = make.project(ada, key="WALL")
    for _ in range(3):
        make.issue(project, ada)
    client = api(ada)
    client.send("PATCH", "/projects/WALL/issues/1", json={"status": "In progress"}, status=200)
    client.send("PATCH", "/projects/WALL/issues/1", json={"state": "closed"}, status=200)
    client.send("DELETE", "/projects/WALL/issues/2")
    drawn = client.get("/projects/WALL/charts?days=30")
    last = drawn["spans"][-1]
    for field in ("created", "closed"):
        found = client.get(f"/projects/WALL/issues?q={field}:{last['first']}")
        assert last[field] == found["total"]
    for one in drawn["flow"]:
        assert one["counts"][-1] == client.get(f'/projects/WALL/issues?q=status:"{one["status"]}"')["total"]
    assert "created:" in browser(ada).get("/projects/WALL/charts").text
    api(ada).send("GET", "/projects/WALL/charts?days=7", status=422)


def test_a_scale_has_room_and_begins_at_nothing():
    scale = shapes.scale(10, 3, None, 17)
    assert scale.top == 20
    assert scale.y(0) == shapes.HEIGHT - shapes.BOTTOM
    assert scale.y(20) == shapes.TOP
