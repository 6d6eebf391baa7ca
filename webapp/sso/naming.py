"""Names and addresses as providers tell them, which may be anything."""

from pydantic import TypeAdapter, ValidationError

from webapp.auth.schemas import Email
from webapp.types import Name

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_NAME: TypeAdapter[str] = TypeAdapter(Name)
LONGEST = 100


def is_address(email: str) -> bool:
    """Whether an account may have this address."""
    try:
        return bool(_EMAIL.validate_python(email))
    except ValidationError:
        return False


def of(told: str, email: str) -> str:
    """What somebody is called: as the provider says, or by the first part of their address."""
    for one in (told[:LONGEST], email.partition("@")[0][:LONGEST]):
        try:
            return _NAME.validate_python(one)
        except ValidationError:
            continue
    return "?"
