"""`db/init/*.sql` from the migrations' blocks, in their order: the same schema for a new, empty database."""
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.migrations.loader import MigrationLoader

from dentalogic.lib.sql import RunBlock

HEAD = "-- Written by `manage.py write_foundation` from the migrations' blocks; a test compares both. Do not edit.\n"
FILES = {"0001_extensions": "001_extensions", "0001_roles": "002_roles", "0001_functions": "003_functions"}
SCHEMA = "004_schema"


def blocks():
    """Every RunBlock of the product, in the order in which `migrate` runs them."""
    loader = MigrationLoader(None)
    seen = []
    for leaf in sorted(loader.graph.leaf_nodes()):
        for key in loader.graph.forwards_plan(leaf):
            if key not in seen:
                seen.append(key)
    for key in seen:
        for operation in loader.graph.nodes[key].operations:
            if isinstance(operation, RunBlock):
                yield key[0], operation


def foundation() -> dict[str, str]:
    """File name -> text."""
    texts = {}
    for app, block in blocks():
        if block.foundation:
            name = FILES.get(block.name, SCHEMA) if app == "clinics" else SCHEMA
            texts.setdefault(f"{name}.sql", HEAD)
            texts[f"{name}.sql"] += f"\n-- {app} {block.name}\n{block.text}"
    return texts


class Command(BaseCommand):
    help = "Write db/init/*.sql from the migrations' blocks."

    def handle(self, **options):
        folder = Path(settings.BASE_DIR) / "db" / "init"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in foundation().items():
            (folder / name).write_text(text)
            self.stdout.write(name)
