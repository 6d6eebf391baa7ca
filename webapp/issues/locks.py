"""Whose turn it is to count: an issue's row is taken first, then labels, then projects, each kind by id.

All who change issues keep to this order, so that no two of them wait for each other for good.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select

from webapp.models.labels import Label
from webapp.models.projects import Project
from webapp.reading import Built, Rows, read


def take_labels(label_ids: Collection[int]) -> dict[int, str]:
    """Let nobody else count these labels until the transaction ends; returns the names of those that are there."""
    return {row.id: row.name for row in _take(_LABELS, label_ids)}


def take_projects(*project_ids: int) -> None:
    """Let nobody else count the issues of these projects, or add to what is theirs, until the transaction ends."""
    _take(_PROJECTS, project_ids)


def _taking(model: Any, *columns: Any) -> Built:
    those = model.id == func.any(bindparam("ids", type_=ARRAY(BigInteger)))
    return Built(select(model.id, *columns).where(those).order_by(model.id).with_for_update(key_share=True))


_LABELS, _PROJECTS = _taking(Label, Label.name), _taking(Project)


def _take(taking: Built, ids: Collection[int]) -> Rows:
    return read(taking, {"ids": list(ids)}) if ids else Rows()
