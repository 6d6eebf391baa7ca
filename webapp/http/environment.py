"""Jinja for pages that are made anew all the time: the same, with less ado for each name, value and call."""

import re
from collections.abc import Callable, MutableMapping
from functools import _lru_cache_wrapper
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Self

from flask.sansio.app import App
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from webapp.http.translating import Speaking, Translating

PLAIN = frozenset({FunctionType, MethodType, BuiltinFunctionType, _lru_cache_wrapper})

# Short: a long text is looked through faster by what escapes it.
needs_nothing = re.compile("[^&<>'\"]{0,200}").fullmatch


class Calling(Context):
    """Calls what a page mostly calls, functions and macros, without asking first what else it could be."""

    def call(self, called: Any, /, *arguments: Any, **named: Any) -> Any:
        kind = type(called)
        if kind in PLAIN and not hasattr(called, "jinja_pass_arg"):
            first: tuple[Any, ...] = ()
        elif kind is Macro:
            first = (self.eval_ctx,)
        else:
            return super().call(called, *arguments, **named)
        if named:
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
        return called(*first, *arguments, **named)


def shown(value: Any) -> str:
    """The same text as `escape` gives: most values of a page are markup already, which that would make anew."""
    kind = type(value)
    if kind is Markup or (kind is str and needs_nothing(value)):
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    return escape(value)


class Writing(CodeGenerator):
    """Lets templates put out values by `shown`."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if not frame.eval_ctx.autoescape or frame.eval_ctx.volatile:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.shown(")
        if finalize.src is not None:
            self.write(finalize.src)


class Environment(Speaking, FlaskEnvironment):
    """Templates are looked up once. Those without globals of their own share the environment's plain dictionary.

    Jinja would chain them, and compare the chain with each import and copy it for each include: a tenth of a page.
    This one speaks English; it hands out those of other languages.
    """

    context_class = Calling
    code_generator_class = Writing
    shown = staticmethod(shown)

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, extensions=[Translating], **options)
        self._known: dict[str, Template] = {}
        self._spoken: dict[str, Self] = {}
        self._equipping: list[Callable[[Self], None]] = []

    def equip(self, equipping: Callable[[Self], None]) -> None:
        """Let templates have what is put into `globals` and `filters` for each language anew: it keeps words."""
        equipping(self)
        self._equipping.append(equipping)

    def speaking(self, language: str) -> Self:
        """The environment of a language, made when it is first spoken."""
        if language == self.language:
            return self
        if language not in self._spoken:
            self._spoken[language] = self._translated(language)
        return self._spoken[language]

    def _translated(self, language: str) -> Self:
        other: Self = self.overlay()
        other.language, other._known = language, {}
        other.globals, other.filters = dict(self.globals), dict(self.filters)
        for equipping in self._equipping:
            equipping(other)
        return other

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        """The same; a page includes and imports some hundred times."""
        template = self._known.get(name) if globals is None else None
        if template is None:
            template = super().get_template(name, parent, globals)
            if not self.auto_reload and isinstance(name, str) and globals is None:
                self._known[name] = template
        return template

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals
