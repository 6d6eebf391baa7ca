"""Who may import whom. The layers are a promise; this keeps it."""

import ast
from pathlib import Path

import pytest

from tests import contract, sources
from webapp import features, models
from webapp.config import ROOT

FILES = sorted((ROOT / "webapp").rglob("*.py"))
FEATURES = sorted(path.parent.name for path in FILES if path.stem == "repository")
HTTP_FREE = ("access", "errors", "paging", "types")


def touches(name: str, banned: str) -> bool:
    return f"{banned}." in f".{name}." if banned.startswith(".") else f"{name}.".startswith(f"{banned}.")


def test_every_package_has_a_place_in_the_order():
    """A new one must say what it stands on; one that is gone leaves the order."""
    assert set(contract.ORDER) == {contract.package(module) for module in contract.modules()}


def test_no_module_imports_against_the_contract():
    """A package imports those below it, and a layer what it may, whatever the module is called."""
    assert contract.breaches() - contract.listed() == set()


def test_what_is_known_to_break_the_contract_still_does():
    """What is mended leaves tests/contract.txt, so that it cannot come again."""
    assert contract.listed() - contract.breaches() == set()


def test_no_module_is_left_over():
    """Each is imported, serves a feature's addresses or tasks, or is run by its name in a process of its own."""
    used = set().union(*(contract.used(module) for module in contract.modules()))
    served = {*map(features.routes, features.FEATURES), *map(features.jobs, features.JOBS)}
    served |= {*map(features.letters, features.LETTERS)}
    texts = [path.read_text() for path in FILES]
    alone = contract.modules().keys() - used - served
    packages = {one for one in alone if any(other.startswith(f"{one}.") for other in contract.modules())}
    run = {one for one in alone if any(f'"{one.rpartition(".")[2]}.py"' in text for text in texts)}
    assert alone - packages - run == set()


# Features of two rooms, the upper one with what stands on more than the lower one may know.
UPPER = {"changes": "editing", "issues": "editing", "projects": "entrance"}


@pytest.mark.parametrize("feature", FEATURES)
def test_nobody_uses_another_features_repository(feature):
    own = f"webapp.{feature}.repository"
    others = [p for p in FILES if p.parent.name not in (feature, UPPER.get(feature))]
    users = [p for p in others if any(touches(name, own) or name == own for name in sources.imported(p))]
    assert not users


def inputs_made(path: Path) -> list[str]:
    """The calls of input schemas in a module: what people send is read at the edge, and nowhere made up."""
    known = {name.rpartition(".")[2] for name in sources.imported(path) if ".schemas." in name}
    return sorted(name for name in known & sources.called(path) if name.endswith(("In", "Edit")))


# The command line and the first project speak as people do, and an account is made of what a newcomer sends.
EDGES = ("cli.py", "service.py", "inviting.py", "claiming.py")
RULES = [
    path for path in FILES if path.name not in EDGES or path.parent.name not in ("webapp", "ops", "members", "people")
]


def test_no_rule_makes_up_what_people_send():
    """Its limits would fail as nobody expects: an issue with as many people as it may have could not be undone."""
    assert sources.faults(RULES, inputs_made) == {}


@pytest.mark.parametrize("name", HTTP_FREE)
def test_the_domain_knows_no_web(name):
    assert not [
        one
        for one in sources.imported(ROOT / "webapp" / f"{name}.py")
        if touches(one, "flask") or touches(one, "webapp.http")
    ]


def test_only_the_database_module_commits():
    assert [p.name for p in FILES if ".commit(" in p.read_text()] == ["db.py", "opened.py"]


def test_nobody_opens_a_transaction_by_hand():
    """`@transaction` notes in whose name a function acts, and asks again whether they may before it commits."""
    assert [p.name for p in FILES if "transacting(" in p.read_text()] == ["db.py"]


def test_no_module_outgrows_one_noun():
    assert [path for path in FILES if len(path.read_text().splitlines()) > 300] == []


def test_a_function_fits_in_the_eye():
    def long(path: Path) -> list[str]:
        return [f.name for f in sources.functions(path) if (f.end_lineno or f.lineno) - f.lineno >= 50]

    assert sources.faults(FILES, long) == {}


def test_what_others_call_says_what_it_does():
    def silent(path: Path) -> list[str]:
        public = [f for f in sources.tree(path).body if isinstance(f, ast.FunctionDef) and f.name[0] != "_"]
        exempt = {"get", "is_new", "head"}
        return [f.name for f in public if not ast.get_docstring(f) and f.name not in exempt]

    called = [p for p in FILES if p.stem in ("service", "routes") or p.parent.name == "pages"]
    assert sources.faults(called, silent) == {}


def kept_for_one(path: Path) -> list[str]:
    kept = [
        f
        for f in sources.functions(path)
        if any("cache" in ast.unparse(one).split("(")[0] for one in f.decorator_list)
    ]
    arguments = [(f.name, one) for f in kept for one in [*f.args.posonlyargs, *f.args.args, *f.args.kwonlyargs]]
    return [
        f"{function}({one.arg})"
        for function, one in arguments
        if "Viewer" in ast.unparse(one.annotation or one) or one.arg in ("by", "viewer", "viewer_id", "user_id")
    ]


def test_nothing_is_kept_for_one_person():
    """A cache by who looks has an entry for each person, and of a statement a plan for each on every connection.

    Whose eyes a statement looks with is a `Sight`, and who it is, a value that it is given each time.
    """
    assert sources.faults(FILES, kept_for_one) == {}


def test_keys_are_pressed_only_on_pages_that_are_ready_for_them():
    """A key that comes before the scripts or the autofocus goes elsewhere, now and then."""
    tests = (ROOT / "tests" / "browser").glob("test_*.py")
    assert [path.name for path in tests if ".keyboard." in path.read_text()] == []


# Whose time is this machine's own: the clock itself, tokens, ages of files, connections and the process, what is logged.
OWN_CLOCK = (
    "clock.py",
    "http/freshness.py",
    "http/identity.py",
    "http/log.py",
    "http/tokens.py",
    "attachments/storage.py",
    "attachments/service.py",
    "pictures/store.py",
    "pooling.py",
    "attachments/sweeping.py",
    "backups/files.py",
    "backups/objects.py",
    "stores/bucket.py",
    "ops/service.py",
)


def test_business_times_are_the_databases():
    """A host whose clock is wrong would write an edit before its creation; `webapp.clock` knows better."""
    theirs = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
    others = [path for path in FILES if str(path.relative_to(ROOT / "webapp")) not in OWN_CLOCK]
    assert sources.faults(others, lambda path: sources.called(path) & theirs) == {}


def test_whoever_takes_the_models_has_all_tables():
    there = {path.stem for path in (ROOT / "webapp" / "models").glob("*.py")} - {"__init__"}
    assert set(models.__all__) == there
