from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("appointments", "0005_erased"), ("availability", "0004_told")]
    operations = [run("appointments/sql/0006_told.sql")]
