from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("dentists", "0002_policies"), ("realtime", "0002_events")]
    operations = [run("dentists/sql/0002_told.sql")]
