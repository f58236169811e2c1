from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("dentists", "0001_initial"), ("accounts", "0002_policies")]
    operations = [run("dentists/sql/0001_policies.sql")]
