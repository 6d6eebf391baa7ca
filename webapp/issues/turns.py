"""Whose turn it is to count: an issue's row is taken first, then labels, then projects, each kind by id.

All who change issues keep to this order, so that no two of them wait for each other for good.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from webapp.db import db
from webapp.labels.models import Label
from webapp.projects.models import Project


def take_labels(label_ids: Collection[int]) -> None:
    """Let nobody else count these labels until the transaction ends."""
    _take(Label, label_ids)


def take_projects(*project_ids: int) -> None:
    """Let nobody else count the issues of these projects until the transaction ends."""
    _take(Project, project_ids)


def _take(model: Any, ids: Collection[int]) -> None:
    if ids:
        those = select(model.id).where(model.id.in_(ids)).order_by(model.id)
        db.session.execute(those.with_for_update(key_share=True)).all()
