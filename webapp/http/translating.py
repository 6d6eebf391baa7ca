"""Templates are translated when they are compiled: what a page says is as constant in each language as in English.

So a language has an environment of its own (`Environment.speaking`), and a page costs in none of them more than it
did before there were any. In a template `_("…")`, `ngettext("…", "…", n)` and `pgettext("context", "…")` are text,
which is escaped; `{% trans %}` is markup, for sentences with links in them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from jinja2 import Environment, nodes
from jinja2.ext import InternationalizationExtension
from jinja2.visitor import NodeTransformer
from markupsafe import escape

from webapp.i18n import catalogues, formats, saying
from webapp.i18n.catalogues import catalogue
from webapp.i18n.languages import SOURCE

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# How many of the arguments are words: the context, one, many.
_WORDS = {"_": 1, "gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}


class Translating(InternationalizationExtension):
    """`{% trans %}`, told apart from what is no markup. Needs no functions of gettext: nothing is looked up later."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.policies["ext.i18n.trimmed"] = True
        environment.newstyle_gettext = True  # type: ignore[attr-defined]

    def _make_node(self, *given: Any, **named: Any) -> nodes.Output:
        output = super()._make_node(*given, **named)
        return nodes.Output([nodes.MarkSafe(output.nodes[0])])


class Speaking(Environment):
    """An environment that speaks one language."""

    language: str = SOURCE
    number: ClassVar[Callable[[int], str]] = staticmethod(formats.count)

    def plural_form(self, number: int) -> int:
        """Which of the language's forms is that for so many."""
        return catalogues.plural_form(self.language, number)

    def _generate(self, source: nodes.Template, name: str | None, *rest: Any, **options: Any) -> str:
        escapes = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        return super()._generate(_Folding(self.language, escapes=escapes).visit(source), name, *rest, **options)


class _Said(NamedTuple):
    """What is said by a call: in all its forms, of how many, and what its placeholders stand for."""

    forms: list[str]
    number: nodes.Expr | None
    values: Mapping[str, nodes.Expr]
    is_markup: bool


class _Folding(NodeTransformer):
    """Puts in the place of each call what it says."""

    def __init__(self, language: str, *, escapes: bool) -> None:
        self.language, self.escapes = language, escapes

    def visit_Output(self, node: nodes.Output) -> list[nodes.Stmt]:
        """What is put out is cut at its placeholders, and costs what it would if it stood there as it is."""
        found: list[nodes.Stmt] = []
        for child in node.nodes:
            said = self._said(child)
            if isinstance(child, nodes.CondExpr) and (_words(child.expr1) or _words(child.expr2)):
                found.append(self._either(child))
            elif said is None:
                found.append(nodes.Output([self.visit(child)], lineno=node.lineno))
            else:
                found += self._told(said, node.lineno)
        return _joined(found)

    def _either(self, node: nodes.CondExpr) -> nodes.If:
        """One of two things that are put out, of which one is said."""
        one, other = (
            self.visit_Output(nodes.Output([each], lineno=node.lineno)) if each else []
            for each in (node.expr1, node.expr2)
        )
        return nodes.If(self.visit(node.test), one, [], other, lineno=node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """What is handed on is a value: text, or with placeholders markup, as these may be."""
        said = self._said(node)
        if said is None:
            self.generic_visit(node)
            return node
        values = [self._value(form, said) for form in said.forms]
        found = values[-1]
        for form, value in reversed(list(enumerate(values[:-1]))):
            assert said.number is not None
            found = nodes.CondExpr(self._is_form(said.number, form), value, found)
        return found

    def _said(self, node: nodes.Node) -> _Said | None:
        """What a call says; None for another node, and for words that are looked up when they are said."""
        is_markup = isinstance(node, nodes.MarkSafe)
        call = node.expr if isinstance(node, nodes.MarkSafe) else node
        words = _words(call)
        if words is None or not isinstance(call, nodes.Call):
            return None
        context, values = (words.pop(0) if "p" in _name(call) else ""), {}
        for one in call.kwargs:
            values[one.key] = self.visit(one.value)
        if len(words) == 1:
            known = catalogue(self.language)
            said = known.pgettext(context, *words) if context else known.gettext(*words)
            return _Said([said], None, values, is_markup)
        number = self.visit(call.args[-1])
        values["num"] = nodes.Call(nodes.EnvironmentAttribute("number"), [number], [], None, None)
        return _Said(saying.forms(self.language, words[0], words[1], context), number, values, is_markup)

    def _told(self, said: _Said, lineno: int) -> list[nodes.Stmt]:
        outputs: list[nodes.Stmt] = [
            nodes.Output(list(self._parts(form, said)), lineno=lineno) for form in said.forms
        ]
        found = outputs.pop()
        for form, output in reversed(list(enumerate(outputs))):
            assert said.number is not None
            found = nodes.If(self._is_form(said.number, form), [output], [], [found], lineno=lineno)
        return [found]

    def _parts(self, form: str, said: _Said) -> Iterator[nodes.Expr]:
        for place, part in enumerate(_PLACEHOLDER.split(form)):
            if place % 2:
                yield said.values[part]
            elif part:
                text = part.replace("%%", "%")
                yield nodes.TemplateData(text if said.is_markup or not self.escapes else str(escape(text)))

    def _value(self, form: str, said: _Said) -> nodes.Expr:
        if not _PLACEHOLDER.search(form):
            return nodes.Const(form.replace("%%", "%"))
        text: nodes.Expr = nodes.MarkSafe(nodes.Const(str(escape(form)))) if self.escapes else nodes.Const(form)
        pairs = [nodes.Pair(nodes.Const(name), value) for name, value in said.values.items()]
        return nodes.Mod(text, nodes.Dict(pairs))

    def _is_form(self, number: nodes.Expr, form: int) -> nodes.Expr:
        """Whether this is the form for the number: by comparing it, in languages that have two."""
        first = [one for one in range(200) if catalogues.plural_form(self.language, one) == 0]
        if form == 0 and first in ([1], [0, 1]):
            bound = nodes.Const(first[-1])
            return nodes.Compare(number, [nodes.Operand("eq" if first == [1] else "lteq", bound)])
        asked = nodes.Call(nodes.EnvironmentAttribute("plural_form"), [number], [], None, None)
        return nodes.Compare(asked, [nodes.Operand("eq", nodes.Const(form))])


def _name(call: nodes.Node) -> str:
    """The name of the function that is called, if it is one that says something."""
    named = call.node if isinstance(call, nodes.Call) else None
    return named.name if isinstance(named, nodes.Name) and named.name in _WORDS else ""


def _words(call: nodes.Node | None) -> list[str] | None:
    """The words that a call begins with, if they are constant."""
    if not isinstance(call, nodes.Call) or not (name := _name(call)):
        return None
    words = [one.value for one in call.args[: _WORDS[name]] if isinstance(one, nodes.Const)]
    return words if len(words) == _WORDS[name] and all(words) else None


def _joined(found: list[nodes.Stmt]) -> list[nodes.Stmt]:
    """Outputs that follow one another as one."""
    joined: list[nodes.Stmt] = []
    for one in found:
        before = joined[-1] if joined else None
        if isinstance(one, nodes.Output) and isinstance(before, nodes.Output):
            before.nodes.extend(one.nodes)
        else:
            joined.append(one)
    return joined
