from django.core.management import call_command


def test_the_api_document_has_no_warning(tmp_path):
    path = tmp_path / "schema.yaml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(path))
    assert "/api/v1/appointments/{id}/reschedule" in path.read_text()
