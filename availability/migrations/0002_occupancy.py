from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("availability", "0001_initial"), ("dentists", "0002_policies")]
    operations = [run("availability/sql/0001_occupancy.sql"), run("availability/sql/0002_policies.sql")]
