"""The API document is valid, whole, and true."""

import json
import re

import pytest

from tests.clients import HTML
from tests.make import PASSWORD


@pytest.fixture
def document(app):
    return app.test_client().get("/openapi.json").json


def whole(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def operations(document):
    return [(path, operation) for path, _, operation in whole(document)]


def test_it_is_valid(document):
    from openapi_spec_validator import OpenAPIV31SpecValidator  # it builds a grammar as it loads: seconds

    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_has_a_name_and_a_sentence_of_its_own(document):
    names = [one["operationId"] for _, one in operations(document)]
    assert len(names) == len(set(names)) > 20
    assert all(re.fullmatch("[a-z]+(_[a-z]+)+", name) for name in names)
    assert all(one["summary"].endswith(".") for _, one in operations(document))


def test_it_describes_every_address_that_answers_json(app, document):
    described = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
    missing = []
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        if operation and not operation.page_only and operation.method in rule.methods:
            path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            if (path, operation.method) not in described:
                missing.append(rule)
    assert not missing


def test_schemas_are_called_by_plain_names(document):
    assert not [name for name in document["components"]["schemas"] if not re.fullmatch("[A-Z][A-Za-z]+", name)]


def test_every_schema_is_used(document):
    used = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert set(document["components"]["schemas"]) == used


def test_what_may_be_left_out_is_neither_required_nor_null_by_itself(document):
    """Some clients that are generated send defaults, and others demand each field that has one."""
    for _, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        told = content and document["components"]["schemas"][content["schema"]["$ref"].rsplit("/", 1)[1]]
        for name, field in (told or {"properties": {}})["properties"].items():
            assert "default" not in field, (told["title"], name)
        assert not [one for one in operation["parameters"] if one["schema"].get("default", ...) is None]


# What is only told where it holds.
LEFT_OUT = {"held"}


def test_what_is_told_always_is_required(document):
    schema = document["components"]["schemas"]
    for name in ("IssueList", "Problem", "TokenOut", "IssueOut"):
        assert set(schema[name]["required"]) == set(schema[name]["properties"]) - LEFT_OUT, name


def test_versions_are_conditions_where_it_says_so(api, ada, make, document):
    """Each operation with If-Match answers 412 to another version; no other one does."""
    project, mine = make.project(ada, key="WALL"), api(ada)
    make.issue(project, ada, body="- [ ] one")
    at = {"project": "WALL", "number": 1, "comment": 0}
    at["comment"] = mine.post("/projects/WALL/issues/1/comments", {"body": "- [ ] one"})["id"]
    at["milestone"] = mine.post("/projects/WALL/milestones", {"title": "Spring"})["id"]
    heeding = 0
    for path, method, operation in whole(document):
        if "If-Match" not in [one["name"] for one in operation["parameters"]]:
            assert "412" not in operation["responses"], path
            continue
        at["view"] = mine.post("/projects/WALL/views" if "project" in path else "/views", {"name": f"V{heeding}"})[
            "id"
        ]
        sent = (
            {"json": {"done": []}} if path.endswith("/tasks") else {} if method in ("get", "delete") else {"json": {}}
        )
        told = mine.send(method.upper(), path.format(**at), headers={"If-Match": '"77"'}, **sent)
        assert told.status_code == 412, f"{method} {path}: {told.status} {told.text}"
        heeding += 1
    assert heeding > 15


def test_it_says_what_a_personal_access_token_needs(document):
    assert document["components"]["securitySchemes"]["personal"]["scheme"] == "bearer"
    needed = {
        f"{method} {path}": scope
        for path, method, operation in whole(document)
        for way in operation["security"]
        for scope in way.get("personal", [])
    }
    assert needed["get /projects/{project}"] == "read"
    assert needed["post /projects/{project}/issues"] == "write"
    assert needed["post /projects/{project}/statuses"] == "admin"
    assert not {"post /auth/tokens", "post /auth/password", "delete /projects/{project}"} & needed.keys()


def test_a_password_becomes_a_token_as_the_document_says(app, ada, document):
    schemes = document["components"]["securitySchemes"]
    (url,) = {flow["tokenUrl"] for one in schemes.values() for flow in one.get("flows", {}).values()}
    client = app.test_client(use_cookies=False)
    form = {"grant_type": "password", "username": ada.email, "password": PASSWORD, "client_id": "x", "scope": ""}
    program = {"Authorization": "Basic eDo="}  # how the reference's own form tells which program it is
    token = client.post(url, data=form, headers=program).json
    held = {"Authorization": f"{token['token_type']} {token['access_token']}".replace("bearer", "Bearer")}
    assert client.get("/auth/me", headers=held).json["email"] == ada.email
    renewal = {"grant_type": "refresh_token", "refresh_token": token["refresh_token"]}
    flow = schemes["password"]["flows"]["password"]
    assert client.post(flow["refreshUrl"], data=renewal).json["access_token"]


@pytest.mark.parametrize("url", ["/docs", "/redoc"])
def test_its_readers_come_from_our_own_files(app, url):
    text = app.test_client().get(url, headers=HTML).text
    sources = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert not [source for source in sources if "//" in source]
    for source in sources:
        if source.startswith("/static"):
            assert app.test_client().get(source).status_code == 200


def test_what_names_an_issue_in_its_body_may_find_it_deleted(document):
    """As an address does, it leads to a page or an answer that tells who deleted it."""
    assert "410" in document["paths"]["/projects/{project}/board/moves"]["post"]["responses"]


def test_what_names_a_change_in_its_body_may_find_none(api, ada, document):
    """Also where the address itself names nothing that could be absent."""
    undoing = [path for path, method, _ in whole(document) if method == "post" and path.endswith("/undo")]
    assert "/inbox/undo" in undoing
    assert all("404" in document["paths"][path]["post"]["responses"] for path in undoing)
    api(ada).post("/inbox/undo", {"change": "0b4c3f52-1d8e-4a77-9c0d-6f2f3a1e5b90"}, status=404)
