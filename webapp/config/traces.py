"""The setting about traces. It has the name that OpenTelemetry's specification gives it, as have those beside it."""

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings


class Traces(BaseSettings):
    """Where they go. What the library itself reads beside it (OTEL_*) has to stand in the environment."""

    otel_exporter_otlp_endpoint: str | None = Field(
        None, description="Collector that takes traces, like http://127.0.0.1:4318; unset: nothing is traced."
    )

    @field_validator("otel_exporter_otlp_endpoint")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must be like http://127.0.0.1:4318")
        return value
