import pytest

from tests.exchange.worlds import Loading


@pytest.fixture
def loading(tmp_path):
    """`loading(world)` loads it with the command; `loading.errors(world)` gives the lines of the refusal."""
    return Loading(tmp_path)
