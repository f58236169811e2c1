from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("privacy", "0004_events_forget"), ("realtime", "0003_state_first")]
    operations = [run("clinic/privacy/sql/0006_events_forget_alone.sql")]
