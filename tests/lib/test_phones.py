import pytest

from dentalogic.lib import phones


@pytest.mark.parametrize(("text", "country", "number"), [
    ("+54 9 341 555-0139", "AR", "+5493415550139"),
    ("0341 15 555-0139", "AR", "+5493415550139"),
    ("+54 341 15 555 0139", "AR", "+5493415550139"),
    ("549 341 5550139", "AR", "+5493415550139"),
    ("11 15 5555-5555", "AR", "+5491155555555"),
    ("+52 1 55 1234 5678", "MX", "+525512345678"),
    ("55 1234 5678", "MX", "+525512345678"),
    ("+34 612 345 678", "AR", "+34612345678"),
    ("", "AR", ""), ("hola", "AR", ""), ("123", "AR", ""), ("+" + "9" * 30, "AR", ""),
])
def test_one_form_for_one_phone(text, country, number):
    assert phones.e164(text, country) == number
    assert phones.e164(number, country) == number, "and it stays as it is"


def test_both_ways_of_writing_an_argentine_mobile():
    assert phones.both_ways("+5493415550139") == phones.both_ways("+543415550139") == [
        "+543415550139", "+5493415550139"]
    assert phones.both_ways("+34612345678") == ["+34612345678"]


def test_it_is_shown_as_people_read_it():
    assert phones.show("+5493415550139") == "+54 9 341 555-0139"
    assert phones.show("AR.1502576394655843") == "AR.1502576394655843"
