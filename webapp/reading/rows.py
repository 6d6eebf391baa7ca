"""The rows that a statement gave."""

from typing import Any

from sqlalchemy import exc

from webapp.db import AnyRow


class Rows(list[AnyRow]):
    """All rows of an answer, each a named tuple; asked as SQLAlchemy's results are."""

    def all(self) -> list[AnyRow]:
        return self

    def first(self) -> AnyRow | None:
        return self[0] if self else None

    def one_or_none(self) -> AnyRow | None:
        if len(self) > 1:
            raise exc.MultipleResultsFound("Multiple rows were found when one or none was required")
        return self[0] if self else None

    def one(self) -> AnyRow:
        if not self:
            raise exc.NoResultFound("No row was found when one was required")
        self.one_or_none()
        return self[0]

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        row = self.one_or_none()
        return row[0] if row else None

    def scalars(self) -> list[Any]:
        """The first value of each row."""
        return [row[0] for row in self]
