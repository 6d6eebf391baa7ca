from webapp.types import Out


class PersonOut(Out):
    """Somebody as others see them."""

    id: int
    name: str
