"""bin/new-evolution: from what the models say and the migrations do not, a block of SQL and the state it stands for.

A draft: what it cannot know (a backfill, an index, the words of a CHECK) it names in a comment. It asks no database.
"""
import os
import re
import sys
from pathlib import Path

from dentalogic import keys

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("clinics", "agenda", "accounting", "messaging")
NAME = re.compile(r"[a-z][a-z0-9_]{2,50}")
PYTHON = '''{imports}


class Migration(migrations.Migration):
    dependencies = [{needs}]

    operations = [
        RunBlock("{name}"{state}),
    ]
'''
SQL = '''DO $$
BEGIN
{lines}
END
$$;
'''
NOTHING = '''    -- Look before you act: IF NOT EXISTS, dl_constraint, dl_index (they are in clinics/migrations/sql).
    -- It runs twice without a change; a backfill goes in batches by key.
    NULL;'''


class Refused(Exception):
    """Why nothing was written."""


def ready():
    """Django, with keys of this moment and no database: nothing of an installation is read."""
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    os.environ |= {
        "DENTALOGIC_ENV": "development", "DJANGO_SETTINGS_MODULE": "dentalogic.settings", "DATABASE_URL": nowhere,
        "DATABASE_OWNER_URL": nowhere, "REDIS_URL": "redis://127.0.0.1:1/0",
    } | {name: keys.RECIPES[name]() for name in keys.FOR_THE_PRODUCT}
    import django

    django.setup()


def write(app, name, into=None, state=None):
    """The two paths. For tests: `into` a folder, and `state` instead of what the models say."""
    from django.apps import apps

    ours = {one.label: Path(one.path) for one in apps.get_app_configs() if one.name.split(".")[0] in FLOORS}
    if app not in ours:
        raise Refused(f"{app!r} is no app of ours: {', '.join(sorted(ours))}")
    if not NAME.fullmatch(name):
        raise Refused(f"{name!r} is no name: small letters, digits and _")
    draft = Draft(app, name, state)
    folder = Path(into or ours[app]) / "migrations"
    texts = {folder / f"{draft.name}.py": draft.python(), folder / "sql" / f"{draft.name}.sql": draft.sql()}
    (folder / "sql").mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        with path.open("x") as file:
            file.write(text)
    return tuple(texts)


