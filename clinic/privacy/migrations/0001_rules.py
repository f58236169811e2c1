from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("core", "0004_kept_and_bounds"),
        ("history", "0003_watched"),
        ("patients", "0003_erased"),
        ("appointments", "0005_erased"),
        ("notifications", "0003_account_mails"),
    ]
    operations = [run("clinic/privacy/sql/0001_erasing.sql"), run("clinic/privacy/sql/0002_own_records.sql")]
