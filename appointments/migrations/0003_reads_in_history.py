from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    # Who read what a patient told stands in the one history from here on, with what was noted before.
    dependencies = [("appointments", "0002_rules"), ("history", "0002_rules")]
    operations = [run("appointments/sql/0003_reads_in_history.sql"), migrations.DeleteModel(name="MedicalRead")]
