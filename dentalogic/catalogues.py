"""Message catalogues, compiled by Babel: a bare machine has no msgfmt. `python -m dentalogic.catalogues`"""
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_all(root: Path = ROOT) -> int:
    """Compile every catalogue that is newer than its compiled form; return how many."""
    stale = [path for path in _sources(root) if _is_stale(path)]
    for path in stale:
        with path.open("rb") as source, path.with_suffix(".new").open("wb") as target:
            write_mo(target, read_po(source))
        path.with_suffix(".new").replace(path.with_suffix(".mo"))
    return len(stale)


def _sources(root):
    for folder in ("locale", "*/locale", "*/*/locale"):
        yield from root.glob(f"{folder}/*/LC_MESSAGES/*.po")


def _is_stale(path):
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime


if __name__ == "__main__":
    compile_all()
