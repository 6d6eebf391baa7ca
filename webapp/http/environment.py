"""Jinja for pages that are made anew all the time: the same, with less ado for each name, value and call."""

from collections.abc import Callable, Mapping, MutableMapping
from functools import cache, partial
from typing import Any, Self

from flask.sansio.app import App
from flask.templating import Environment as FlaskEnvironment
from jinja2 import Template
from jinja2.nodes import EvalContext
from jinja2.runtime import Context as JinjaContext
from jinja2.runtime import markup_join
from markupsafe import Markup, escape

from webapp.http.compiling import Writing
from webapp.http.translating import Speaking, Translating

try:
    from markupsafe._speedups import _escape_inner
except ImportError:  # MarkupSafe was built without a compiler
    from markupsafe._native import _escape_inner

# What `escape` does with a text, without looking first whether it is one and making markup of it.
escaped = _escape_inner
_PLAIN = frozenset({str, int})


def shown(value: Any) -> str:
    """The same text as `escape` gives: most values of a page are markup already, which that would make anew."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return escaped(value)
    if kind is int:
        return str(value)
    return escape(value)


def joined(values: tuple[Any, ...]) -> str:
    """What `~` makes of its values, of which most are no markup."""
    return "".join(map(str, values)) if _PLAIN.issuperset(map(type, values)) else markup_join(values)


class Context(JinjaContext):
    """What a template is given: as Jinja's, which copies all names of globals and asks each time what is escaped."""

    def __init__(
        self,
        environment: Any,
        parent: dict[str, Any],
        name: str | None,
        blocks: Mapping[str, Any],
        globals: MutableMapping[str, Any] | None = None,
    ) -> None:
        self.parent, self.vars, self.exported_vars = parent, {}, set()
        self.environment, self.name = environment, name
        self.eval_ctx = environment.escaping(name)
        self.globals_keys = globals.keys() if globals else set()  # type: ignore[assignment]  # to take away from
        self.blocks = {named: [block] for named, block in blocks.items()}


class Environment(Speaking, FlaskEnvironment):
    """Templates are looked up once. Those without globals of their own share the environment's plain dictionary.

    Jinja would chain them, and compare the chain with each import and copy it for each include: a tenth of a page.
    This one speaks English; it hands out those of other languages.
    """

    code_generator_class = Writing
    context_class = Context
    shown = staticmethod(shown)
    escaped = staticmethod(escaped)
    joined = staticmethod(joined)
    # Of what was escaped: `Markup` asks first whether it comes with markup of its own.
    markup = staticmethod(partial(str.__new__, Markup))

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, extensions=[Translating], **options)
        self._known: dict[str, Template] = {}
        self.escaping = cache(partial(EvalContext, self))  # no template of ours changes it on the way
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
        other.escaping = cache(partial(EvalContext, other))
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
