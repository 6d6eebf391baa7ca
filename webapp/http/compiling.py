"""What Python a template becomes: the same pages as of Jinja's own, with a third of the calls.

Jinja lets a page fall in pieces through one generator for each template that it extends, and asks of each value, name
and call at run time what it could be. Here a template gathers its pieces in one list, and what most of them are is
seen where they stand.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import groupby
from keyword import iskeyword

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.idtracking import VAR_LOAD_ALIAS, VAR_LOAD_RESOLVE, VAR_LOAD_UNDEFINED
from jinja2.nodes import EvalContext


class Writing(CodeGenerator):
    """Writes that Python. What is seldom, it leaves to Jinja: text that is not escaped, and pieces of no list."""

    def enter_frame(self, frame: Frame) -> None:
        """As Jinja's, which calls a function for each name of the context."""
        for target, (action, name) in frame.symbols.loads.items():
            if action == VAR_LOAD_RESOLVE:
                self.writeline(f"{target} = {self._found(name)}")
            elif action == VAR_LOAD_ALIAS:
                self.writeline(f"{target} = {name}")
            elif action == VAR_LOAD_UNDEFINED:
                self.writeline(f"{target} = missing")
        if frame.parent is None and not frame.require_output_check:
            self.buffer(frame)  # of a whole template or block: a macro has one anyway

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        super().leave_frame(frame, with_python_scope)
        if frame.parent is None and frame.buffer is not None:
            self.writeline(f"yield concat({frame.buffer})")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """What is put out one after the other is put into the list at once, with what depends on a condition."""
        if frame.buffer is None or frame.require_output_check or not _escapes(frame.eval_ctx):
            super().blockvisit(nodes, frame)
            return
        for is_put_out, run in groupby(nodes, _is_put_out):
            if is_put_out:
                self._gather(list(run), frame)
            else:
                super().blockvisit(list(run), frame)

    def visit_For(self, node: nodes.For, frame: Frame) -> None:
        """Names of the context are looked up before the loop, not each time round."""
        names = _looked_up(node, frame)
        for name in names:
            frame.symbols.load(name)
            self.writeline(f"{frame.symbols.ref(name)} = {self._found(name)}", node)
        super().visit_For(node, frame)
        for name in names:  # what comes behind may be reached without the loop
            del frame.symbols.loads[frame.symbols.refs.pop(name)]

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:
        if frame.buffer is None or node.scoped or node.required:
            super().visit_Block(node, frame)
            return
        self.writeline(f"{frame.buffer}.extend(context.blocks[{node.name!r}][0]({self.get_context_ref()}))", node)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        if frame.buffer is None or node.ignore_missing or not isinstance(name, str):
            super().visit_Include(node, frame)
            return
        self.writeline(f"template = environment.get_template({name!r}, {self.name!r})", node)
        made = "template._get_default_module()._body_stream"
        if node.with_context:
            here = f"context.get_all(), True, {self.dump_local_context(frame)}"
            made = f"template.root_render_func(template.new_context({here}))"
        self.writeline(f"{frame.buffer}.extend({made})")

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("escaped, shown, look_up = environment.escaped, environment.shown, environment.getattr")
        self.writeline("given, known = context.vars, context.parent")

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:
        """A name that each template has is there, and need not be looked at again where it stands."""
        if node.ctx == "load" and self._is_global(node, frame):
            self.write(frame.symbols.ref(node.name))
        else:
            super().visit_Name(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """An attribute, where there is one; Jinja's way where there may be an item."""
        if isinstance(node.node, nodes.Name) and self._is_global(node.node, frame, Enum):
            self.visit(node.node, frame)
            self.write(f".{node.attr}")
            return
        self.write("(found if (found := getattr(thing := ")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else look_up(thing, {node.attr!r}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """A call as Python's own. No function of ours asks for the context that it is called in, as Jinja's may."""
        self.visit(node.node, frame)
        self.write("(")
        for place, (before, value, behind) in enumerate(_arguments(node, forward_caller)):
            self.write(", " * bool(place) + before)
            if value is not None:
                self.visit(value, frame)
            self.write(behind)
        self.write(")")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        if not _escapes(frame.eval_ctx):
            super().visit_Concat(node, frame)
            return
        self.write("environment.joined((")
        for one in node.nodes:
            self.visit(one, frame)
            self.write(", ")
        self.write("))")

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:
        if node.name != "none":
            super().visit_Test(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(" is None)")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """A macro as a function, which Python calls with its arguments; one that takes any is Jinja's."""
        names = [one.name for one in macro_ref.node.args]
        if not _escapes(frame.eval_ctx) or _takes_any(macro_ref) or not all(map(_is_plain, names)):
            super().macro_def(macro_ref, frame)
            return
        taken, given = [f"{one}=missing" for one in names], list(names)
        if macro_ref.accesses_caller and "caller" not in names:
            taken.append("caller=undefined('No caller defined', name='caller')")
            given.append("caller")
        own = "*, _macro=macro, _markup=environment.markup"
        self.write(f"(lambda {', '.join([*taken, own])}: _markup(_macro({', '.join(given)})))")

    def _found(self, name: str) -> str:
        """What looks a name up in the context."""
        if self.get_context_ref() != "context":
            return f"{self.get_resolve_func()}({name!r})"
        return f"given[{name!r}] if {name!r} in given else known[{name!r}] if {name!r} in known else missing"

    def _is_global(self, node: nodes.Name, frame: Frame, kind: type | None = None) -> bool:
        """Whether this is a name of all templates: of such a class, if any is given."""
        known = self.environment.globals.get(node.name)
        load = frame.symbols.find_load(frame.symbols.ref(node.name))
        if known is None or load is None or load[0] != VAR_LOAD_RESOLVE:
            return False
        return kind is None or (isinstance(known, type) and issubclass(known, kind))

    def _gather(self, run: Sequence[nodes.Node], frame: Frame) -> None:
        self.writeline(f"{frame.buffer}.extend([", run[0])
        self.indent()
        self._put_all(run, frame)
        self.outdent()
        self.writeline("])")

    def _put_all(self, run: Sequence[nodes.Node], frame: Frame) -> None:
        """The pieces of a list, one after the other; what is known of several that follow one another is one."""
        for is_known, pieces in groupby(self._pieces(run, frame), lambda one: isinstance(one, str)):
            if is_known:
                self.writeline(f"{''.join(pieces)!r},")  # type: ignore[arg-type]
                continue
            for one in pieces:
                if isinstance(one, nodes.If):
                    self._put_if(one, frame)
                else:
                    assert isinstance(one, nodes.Expr)
                    self.newline(one)
                    self._put(one, frame)
                    self.write(",")

    def _pieces(self, run: Sequence[nodes.Node], frame: Frame) -> Iterator[str | nodes.Node]:
        for node in run:
            if isinstance(node, nodes.Output | nodes.Concat):
                yield from self._pieces(node.nodes, frame)
            elif isinstance(node, nodes.Expr):
                said = self._constant(node, frame)
                yield node if said is None else said
            else:
                yield node

    def _put_if(self, node: nodes.If, frame: Frame) -> None:
        """What depends on conditions, as a tuple that is spread where it stands."""
        soft = frame.soft()
        self.writeline("*(", node)
        self.indent()
        for one in (node, *node.elif_):
            self._put_tuple(one.body, soft)
            self.newline(one.test)  # a mistake in it is told with its own line
            self.write("if ")
            self.visit(one.test, soft)
            self.write(" else")
        self._put_tuple(node.else_, soft)
        self.outdent()
        self.write("),")

    def _put_tuple(self, run: Sequence[nodes.Node], frame: Frame) -> None:
        self.writeline("(")
        self.indent()
        self._put_all(run, frame)
        self.outdent()
        self.write(")")

    def _put(self, child: nodes.Expr, frame: Frame) -> None:
        """A value, escaped unless it is markup; of two, each for itself."""
        said = self._constant(child, frame)
        if said is not None:
            self.write(repr(said))
        elif isinstance(child, nodes.CondExpr):
            self.write("(")
            self._put(child.expr1, frame.soft())
            self.write(" if ")
            self.visit(child.test, frame.soft())
            self.write(" else ")
            self._put(child.expr2 or nodes.TemplateData(""), frame.soft())
            self.write(")")
        else:
            self.write("(it if type(it := ")
            self.visit(child, frame)
            self.write(") is Markup else escaped(it) if type(it) is str else shown(it))")

    def _constant(self, child: nodes.Expr, frame: Frame) -> str | None:
        """What is put out for what is known already."""
        try:
            return str(self._output_child_to_const(child, frame, self._make_finalize()))
        except Exception:  # whatever is wrong with it is told when it is made, as Jinja does
            return None


def _looked_up(node: nodes.For, frame: Frame) -> list[str]:
    """The names that a loop takes from the context, and nothing before it does."""
    names = list(node.find_all(nodes.Name))
    own = {one.name for one in names if one.ctx != "load"} | {"loop", "self", "super", "caller", "varargs", "kwargs"}
    taken = dict.fromkeys(one.name for one in names if one.name not in own)
    return [name for name in taken if frame.symbols.find_ref(name) is None]


def _arguments(node: nodes.Call, forward_caller: bool) -> Iterator[tuple[str, nodes.Expr | None, str]]:
    """What is before each argument of a call, it, and what is behind it."""
    for one in node.args:
        yield "", one, ""
    if node.dyn_args:
        yield "*", node.dyn_args, ""
    for named in node.kwargs:
        is_word = iskeyword(named.key)
        yield (f"**{{{named.key!r}: " if is_word else f"{named.key}="), named.value, "}" * is_word
    if forward_caller:
        yield "caller=caller", None, ""
    if node.dyn_kwargs:
        yield "**", node.dyn_kwargs, ""


def _takes_any(macro: MacroRef) -> bool:
    """Whether a macro takes arguments that it does not name."""
    return macro.accesses_kwargs or macro.accesses_varargs


def _is_plain(name: str) -> bool:
    """Whether a function of ours can name an argument so."""
    return name[0] != "_" and not iskeyword(name)


def _escapes(made: EvalContext) -> bool:
    """Whether it is known that what is put out is escaped."""
    return bool(made.autoescape) and not made.volatile


def _is_put_out(node: nodes.Node) -> bool:
    """Whether this does nothing but put something out."""
    if isinstance(node, nodes.If):
        return all(_is_put_out(one) for one in (*node.body, *node.elif_, *node.else_))
    return isinstance(node, nodes.Output)
