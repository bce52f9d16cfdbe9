"""The secrets of an installation that was given none: made once, kept in `<data>/secrets.env` for its owner's eyes."""
import base64
import os
import secrets
from pathlib import Path

RECIPES = {
    "DJANGO_SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "JWT_SECRET": lambda: secrets.token_urlsafe(50),
    "DENTALOGIC_VAULT_KEYS": lambda: f"k{secrets.token_hex(3)}:{base64.urlsafe_b64encode(os.urandom(32)).decode()}",
    "POSTGRES_PASSWORD": lambda: secrets.token_urlsafe(24),
    "DATABASE_OWNER_PASSWORD": lambda: secrets.token_urlsafe(24),
    "DATABASE_PASSWORD": lambda: secrets.token_urlsafe(24),
    "REDIS_PASSWORD": lambda: secrets.token_urlsafe(24),
}
FOR_THE_PRODUCT = ("DJANGO_SECRET_KEY", "JWT_SECRET", "DENTALOGIC_VAULT_KEYS")


def load(data: Path) -> dict[str, str]:
    """Every secret of RECIPES, those that the file lacks made and added to it."""
    path = data / "secrets.env"
    known = _read(path)
    missing = {name: make() for name, make in RECIPES.items() if not known.get(name)}
    if missing:
        known |= missing
        _write(path, known)
    path.chmod(0o600)
    return known


def _read(path):
    if not path.exists():
        return {}
    lines = (line.partition("=") for line in path.read_text().splitlines() if line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in lines}


def _write(path, known):
    """Whole or not at all: a half file would lose the key that opens the vault."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("# Made by bin/dev. Losing DENTALOGIC_VAULT_KEYS loses every stored credential.\n")
        file.writelines(f"{name}={value}\n" for name, value in known.items())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
