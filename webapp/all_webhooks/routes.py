"""The addresses of the webhooks of a project, with no project in them."""

from webapp.webhooks.routes import of_all as bp

__all__ = ["bp"]
