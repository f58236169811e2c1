from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("appointments", "0006_told")]
    operations = [run("appointments/sql/0007_handed_over.sql")]
