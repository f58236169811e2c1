from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("availability", "0003_within_calendar"), ("dentists", "0003_told")]
    operations = [run("availability/sql/0003_told.sql")]
