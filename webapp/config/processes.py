"""The settings about what the server's processes do beside answering."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class Processes(BaseSettings):
    """Jobs, and how they leave."""

    worker: Literal["on", "off"] = Field(
        "on", description="Whether the server also does jobs, in a process of its own; `off` beside `flask worker`."
    )
    drain_seconds: int = Field(
        0,
        ge=0,
        le=300,
        description="Seconds that a server asked to stop serves on while `/readyz` says 503, for balancers to see.",
    )
