"""What this process counts, in tests that watch it do something."""

import pytest

from webapp import counting
from webapp.counting import Counts


class Counted:
    """The counters of a test's own."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def mails(self) -> dict[tuple[str, str], float]:
        """How many came to an end, by way and state."""
        return {
            (sample.labels["way"], sample.labels["state"]): sample.value
            for family in self._counts.registry.collect()
            for sample in family.samples
            if sample.name == "cairn_mails_total" and sample.value
        }


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counts = Counts()
    monkeypatch.setattr(counting, "counts", counts)
    return Counted(counts)
