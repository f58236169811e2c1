from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("realtime", "0001_initial"), ("core", "0002_initial")]
    operations = [run("clinic/realtime/sql/0001_events.sql")]
