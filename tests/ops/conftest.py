import shutil
import tempfile
from pathlib import Path

import pytest

from dentalogic import embedded


@pytest.fixture
def data():
    """A data folder that the account of PostgreSQL can reach: those of pytest are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="dentalogic-ops-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def servers(data):
    """Started on demand, any number of times on the same folder; whatever is left runs no more after the test."""
    made = []

    def start(**options):
        made.append(embedded.Servers(data, say=lambda line: None, **options))
        return made[-1].start()

    yield start
    for one in made:
        one.stop()
