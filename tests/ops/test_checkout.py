import importlib.util
import re
from pathlib import Path

import pytest

BIN = Path(__file__).resolve().parents[2] / "bin"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("checkout", BIN / "checkout.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(module, "VENDOR", tmp_path / "static" / "vendor")
    return module


def test_a_step_is_skipped_until_its_source_changes(checkout, tmp_path):
    lock, runs = tmp_path / "lock", []
    for content in ("a", "a", "b", "b"):
        lock.write_text(content)
        checkout._once("lock", lock, lambda content=content: runs.append(content))
    assert runs == ["a", "b"]


def test_a_step_that_was_broken_off_is_made_again(checkout, tmp_path):
    lock, runs = tmp_path / "lock", []
    lock.write_text("a")

    def broken():
        raise checkout.Broken("no network")

    with pytest.raises(checkout.Broken):
        checkout._once("lock", lock, broken)
    checkout._once("lock", lock, lambda: runs.append(1))
    assert runs == [1]


def test_a_command_that_fails_says_what_it_said(checkout, capsys):
    with pytest.raises(checkout.Broken, match="exit code 3"):
        checkout.run(["sh", "-c", "echo the reason; exit 3"])
    assert "the reason" in capsys.readouterr().out


def test_only_what_a_browser_loads_is_copied(checkout, tmp_path, monkeypatch):
    monkeypatch.setattr(checkout, "LOADED", {"@some/kit": ["css/kit.min.css", "kit.min.js"]})
    dist = tmp_path / "node_modules" / "@some" / "kit" / "dist"
    for name in ("css/kit.css", "css/kit.min.css", "css/kit.min.css.map", "libs/other.min.js", "kit.min.js"):
        path = dist / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    checkout.VENDOR.parent.mkdir()
    checkout._vendor()
    copied = sorted(str(path.relative_to(checkout.VENDOR)) for path in checkout.VENDOR.rglob("*") if path.is_file())
    assert copied == ["@some/kit/css/kit.min.css", "@some/kit/css/kit.min.css.map", "@some/kit/kit.min.js"]


def test_what_the_pages_name_is_what_is_copied(checkout):
    root = Path(__file__).resolve().parents[2]
    pages = [*root.glob("templates/**/*.html"), *root.glob("dentalogic/static/css/*.css")]
    named = {found for page in pages for found in re.findall(r"vendor/([\w@./-]+)", page.read_text())}
    assert named == {f"{package}/{file}" for package, files in checkout.LOADED.items() for file in files}
