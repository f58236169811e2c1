from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0001_initial"),
        ("availability", "0002_occupancy"),
        ("patients", "0002_policies"),
    ]
    operations = [run("appointments/sql/0001_triggers.sql"), run("appointments/sql/0002_policies.sql")]
