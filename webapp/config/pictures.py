"""The settings about pictures of other sites."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, NoDecode


class Pictures(BaseSettings):
    """What becomes of them."""

    external_images: Literal["off", "link", "proxy"] = Field(
        "link",
        description="Pictures of other sites in texts: `off` (their words), `link`, or `proxy`, which fetches them.",
    )
    external_images_allowed: Annotated[tuple[str, ...] | None, NoDecode] = Field(
        None, description="What `proxy` may reach though it is not public, like 10.0.0.0/8,intranet.example."
    )