class Draft:
    """What makemigrations would write for the app, in our two files."""

    def __init__(self, app, name, state=None):
        from django.apps import apps
        from django.db.migrations.autodetector import MigrationAutodetector
        from django.db.migrations.loader import MigrationLoader
        from django.db.migrations.state import ProjectState

        state = state or ProjectState.from_apps(apps)
        loader = MigrationLoader(None)
        found = MigrationAutodetector(loader.project_state(), state).changes(
            graph=loader.graph, trim_to_apps={app}).get(app, [])
        leaf = loader.graph.leaf_nodes(app)[0]
        self.app, self.models = app, state.apps
        self.name = f"{int(leaf[1][:4]) + 1:04}_{name}"
        self.operations = [operation for one in found for operation in one.operations]
        needs = [tuple(need) for one in found for need in one.dependencies if need[0] != app]
        self.needs = [leaf, *dict.fromkeys((label, loader.graph.leaf_nodes(label)[0][1]) if last == "__first__" else
                                           (label, last) for label, last in needs if label != "__setting__")]
        for operation in self.operations:
            self._check(operation)

    def _check(self, operation):
        field = getattr(operation, "field", None)
        if type(operation).__name__ == "AddField" and not field.null and not field.has_db_default():
            raise Refused(f"{self.app}.{operation.model_name}.{operation.name} has no db_default: the rows that exist "
                          "would have no value, and the release that still runs could write none")

    def python(self):
        from django.db.migrations.writer import OperationWriter

        imports, lines = {"from django.db import migrations", "from clinics.tenancy import RunBlock"}, []
        for operation in self.operations:
            text, wanted = OperationWriter(operation, indentation=3).serialize()
            lines.append(text)
            imports |= wanted
        state = ", state=[\n" + "\n".join(lines) + "\n        ]" if lines else ""
        needs = ", ".join(f'("{app}", "{leaf}")' for app, leaf in self.needs)
        return PYTHON.format(imports=_sorted(imports), needs=needs, name=self.name, state=state)

    def sql(self):
        lines = [f"    {line}" for operation in self.operations for line in self._sql_of(operation)]
        return SQL.format(lines="\n".join(lines) or NOTHING)

    def _sql_of(self, operation):
        kind = type(operation).__name__
        if kind == "CreateModel":
            yield from self._create(operation)
        elif kind == "AddField":
            meta = self._meta(operation.model_name)
            field = meta.get_field(operation.name)
            yield f"ALTER TABLE {meta.db_table} ADD COLUMN IF NOT EXISTS {_column(field)};"
            yield from _link(meta, field)
        elif kind == "AddConstraint":
            yield from _constraint(self._meta(operation.model_name), operation.constraint)
        elif kind not in ("AlterModelOptions", "AlterModelManagers"):
            yield _yours(operation.describe())

    def _meta(self, model):
        return self.models.get_model(self.app, model)._meta

    def _create(self, operation):
        meta = self._meta(operation.name)
        names = [name for name, _field in operation.fields if name not in ("tenant", "id")]
        yield f"CREATE TABLE IF NOT EXISTS {meta.db_table} ("
        yield "    tenant_id integer NOT NULL REFERENCES tenants (id),"
        yield "    id bigint GENERATED BY DEFAULT AS IDENTITY,"
        yield from (f"    {_column(meta.get_field(name))}," for name in names)
        yield "    PRIMARY KEY (tenant_id, id)"
        yield ");"
        yield f"PERFORM dl_tenant_table('{meta.db_table}', 'SELECT, INSERT, UPDATE');"
        for name in names:
            yield from _link(meta, meta.get_field(name))
        for constraint in operation.options.get("constraints", []):
            yield from _constraint(meta, constraint)


def _column(field):
    from django.db import connection

    kind = field.db_type(connection).replace("timestamp with time zone", "timestamptz")
    kind = "text" if kind.startswith("varchar") else kind
    if field.remote_field and field.db_constraint:  # to a global table
        kind += f" REFERENCES {field.related_model._meta.db_table} (id)"
    default = f" DEFAULT {_literal(field.db_default)}" if field.has_db_default() else ""
    return f"{field.column} {kind}{'' if field.null else ' NOT NULL'}{default}"


def _literal(value):
    value = getattr(value, "value", value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _link(meta, field):
    if field.remote_field and not field.db_constraint:
        yield f"PERFORM dl_link('{meta.db_table}', '{field.column}', '{field.related_model._meta.db_table}');"


def _constraint(meta, constraint):
    from django.db import models

    if isinstance(constraint, models.UniqueConstraint) and not constraint.condition:
        columns = ", ".join(meta.get_field(name).column for name in constraint.fields)
        yield f"PERFORM dl_unique('{constraint.name}', '{meta.db_table}', '({columns})');"
    else:
        yield _yours(f"{type(constraint).__name__} {constraint.name}")


def _yours(what):
    return f"-- {what}: yours to write, so that it looks before it acts"


def _sorted(imports):
    """As ruff wants them: the libraries', then ours."""
    if "from django.db import models" in imports:
        imports = imports - {"from django.db import models", "from django.db import migrations"} | {
            "from django.db import migrations, models"}
    ours = {line for line in imports if line.split()[1].split(".")[0] in FLOORS}
    blocks = (sorted(lines, key=lambda line: (line.startswith("from"), line)) for lines in (imports - ours, ours))
    return "\n\n".join("\n".join(lines) for lines in blocks)


def main():
    if len(sys.argv) != 3:
        sys.exit("bin/new-evolution APP NAME, as in: bin/new-evolution agenda chairs_have_colours")
    ready()
    try:
        paths = write(*sys.argv[1:])
    except (Refused, FileExistsError) as fault:
        sys.exit(str(fault))
    for path in paths:
        print(path.relative_to(ROOT))
    print("Read both. Then: manage.py migrate, manage.py write_foundation, bin/test tests/architecture")


if __name__ == "__main__":
    main()
