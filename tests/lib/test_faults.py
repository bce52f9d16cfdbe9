import logging

from dentalogic.lib.faults import QuietFormatter

LINE = QuietFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")


def record(message, *arguments, fault=None):
    made = logging.LogRecord("x", logging.ERROR, __file__, 1, message, arguments, fault and (type(fault), fault, None))
    made.created, made.msecs = 1_795_532_400, 7
    return made


def test_a_line_says_when_in_utc():
    assert LINE.format(record("hola")) == "2026-11-24T15:00:00.007Z ERROR x hola"


def test_what_a_line_quotes_begins_no_line_of_its_own():
    said = LINE.format(record("not found: %s", "/a\r\n2026-11-24T15:00:00.007Z INFO x all is well"))
    assert said.count("\n") == said.count("\r") == 0 and "\\r\\n2026" in said


def test_a_fault_keeps_its_kind_and_loses_its_text():
    said = LINE.format(record("broke", fault=ValueError("Carolina Luque")))
    assert said.endswith("ValueError") and "Carolina" not in said
