from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [
        ("history", "0003_watched"),
        ("core", "0004_kept_and_bounds"),
        ("accounts", "0004_second_factors"),
    ]
    operations = [run("clinic/history/sql/0004_settings_and_factors.sql")]
