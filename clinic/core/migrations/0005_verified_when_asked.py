from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("core", "0004_kept_and_bounds")]
    operations = [run("clinic/core/sql/0003_verified_when_asked.sql")]
