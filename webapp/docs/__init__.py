"""The API described: the OpenAPI document and two readers for it."""
