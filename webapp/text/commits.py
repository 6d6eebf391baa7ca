"""Commits by their hash, as `fix it in 1a2b3c4`: links where it is known where a project's code can be looked at."""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from webapp.text import running

# Digits alone are a number, letters alone a word such as `defaced`; a whole hash is one, whatever is in it.
_HASH = re.compile(
    r"(?<![\w/#@.:=&+-])(?:[0-9a-f]{40}|(?=[a-f]{0,39}[0-9])(?=[0-9]{0,39}[a-f])[0-9a-f]{7,39})(?![\w/=+-]|\.\w)"
)
_SHORT = 7
# Where a site keeps its commits, if not under `commit`.
_PLACES = {"bitbucket.org": "commits"}


def refer(state: StateCore) -> None:
    """The parser's rule: link hashes to the repository that the environment names, if it names one."""
    repository: str | None = state.env.get("repository")
    if repository is None:
        return
    for line in state.tokens:
        if line.type == "inline" and line.children:
            line.children = list(running.replaced(line.children, _HASH, lambda match: _link(match[0], repository)))


def address(repository: str, commit: str) -> str:
    """Where a commit of a repository is shown."""
    base = repository.rstrip("/").removesuffix(".git")
    host = base.partition("://")[2].partition("/")[0]
    return f"{base}/{_PLACES.get(host, 'commit')}/{commit}"


def _link(commit: str, repository: str) -> running.Made:
    words = Token("code_inline", "code", 0, content=commit[:_SHORT], markup="`")
    return running.link(address(repository, commit), [words]), len(commit)
