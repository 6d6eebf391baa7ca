from tests.embedded.folders import folder, fresh, home, pattern

__all__ = ["folder", "fresh", "home", "pattern"]
