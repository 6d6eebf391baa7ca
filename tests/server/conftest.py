from tests.server.running import front_end, pytest_runtest_makereport, server

__all__ = ["front_end", "pytest_runtest_makereport", "server"]
