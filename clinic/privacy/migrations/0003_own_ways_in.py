from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_own_guests"), ("accounts", "0006_mailed_codes")]
    operations = [run("clinic/privacy/sql/0004_own_ways_in.sql")]
