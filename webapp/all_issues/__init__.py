"""The issues of all projects in one list."""
