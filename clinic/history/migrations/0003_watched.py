from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    # Tables that come later are watched by a migration of their own app, which depends on history's rules.
    dependencies = [
        ("history", "0002_rules"),
        ("core", "0003_rules"),
        ("accounts", "0003_refresh_families"),
        ("patients", "0002_policies"),
        ("dentists", "0002_policies"),
        ("availability", "0002_occupancy"),
        ("appointments", "0002_rules"),
    ]
    operations = [run("clinic/history/sql/0002_watched.sql"), run("clinic/history/sql/0003_readers.sql")]
