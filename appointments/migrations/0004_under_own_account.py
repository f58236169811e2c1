from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("appointments", "0003_reads_in_history")]
    operations = [run("appointments/sql/0004_under_own_account.sql")]
