"""bin/new-evolution: the pair of files it writes is one that migrates, and stands behind the walls."""
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from clinics.tenancy import TenantForeignKey
from tests.architecture.test_schema import catalog
from tests.conftest import owner_connection

BIN = Path(settings.BASE_DIR) / "bin"


@pytest.fixture
def evolution():
    spec = importlib.util.spec_from_file_location("evolution", BIN / "evolution.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def state():
    return ProjectState.from_apps(apps)


def next_number(app):
    return int(MigrationLoader(None).graph.leaf_nodes(app)[0][1][:4]) + 1


def lamps(state):
    """A new table, and a column in one that has rows."""
    state.add_model(ModelState("agenda", "Lamp", [
        ("id", models.BigAutoField(primary_key=True)),
        ("tenant", models.ForeignKey("clinics.Tenant", models.PROTECT, related_name="+", db_index=False)),
        ("chair", TenantForeignKey("agenda.Chair")),
        ("bought_by", models.ForeignKey("clinics.User", models.PROTECT, null=True, related_name="+", db_index=False)),
        ("name", models.CharField(max_length=80)), ("watts", models.IntegerField(db_default=40)),
        ("lit_at", models.DateTimeField(null=True)), ("price", models.DecimalField(max_digits=12, decimal_places=2)),
    ], options={"db_table": "lamps", "base_manager_name": "objects", "constraints": [
        models.UniqueConstraint(fields=["tenant", "chair", "name"], name="lamps_name_key")]}))
    state.add_field("agenda", "chair", "motto", models.CharField(max_length=40, db_default="it's"), False)
    return state


def test_what_it_writes_migrates_twice_and_stands_behind_the_walls(evolution, state, tmp_path, db):
    python, sql = evolution.write("agenda", "lamps", into=tmp_path, state=lamps(state))
    assert [path.name for path in (python, sql)] == [
        f"{next_number('agenda'):04}_lamps.{end}" for end in ("py", "sql")]
    with owner_connection() as owner, owner.transaction(force_rollback=True):
        owner.execute(sql.read_text())
        once = catalog(owner)
        owner.execute(sql.read_text())
        assert catalog(owner) == once
        said = {part: " ".join(lines) for part, lines in once.items()}
        assert "FOREIGN KEY (tenant_id, chair_id) REFERENCES chairs(tenant_id, id)" in said["constraints"]
        assert "lamps_name_key" in said["constraints"] and "('lamps', 'tenant'" in said["policies"]
        assert "('lamps', True, True)" in said["walls"]
        assert "('chairs', 'motto', 'text', 'NO', \"'it''s'::text\"" in said["columns"]
        assert "('lamps', 'watts', 'integer', 'NO', '40'" in said["columns"]
        assert "('lamps', 'bought_by_id', 'bigint', 'YES'" in said["columns"]


def test_the_state_it_writes_is_the_models(evolution, state, tmp_path, monkeypatch):
    python, _sql = evolution.write("agenda", "lamps", into=tmp_path, state=lamps(state))
    spec = importlib.util.spec_from_file_location("agenda.migrations.lamps", python)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    loader = MigrationLoader(None)
    migration = module.Migration(python.stem, "agenda")
    assert migration.dependencies[0] == loader.graph.leaf_nodes("agenda")[0]
    after = migration.mutate_state(loader.project_state())
    assert after.models["agenda", "lamp"] == lamps(ProjectState.from_apps(apps)).models["agenda", "lamp"]
    assert "motto" in after.models["agenda", "chair"].fields
    assert subprocess.run([sys.executable, "-m", "ruff", "check", "--config", BIN.parent / "pyproject.toml",
                           "--ignore", "E501,F401", python]).returncode == 0


def test_with_nothing_changed_it_is_a_block_that_does_nothing(evolution, state, tmp_path, db):
    python, sql = evolution.write("leads", "backfill_scores", into=tmp_path, state=state)
    assert 'RunBlock("' in python.read_text() and "state" not in python.read_text()
    with owner_connection() as owner:
        before = catalog(owner)
        owner.execute(sql.read_text())
        assert catalog(owner) == before


def test_what_it_cannot_know_is_left_to_say(evolution, state, tmp_path):
    state.remove_field("agenda", "chair", "name")
    _python, sql = evolution.write("agenda", "nameless", into=tmp_path, state=state)
    assert "yours to write" in sql.read_text()


def test_a_column_without_a_value_for_the_rows_that_exist_is_refused(evolution, state, tmp_path):
    state.add_field("agenda", "chair", "motto", models.CharField(max_length=40), False)
    with pytest.raises(evolution.Refused, match=r"agenda\.chair\.motto has no db_default"):
        evolution.write("agenda", "mottoes", into=tmp_path, state=state)
    assert not any(tmp_path.rglob("*.*"))


@pytest.mark.parametrize(("app", "name"), [
    ("sales", "good_name"), ("auth", "good_name"), ("agenda", "../bad"), ("agenda", "Bad"), ("agenda", ""),
    ("agenda", "1st"),
])
def test_a_name_that_is_none_is_refused(evolution, state, tmp_path, app, name):
    with pytest.raises(evolution.Refused):
        evolution.write(app, name, into=tmp_path, state=state)
    assert not any(tmp_path.rglob("*.*"))


def test_it_writes_over_nothing(evolution, state, tmp_path):
    evolution.write("agenda", "lamps", into=tmp_path, state=state)
    with pytest.raises(FileExistsError):
        evolution.write("agenda", "lamps", into=tmp_path, state=state)


def test_the_command_itself_asks_no_database(tmp_path):
    """As a program, with nothing in its environment; refused at the end so that it leaves no file here."""
    done = subprocess.run(
        [sys.executable, BIN / "evolution.py", "agenda", "Bad"], capture_output=True, text=True, cwd=tmp_path,
        env={"PYTHONPATH": str(BIN.parent), "PATH": "/usr/bin:/bin"})
    assert (done.returncode, done.stderr.strip()) == (1, "'Bad' is no name: small letters, digits and _")
