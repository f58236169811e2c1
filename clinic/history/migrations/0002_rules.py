from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]
    operations = [run("clinic/history/sql/0001_history.sql")]
