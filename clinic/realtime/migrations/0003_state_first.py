from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("realtime", "0002_events")]
    operations = [run("clinic/realtime/sql/0002_state_first.sql")]
