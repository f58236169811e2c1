from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_rules")]
    operations = [run("clinic/privacy/sql/0003_own_guests.sql")]
