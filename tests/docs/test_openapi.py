"""The API document is valid, whole, and true."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.clients import HTML


@pytest.fixture
def document(app):
    return app.test_client().get("/openapi.json").json


def test_it_is_valid(document):
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_has_a_name_and_a_sentence_of_its_own(document):
    operations = [one for path in document["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names)) > 20
    assert all(one["summary"].endswith(".") for one in operations)


def test_it_describes_every_address_that_answers_json(app, document):
    import re

    described = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
    missing = []
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        if operation and not operation.page_only and operation.method in rule.methods:
            path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
            if (path, operation.method) not in described:
                missing.append(rule)
    assert not missing


@pytest.mark.parametrize("url", ["/docs", "/redoc"])
def test_its_readers_come_from_our_own_files(app, url):
    import re

    text = app.test_client().get(url, headers=HTML).text
    sources = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert not [source for source in sources if "//" in source]
    for source in sources:
        if source.startswith("/static"):
            assert app.test_client().get(source).status_code == 200
