"""What a file is, by its first bytes and never by its name; how large it may be; what it may be called."""
import re
import unicodedata
from pathlib import PurePosixPath

MB = 1024 * 1024
CAPS = {"image": 5 * MB, "audio": 16 * MB, "video": 16 * MB, "document": 100 * MB}  # WhatsApp's own
UPLOAD_CAP = 16 * MB  # of what staff attach
UNKNOWN = "application/octet-stream"
PDF = "application/pdf"
_FIRST = (  # where, what stands there, the type; the first that fits
    (0, b"\xff\xd8\xff", "image/jpeg"), (0, b"\x89PNG\r\n\x1a\n", "image/png"), (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", PDF),
    (0, b"OggS", "audio/ogg"), (0, b"ID3", "audio/mpeg"), (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"), (0, b"#!AMR", "audio/amr"), (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (4, b"ftypM4A", "audio/mp4"), (4, b"ftyp3gp", "video/3gpp"), (4, b"ftyp", "video/mp4"),
    (0, b"MZ", "program"), (0, b"\x7fELF", "program"), (0, b"#!", "program"),
)
_OF_KIND = {"image": ("image/",), "audio": ("audio/",), "video": ("video/",)}
EXTENSIONS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", PDF: ".pdf", "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3", "audio/amr": ".amr", "audio/aac": ".aac", "audio/mp4": ".m4a", "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
}
KEPT_EXTENSIONS = {  # of documents that are told by their name alone; any other becomes .bin
    ".csv", ".dcm", ".doc", ".docx", ".heic", ".obj", ".odt", ".ods", ".ply", ".ppt", ".pptx", ".rtf", ".stl", ".txt",
    ".xls", ".xlsx", ".zip",
}
WENT_OUT = {"image/jpeg": "image", "image/png": "image", PDF: "document", "audio/ogg": "audio", "audio/mpeg": "audio",
            "audio/amr": "audio", "audio/aac": "audio", "audio/mp4": "audio"}  # what staff may attach, and as what


def type_of(head: bytes, kind: str) -> str | None:
    """The media type of a file that says it is a `kind`, from its first bytes; None when it is no such thing."""
    found = next((mime for at, sign, mime in _FIRST if head[at:at + len(sign)] == sign), UNKNOWN)
    if kind == "audio" and found == "video/mp4":  # the same box, with sound only
        return "audio/mp4"
    if kind == "document":
        return None if found == "program" else found
    return found if found.startswith(_OF_KIND[kind]) else None


def may_be_shown(mime: str) -> bool:
    """Whether a browser may open it in our name; the rest is only ever saved."""
    return mime == PDF or mime.startswith(("image/", "audio/"))


def shown_name(said, mime="") -> str:
    """A name as its sender gave it, without what a path or a screen would take for something else."""
    text = unicodedata.normalize("NFC", said) if isinstance(said, str) else ""
    text = "".join(one for one in text if unicodedata.category(one)[0] != "C")  # also what turns the text around
    text = re.sub(r'[<>:"|?*]', "_", PurePosixPath(text.replace("\\", "/")).name).strip(" .")
    stem, dot, ending = text.rpartition(".")
    extension = EXTENSIONS.get(mime) or (f".{ending.lower()}" if dot and stem else "")
    if mime == UNKNOWN and extension not in KEPT_EXTENSIONS:
        extension = ".bin"
    stem = (stem if dot and stem else text) or "archivo"
    return f"{stem[:100]}{extension}"[:120]
