"""A table as a file that spreadsheets open: CSV with semicolons and a byte order mark, as es-AR's expect."""
import csv
import io
import re

from django.http import HttpResponse

_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def cell(value) -> str:
    """A value that no spreadsheet takes for a formula: what could begin one gets an apostrophe before it."""
    text = "" if value is None else str(value)
    bare = text.lstrip(" \u00a0\ufeff\u200b\x00")
    return f"'{text}" if bare.startswith(_STARTS_A_FORMULA) and not _NUMBER.fullmatch(bare) else text


def answer(name: str, head, rows) -> HttpResponse:
    """The file, to be kept under `name`."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([cell(value) for value in head])
    writer.writerows([cell(value) for value in row] for row in rows)
    response = HttpResponse(("\ufeff" + out.getvalue()).encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
