import gettext

from dentalogic import catalogues

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Turno"\nmsgstr "Appointment"\n'


def test_compiled_once_and_again_when_changed(tmp_path):
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(PO)
    assert catalogues.compile_all(tmp_path) == 1
    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Turno") == "Appointment"
    assert catalogues.compile_all(tmp_path) == 0
