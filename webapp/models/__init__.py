"""The tables, all of them: each names the triggers on it, and knows nothing but its like."""

from webapp.models import (
    accounts,
    attachments,
    auth,
    charts,
    comments,
    documents,
    drafts,
    events,
    feeds,
    history,
    issue_templates,
    issues,
    labels,
    members,
    milestones,
    projects,
    references,
    retries,
    statuses,
    views,
)

__all__ = [
    "accounts", "attachments", "auth", "charts", "comments", "documents", "drafts", "events", "feeds",
    "history", "issue_templates", "issues", "labels", "members", "milestones", "projects", "references",
    "retries", "statuses", "views",
]  # fmt: skip
