"""The contract of who may import whom in `webapp`, for every module of it, and what breaks it today.

`python -m tests.contract` prints today's breaches; `tests/contract.txt` lists those that are known, and a test keeps the
two alike. So a new breach fails, and so does a line in the list whose breach is gone: the list can only get shorter.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests import sources
from webapp.config import ROOT

LISTED = ROOT / "tests" / "contract.txt"
FILES = sorted((ROOT / "webapp").rglob("*.py"))
# From the ground up: a package may import those that stand before it. Each has its place here.
FLOORS = (
    "i18n quotas errors counting clock recent config outside types gates zones hashing token_form tables_read rights",
    "tracing contexts connections claims origins access eyes pooling opened db single faults reading paging keeping models",
    "embedded migrations serving stores",
    "text http",
    "accounts idempotency drafts audit settings",
    "jobs",
    "mail",
    "projects picking",
    "auth entrance",
    "factors",
    "links",
    "events references documents history approval",
    "issues",
    "lists",
    "changes",
    "labels statuses milestones members",
    "blocks issue_templates attachments profiles editing sso directory",
    "comments",
    "reactions forgetting relations charts board views thread tasks",
    "trash visibility moderation",
    "inbox rules watching",
    "undo timeline bulk moves search keys home all_views all_issues feeds exchange backups ops docs mail_in pictures",
    "hearing",
    "digests deliveries webhooks all_webhooks doctor administration people claiming personal_tokens",
    "code_hosts metrics",
    "styleguide",
    "pages",
    "handing features commands cli webapp",
)
ORDER = " ".join(FLOORS).split()
# These hide what they are made of: whoever uses them does not come to know Flask or SQLAlchemy thereby.
PLATFORM = {
    "config", "connections", "pooling", "opened", "db", "single", "faults", "keeping", "reading", "embedded", "migrations", "serving",
}  # fmt: skip
WEB = {"flask", "werkzeug", "jinja2", "click", "flask_jwt_extended", "flask_cors", "flask_compress", "whitenoise"}
SQL = {"sqlalchemy", "flask_sqlalchemy", "psycopg2", "alembic", "flask_migrate"}
# The layers of a feature. A module of another name belongs to that whose tools it uses: it is a page's with Flask or
# `http`, a repository's with SQL, a service's if it calls one of both, and plain if it only reckons.
LAYERS = {
    "routes": "page",
    "command": "page",
    "schemas": "schemas",
    "service": "service",
    "repository": "repository",
    "rows": "tables",
}
# What each layer may not touch: libraries, and other layers.
MAY_NOT = {
    "page": ("sql", "repository", "models"),
    "schemas": ("web", "sql", "page", "service", "repository"),
    "service": ("web", "sql", "page"),
    "repository": ("web", "page", "service", "schemas"),
    "tables": ("web", "page", "service", "repository", "schemas"),
    "plain": ("web", "sql", "page", "service", "repository"),
}


@cache
def modules() -> dict[str, set[str]]:
    """Each module of `webapp` by its name, and the names that it imports, whole."""
    return {_named(path): set(_imported(path)) for path in FILES}


def package(module: str) -> str:
    """The part of `webapp` that it belongs to: a feature, or a module that stands by itself."""
    return [*module.split("."), "webapp"][1]


def breaches() -> set[str]:
    """What is imported against the contract."""
    found = set()
    for module in modules():
        short = module.removeprefix("webapp.")
        found |= {f"{short} -> {one}" for one in _above(module)}
        found |= {f"{short} => {one}" for one in ([] if package(module) in PLATFORM else _forbidden(module))}
    return found


def listed() -> set[str]:
    """The breaches that are known."""
    return {line for line in LISTED.read_text().splitlines() if line and not line.startswith("#")}


@cache
def used(module: str) -> frozenset[str]:
    """The modules of `webapp` that it imports."""
    return frozenset(_within(name) for name in modules()[module] if name.startswith("webapp.")) - {module}


@cache
def libraries(module: str) -> frozenset[str]:
    """Whether it touches the web, and SQL, by itself."""
    names = modules()[module]
    tops = {name.partition(".")[0] for name in names}
    web = tops & WEB or any(package(other) == "http" for other in used(module))
    sql = tops & SQL or "webapp.db.db" in names or any(package(other) == "reading" for other in used(module))
    return frozenset(kind for kind, touches in (("web", web), ("sql", sql)) if touches)


@cache
def layer(module: str) -> str:
    """The layer of a module, by its name, or else by what it uses, itself and through others of no such name."""
    if own := _by_itself(module):
        return own
    through, layers = [module], set()
    for one in through:
        if known := _by_itself(one):
            layers.add(known)
        else:
            through += [other for other in used(one) if package(other) not in PLATFORM and other not in through]
    return "page" if "page" in layers else "service" if layers & {"service", "repository"} else "plain"


def _above(module: str) -> Iterator[str]:
    for other in {package(one) for one in used(module)} - {"webapp"}:
        if ORDER.index(other) > ORDER.index(package(module)):
            yield other


def _forbidden(module: str) -> Iterator[str]:
    may_not = set(MAY_NOT[layer(module)])
    yield from libraries(module) & may_not
    for other in used(module):
        if package(other) not in PLATFORM and {layer(other), other.rpartition(".")[2], package(other)} & may_not:
            yield other.removeprefix("webapp.")
    # Whoever answers a request has no part in a transaction; create_app, which answers none, puts all together.
    if layer(module) == "page" and module != "webapp" and any(package(other) == "db" for other in used(module)):
        yield "db"


def _by_itself(module: str) -> str | None:
    """The layer that its name or its own tools tell."""
    name = module.rpartition(".")[2]
    if package(module) == "models":
        return "tables"
    if package(module) == "pages":
        return "page"
    if name in LAYERS:
        return LAYERS[name]
    if package(module) == "http" or "web" in libraries(module):
        return "page"
    return "repository" if "sql" in libraries(module) else None


def _named(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path) -> Iterator[str]:
    """The names that it imports; what only the type checker sees is imported by nobody."""
    tree = sources.tree(path)
    typed = {id(one) for node in ast.walk(tree) if _is_for_types(node) for one in ast.walk(node)}
    folder = ".".join(path.parent.relative_to(ROOT).parts).split(".")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and id(node) not in typed:
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and id(node) not in typed:
            yield from _from(node, folder)


def _from(node: ast.ImportFrom, folder: list[str]) -> Iterator[str]:
    base = folder[: len(folder) - node.level + 1] if node.level else []
    start = ".".join([*base, *([node.module] if node.module else [])])
    yield from (f"{start}.{alias.name}" for alias in node.names)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _within(name: str) -> str:
    """The module that a name is in."""
    while name not in modules():
        name = name.rpartition(".")[0]
    return name


if __name__ == "__main__":
    print(*sorted(breaches()), sep="\n")
