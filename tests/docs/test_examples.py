"""What /docs fills in beforehand works as it is."""

import json

import pytest

from webapp.http.input import body_of

# What needs more than a project with something in it: another login, a link, a change to take back, a second thing.
ELSEWHERE = {
    "all_webhooks_create", "all_webhooks_update", "auth_change_password", "auth_login", "auth_refresh", "auth_register",
    "bulk_undo", "inbox_undo", "inbox_update", "labels_merge", "members_register", "members_transfer", "moves_move",
    "moderation_report", "moderation_report_comment",
    "administration_change_settings", "administration_test_mail", "blocks_block", "people_merge", "people_purge", "people_update",
    "claiming_register", "feeds_update", "people_invite", "personal_tokens_update", "undo_undo",
    "links_confirm", "links_reset",
    "auth_login_by_passkey", "factors_add_authenticator", "factors_add_passkey", "factors_login", "factors_rename_passkey", "sso_link",
    "links_finish", "links_move", "links_undo",
}  # fmt: skip


@pytest.fixture
def document(app):
    return app.test_client().get("/openapi.json").json


def bodies(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                yield method, path, operation["operationId"], content["application/json"]


def test_every_example_passes_its_own_check(app, document):
    seen = set()
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        if operation is None or operation.body is None or operation.page_only:
            continue
        (example,) = operation.body.model_config["json_schema_extra"]["examples"]  # each has one
        with app.test_request_context(method="POST", data=json.dumps(example), content_type="application/json"):
            assert body_of(operation.body) is not None
        seen.add(operation.body)
    assert len(seen) > 25


# What is made for an operation whose address has it, with these fields.
MADE = {
    "comment": ["body"], "label": ["name"], "milestone": ["title"], "status": ["name", "category"],
    "template": ["name"], "view": ["name"], "webhook": ["url"], "code_host": ["kind"],
}  # fmt: skip


def test_every_example_works(api, ada, make, document):
    project, mine = make.project(ada, key="DEMO"), api(ada)
    for _ in range(2):
        make.issue(project, ada)
    member = make.member(project, "viewer")
    for method, path, name, body in sorted(bodies(document), key=lambda one: (one[0] == "delete", -len(one[1]))):
        if name in ELSEWHERE:
            continue
        at = {"project": "DEMO", "number": 1, "member": member.id}
        values = {"name": f"New {name}", "title": f"New {name}", "category": "started", "body": "- [ ] one"}
        values["kind"] = "github"
        values["url"] = "https://93.184.215.14/"
        for thing, fields in MADE.items():
            if f"/{{{thing}}}" in path:
                where = path.partition(f"/{{{thing}}}")[0].format(**at)
                at[thing] = mine.post(where, {field: values[field] for field in fields})["id"]
        answer = mine.send(method.upper(), path.format(**at), json=body["example"])
        assert answer.status_code in (200, 201, 204), f"{method} {path}: {answer.text}"
