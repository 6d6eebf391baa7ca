"""All that knows a request: who asks, what came in, and how it is told what happened."""

from webapp.http.feature import Feature
from webapp.http.form import Form
from webapp.http.identity import me, viewer
from webapp.http.reply import Accepted, Done, Made, Page, Reply

__all__ = ["Accepted", "Done", "Feature", "Form", "Made", "Page", "Reply", "me", "viewer"]
