"""The settings about who is new here, and may be a spammer."""

from pydantic import Field
from pydantic_settings import BaseSettings


class Newcomers(BaseSettings):
    """How far they are trusted."""

    approve_first_posts: int = Field(
        0,
        ge=0,
        le=100,
        description="How many of somebody's first posts in a public project wait for its maintainers; 0: none.",
    )
