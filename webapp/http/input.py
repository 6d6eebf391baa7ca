"""What came in, checked by the schema: JSON strictly, forms with the leniency that strings need."""

import json
from collections.abc import Callable
from functools import lru_cache
from types import NoneType
from typing import Any, NoReturn, TypeVar, cast, get_args, get_origin

from flask import Request
from pydantic import AliasChoices, BaseModel, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from webapp import keeping
from webapp.errors import BadRequest, Invalid
from webapp.http.application import asked
from webapp.http.conditions import expected_version
from webapp.http.negotiation import wants_page
from webapp.http.words import words
from webapp.i18n import _

Schema = TypeVar("Schema", bound=BaseModel)

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MAX_FIELDS = 1000


def body_of(schema: type[Schema]) -> Schema:
    """The request's body. Raises BadRequest for what cannot be read, Invalid for what is wrong.

    An If-Match header stands for the schema's `version` field, if it has one.
    """
    sent = asked()
    if sent.environ.get("HTTP_CONTENT_ENCODING"):
        raise UnsupportedMediaType(_("Send the body without Content-Encoding."))
    if sent.mimetype == "application/json":
        return _json_body(schema)
    if sent.mimetype in FORMS:
        return checked(schema.model_validate, _fields(schema, _form(sent)))
    if not sent.content_length and not sent.mimetype:
        return checked(schema.model_validate, _versioned(schema, {}))
    raise UnsupportedMediaType(_("Send application/json or a form."))


def query_of(schema: type[Schema]) -> Schema:
    """The request's query string. JSON clients hear of unknown names; pages ignore them."""
    sent = asked()
    if not sent.query_string:
        unasked = cast(Schema, _unasked(schema))
        if keeping.PARANOID and unasked != checked(schema.model_validate, {}):
            raise keeping.OutOfDate(repr(unasked))
        return unasked
    data = {name: value for name, value in _fields(schema, sent.args).items() if value not in ("", None)}
    if wants_page():
        data = {name: value for name, value in data.items() if name in schema.model_fields}
    return checked(schema.model_validate, data)


def checked(validate: Callable[[Any], Schema], data: Any) -> Schema:
    """Validate, telling what is wrong in our words and never in the library's."""
    try:
        return validate(data)
    except ValidationError as error:
        errors: dict[str, list[str]] = {}
        for fault in error.errors(include_url=False):
            field = ".".join(map(str, fault["loc"]))
            errors.setdefault(field, []).append(words(fault))
        raise Invalid(errors) from None


@lru_cache(maxsize=256)
def _unasked(schema: type[Schema]) -> Schema:
    """What a request has asked that has no query string: one for all of them, as nobody changes it."""
    return checked(schema.model_validate, {})


def _json_body(schema: type[Schema]) -> Schema:
    raw = asked().get_data()
    try:
        data = _DECODER.decode(raw.decode())
    except RecursionError:
        raise Invalid.on("", _("The JSON is nested too deeply.")) from None
    except (ValueError, UnicodeDecodeError):
        raise BadRequest(_("The body is not JSON in UTF-8.")) from None
    if not isinstance(data, dict):
        raise Invalid.on("", _("Send a JSON object."))
    if "version" not in data and (versioned := _versioned(schema, data)) is not data:
        raw = json.dumps(versioned).encode()
    return checked(lambda text: schema.model_validate_json(text, strict=True), raw)


def _versioned(schema: type[BaseModel], data: dict[str, Any]) -> dict[str, Any]:
    version = expected_version() if "version" in schema.model_fields else None
    return data if version is None else {**data, "version": version}


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Invalid.on("", _("A name stands twice in the JSON."))
    return members


def _no_constant(name: str) -> NoReturn:
    raise Invalid.on("", _("%(name)s is not a JSON number.", name=name))


_DECODER = json.JSONDecoder(object_pairs_hook=_no_twins, parse_constant=_no_constant)


def _form(sent: Request) -> MultiDict[str, str]:
    """The form's fields; refuses what Werkzeug would silently drop or repair."""
    if sent.mimetype == "multipart/form-data":
        if not sent.mimetype_params.get("boundary"):
            raise BadRequest(_("The multipart body names no boundary."))
    else:
        try:
            sent.get_data(cache=True).decode()
        except UnicodeDecodeError:
            raise BadRequest(_("The form is not in UTF-8.")) from None
    if len(sent.form) > MAX_FIELDS:
        raise BadRequest(_("The form has too many fields."))
    return sent.form


def _fields(schema: type[BaseModel], sent: MultiDict[str, str]) -> dict[str, Any]:
    """A form says everything in strings: a blank means none where none is allowed."""
    data: dict[str, Any] = {}
    known, lists = _known(schema), _lists(schema)
    keeps = getattr(schema, "keeps", False)
    for name, values in sent.lists():
        if name in lists:
            data[name] = list(filter(None, values))
        elif name in known:
            if _only(name, values) or not keeps:
                data[name] = _value(schema, name, values[0], none="none" if keeps else "")
        elif sent is asked().args:
            data[name] = values[0]
    return data


def _value(schema: type[BaseModel], name: str, value: str, *, none: str) -> str | None:
    return None if value == none and name in _optional(schema) else value


def _only(name: str, values: list[str]) -> str:
    if len(values) > 1:
        raise Invalid.on(name, _("is given twice."))
    return values[0]


@lru_cache(maxsize=256)
def _known(schema: type[BaseModel]) -> frozenset[str]:
    """The names that a field may be sent under: its own, what else it may be called, and what stands beside it."""
    aliases = [field.validation_alias for field in schema.model_fields.values()]
    choices = [str(name) for alias in aliases if isinstance(alias, AliasChoices) for name in alias.choices]
    return frozenset([*schema.model_fields, *choices, *getattr(schema, "beside", ())])


@lru_cache(maxsize=256)
def _lists(schema: type[BaseModel]) -> frozenset[str]:
    """The fields that take several values. Found once: asking Pydantic each time costs more than validating."""
    return frozenset(name for name, field in schema.model_fields.items() if _is_list(field.annotation))


@lru_cache(maxsize=256)
def _optional(schema: type[BaseModel]) -> frozenset[str]:
    return frozenset(name for name, field in schema.model_fields.items() if NoneType in get_args(field.annotation))


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is list or any(get_origin(part) is list for part in get_args(kind))
