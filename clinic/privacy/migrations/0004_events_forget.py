from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_own_ways_in"), ("realtime", "0002_events"), ("accounts", "0006_mailed_codes")]
    operations = [run("clinic/privacy/sql/0005_events_forget.sql")]
