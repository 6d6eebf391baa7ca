from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Model, Now


class Draft(Model):
    """The fields of a form that was sent without a login. One for each browser, which holds its secret."""

    __tablename__ = "drafts"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    # The page that has the form.
    path: Mapped[str]
    # As bytes, because text may hold what PostgreSQL's does not: it was not checked yet.
    fields: Mapped[bytes]
    created_at: Mapped[Now] = mapped_column(index=True)
