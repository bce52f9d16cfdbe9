"""docs/isolation.md is what the code says."""
from tests.architecture.isolation import page


def test_the_document_is_what_the_code_says():
    assert page.path().read_text() == page.document(), "python -m tests.architecture.isolation writes it"
