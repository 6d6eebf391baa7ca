from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Model, Now


class StoredSetting(Model):
    """A setting that an administrator changed while Cairn runs, as the environment would say it; which wins."""

    __tablename__ = "stored_settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    changed_at: Mapped[Now]
