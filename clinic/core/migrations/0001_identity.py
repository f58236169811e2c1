from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    initial = True
    operations = [run("clinic/core/sql/0001_identity.sql")]
