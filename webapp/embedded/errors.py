"""The one error of this package."""


class EmbeddedError(RuntimeError):
    """The embedded PostgreSQL cannot run; the text is one sentence for the person who starts Cairn."""
