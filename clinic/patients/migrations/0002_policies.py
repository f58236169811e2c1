from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial"), ("accounts", "0002_policies")]
    operations = [run("clinic/patients/sql/0001_policies.sql")]
