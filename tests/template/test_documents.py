"""The tests of `crates/iam` read the documents of this template, not of an older one."""

from documents import DOCUMENTS, documents
from rights import TEMPLATE


def test_the_documents_that_others_evaluate_too_are_those_of_the_template():
    written = DOCUMENTS.read_text(encoding="utf-8")
    assert written == documents(TEMPLATE.read_text(encoding="utf-8")), "run python tests/template/documents.py"
