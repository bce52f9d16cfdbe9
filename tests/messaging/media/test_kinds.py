"""What a file is and what it may be called."""
import io

import pytest

from messaging.media import kinds, storing
from tests.fakes.media import HTML, JPEG, PDF, PNG, PROGRAM, SVG, voice

MP4, M4A = b"\x00\x00\x00\x20ftypisom" + b"\x00" * 40, b"\x00\x00\x00\x20ftypM4A " + b"\x00" * 40


@pytest.mark.parametrize(("content", "kind", "mime"), [
    (JPEG, "image", "image/jpeg"), (PNG, "image", "image/png"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image", "image/webp"),
    (voice(), "audio", "audio/ogg"), (b"#!AMR\n", "audio", "audio/amr"), (M4A, "audio", "audio/mp4"),
    (MP4, "audio", "audio/mp4"), (MP4, "video", "video/mp4"), (PDF, "document", "application/pdf"),
    (JPEG, "document", "image/jpeg"), (b"PK\x03\x04docx", "document", kinds.UNKNOWN),
    (HTML, "document", kinds.UNKNOWN), (SVG, "document", kinds.UNKNOWN), (b"", "document", kinds.UNKNOWN),
    (HTML, "image", None), (SVG, "image", None), (PDF, "image", None), (JPEG, "audio", None), (HTML, "audio", None),
    (voice(), "video", None), (PROGRAM, "document", None), (b"\x7fELF\x02", "document", None),
    (b"#!/bin/sh\n", "document", None), (b"", "image", None)])
def test_the_first_bytes_tell(content, kind, mime):
    assert kinds.type_of(content[:64], kind) == mime


def test_only_what_cannot_run_is_opened_in_our_name():
    assert all(map(kinds.may_be_shown, ("image/jpeg", "image/png", "audio/ogg", "application/pdf")))
    assert not any(map(kinds.may_be_shown, (kinds.UNKNOWN, "text/html", "video/mp4", "")))


@pytest.mark.parametrize(("said", "mime", "shown"), [
    ("rx.pdf", "application/pdf", "rx.pdf"), ("rx.exe", "application/pdf", "rx.pdf"),
    ("../../etc/passwd", kinds.UNKNOWN, "passwd.bin"), ("C:\\fotos\\rx.JPG", "image/jpeg", "rx.jpg"),
    ("informe.docx", kinds.UNKNOWN, "informe.docx"), ("pagina.html", kinds.UNKNOWN, "pagina.bin"),
    ("dibujo.svg", kinds.UNKNOWN, "dibujo.bin"), ("a\r\nSet-Cookie: x.pdf", "application/pdf", "aSet-Cookie_ x.pdf"),
    ("fdp\u202egpj.exe", kinds.UNKNOWN, "fdpgpj.bin"), ("", "image/png", "archivo.png"), (None, "", "archivo"),
    (7, "", "archivo"), ("x" * 300, "application/pdf", "x" * 100 + ".pdf"), ("...", "", "archivo"),
    ('a"b<c>.pdf', "application/pdf", "a_b_c_.pdf"), ("Radiografía de Ñandú.pdf", "application/pdf",
                                                    "Radiografía de Ñandú.pdf")])
def test_a_name_is_one_that_no_path_and_no_screen_misreads(said, mime, shown):
    assert kinds.shown_name(said, mime) == shown


@pytest.mark.parametrize("seconds", [0, 4, 900])
def test_a_voice_note_says_how_long_it_is(seconds):
    sound = voice(seconds)
    assert storing.seconds_of(io.BytesIO(sound), len(sound), "audio/ogg") == seconds


@pytest.mark.parametrize("sound", [b"OggS", b"OggS" + b"\xff" * 20, b"", b"nothing"])
def test_a_broken_one_says_nothing(sound):
    assert storing.seconds_of(io.BytesIO(sound), len(sound), "audio/ogg") is None
