from tests.server.running import ada, front_end, pytest_runtest_makereport, server

__all__ = ["ada", "front_end", "pytest_runtest_makereport", "server"]
