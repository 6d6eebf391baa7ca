"""Colours for code, as classes."""

from collections.abc import Iterator
from io import StringIO
from time import thread_time

from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.token import _TokenType
from pygments.util import ClassNotFound

MAX_CODE = 20_000
# Nobody reads such a line, and a single pattern, which no clock can stop, may be quadratic in it.
MAX_LINE = 2_000

# Some lexers are quadratic: 20 kB of empty lines took the one for C more than two seconds.
_MAX_SECONDS = 0.25

# A pattern that eats many lines cannot be stopped either, so only lexers that were tried with hostile
# text: MATLAB's took a second for 8 kB of empty lines. Not those that hand parts to any lexer that the
# text names (Markdown, HTTP, PostgreSQL).
_LEXERS = {
    "Bash", "Bash Session", "Batchfile", "C", "C#", "C++", "CMake", "CSS", "Clojure", "Dart", "Diff",
    "Docker", "Elixir", "Elm", "Erlang", "Fortran", "Go", "GraphQL", "Groovy", "HTML", "Haskell", "INI",
    "JSON", "JSX", "Java", "JavaScript", "Julia", "Kotlin", "LLVM", "Lua", "Makefile",
    "Nginx configuration file", "Nix", "OCaml", "Objective-C", "PHP", "Perl", "PowerShell", "Protocol Buffer",
    "Python", "Python Traceback", "Python console session", "Ruby", "Rust", "S", "SCSS", "SQL",
    "Sass", "Scala", "Swift", "TOML", "TSX", "TeX", "Terraform", "TypeScript", "VimL", "XML", "YAML", "Zig",
}  # fmt: skip

_formatter = HtmlFormatter(nowrap=True, classprefix="h-")


class _TooSlow(Exception):
    pass


def highlight(code: str, language: str) -> str | None:
    """Return safe HTML of the code; None if the language is unknown, the code too long or too odd."""
    if len(code) > MAX_CODE or max(map(len, code.split("\n"))) > MAX_LINE:
        return None
    html = StringIO()
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
        if lexer.name not in _LEXERS:
            return None
        _formatter.format(_in_time(lexer.get_tokens(code)), html)
    except (ClassNotFound, _TooSlow):
        return None
    return html.getvalue()


def _in_time(tokens: Iterator[tuple[_TokenType, str]]) -> Iterator[tuple[_TokenType, str]]:
    """Pass the tokens on for a while; the clock counts this thread's work, not a busy machine."""
    end = thread_time() + _MAX_SECONDS
    for token in tokens:
        if thread_time() > end:
            raise _TooSlow
        yield token
