from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("patients", "0003_erased")]
    operations = [run("clinic/patients/sql/0002_own_people_go.sql")]
