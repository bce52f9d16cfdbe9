"""What is installed is pinned by content, and no lock says where a machine gets it from."""
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = ("requirements.txt", "requirements-dev.txt", "bin/nodejs.txt")
REGISTRY = re.compile(r"npm[j]s|py[p]i\.|python[h]osted|--index-url|--extra-index|--find-links|--trusted-host|file:|://")


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_a_python_lock_names_no_registry(name):
    content = "\n".join(line for line in (ROOT / name).read_text().splitlines() if not line.lstrip().startswith("#"))
    assert not REGISTRY.search(content)


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_python_package_has_hashes(name):
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text())
    packages = [entry for entry in entries if re.match(r"[\w.-]+(\[[\w,-]+\])?==", entry)]
    assert packages
    assert [entry.split()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_the_npm_lock_names_no_registry_and_has_integrity():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    packages.pop("")
    assert packages
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []


def test_npm_versions_are_exact():
    package = json.loads((ROOT / "package.json").read_text())
    versions = package["dependencies"] | package["devDependencies"]
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
