"""Types that several features' schemas share: what text, a title, a colour, a page of a list is."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, core_schema

from webapp.i18n import N_, _

Item = TypeVar("Item")

# What may be left out but, unlike a field with a default of None, may not be null.
UNSET: Any = None

MAX_ID = 2**63 - 1
BODY_LIMIT = 65_536
TITLE_LIMIT = 200
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What stands between names that are listed: the commas of Latin, Arabic, Japanese and Chinese.
COMMA = re.compile("[,\u060c\u3001\uff0c]")
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Wrong(ValueError):
    """What is wrong with a value: the second half of a sentence, which its field's name begins."""


def trimmed(text: str) -> str:
    """A text without what is not seen around it: LF alone ends lines, outer blank lines go.

    The first line keeps its indentation, which in Markdown makes code of it, or a part of a list.
    """
    return _BLANK_LINES.sub("", text.replace("\r\n", "\n").rstrip())


def clean(value: Any) -> Any:
    """Trim a line, drop control characters; refuse what PostgreSQL cannot hold."""
    value = clean_text(value)
    return value.strip() if isinstance(value, str) else value


def clean_text(value: Any) -> Any:
    """The same for a text of several lines, which is trimmed as `trimmed` says."""
    if not isinstance(value, str):
        return value
    if "\x00" in value:
        raise Wrong(_("must not contain a NUL character"))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Wrong(_("must not contain half a character (a lone surrogate)")) from None
    return trimmed(_CONTROLS.sub("", value))


@dataclass(frozen=True, slots=True)
class Formed:
    """A text that matches a pattern as a whole, and what is told about one that does not: a pattern is no sentence.

    The words are a `N_`. Unlike a field's own `pattern` it stays in the API document behind a validator.
    """

    pattern: str
    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._match, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": self.pattern}

    def _match(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value):
            raise Wrong(_(self.words))
        return value


def _one_line(value: str) -> str:
    return unicodedata.normalize("NFC", " ".join(_BIDI.sub("", value).split()))


def is_visible(text: str) -> bool:
    """Whether there is anything in a text that somebody sees."""
    return bool(_SEEN.search(text))


def _visible(value: str) -> str:
    if not is_visible(value):
        raise Wrong(_("is required"))
    return value


# One visible character at least; written as a pattern so that the API document can say it as well.
UNSEEN = r"\s\u0000-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF"
VISIBLE = f"[^{UNSEEN}]"
_SAID = {"pattern": VISIBLE}
# Also unseen, but too many to tell: hyphens that are not there, fillers, blanks of other scripts, and what
# only shapes the character before it. The last range is beyond what JavaScript's patterns know by default.
_SEEN = re.compile(
    rf"[^{UNSEEN}\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFE00-\uFE0F\uFFA0"
    r"\uFFF9-\uFFFB\U000E0000-\U000E0FFF]"
)

Text = Annotated[str, BeforeValidator(clean_text), Field(max_length=BODY_LIMIT)]
Body = Annotated[Text, AfterValidator(_visible), Field(json_schema_extra=_SAID, min_length=1)]
Line = Annotated[str, BeforeValidator(clean), AfterValidator(_one_line)]
Title = Annotated[
    Line, AfterValidator(_visible), Field(max_length=TITLE_LIMIT, min_length=1, json_schema_extra=_SAID)
]
Name = Annotated[Line, AfterValidator(_visible), Field(max_length=100, min_length=1, json_schema_extra=_SAID)]
Summary = Annotated[Line, Field(max_length=200)]
Colour = Annotated[
    str,
    BeforeValidator(clean),
    Formed(r"^#[0-9A-Fa-f]{6}$", N_("must be # and six of 0-9 and a-f, like #7d7871")),
    AfterValidator(str.lower),
]
Version = Annotated[int, Field(ge=1, le=MAX_ID, description="The version that this change was made from.")]
Limit = Annotated[int, Field(ge=1, le=100)]
# Long enough for a name of a hundred characters that JSON escapes and base64 widens.
Cursor = Annotated[str, Field(max_length=2000)]


class In(BaseModel):
    """What comes in: a field that is not known is refused, not ignored.

    `beside` names what only forms send, for a validator of the schema to make a field of. With `keeps`, a blank in
    a form says nothing about its field, and "none" says none.
    """

    model_config = ConfigDict(extra="forbid")
    beside: ClassVar[frozenset[str]] = frozenset()
    keeps: ClassVar[bool] = False


def example(**fields: Any) -> dict[str, Any]:
    """For a schema's json_schema_extra: what the API reference fills in beforehand. The least that does something."""
    return {"examples": [fields]}


class Out(BaseModel):
    """What goes out, read from a model's or a row's attributes. All of its fields are always there."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)


class Slice(Out, Generic[Item]):
    """A list, or a part of one: all lists have this shape.

    `next` is the address of the following part; `total` is null beyond what is counted.
    """

    items: list[Item]
    total: int | None
    next: str | None = None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """What clients that are generated call it: IssueList, not Slice_IssueItem_."""
        return f"{params[0].__name__.removesuffix('Out').removesuffix('Item')}List"
