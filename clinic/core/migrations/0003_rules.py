from django.db import migrations

from clinic.core.sqlfiles import run


def make_settings(apps, schema_editor):
    apps.get_model("core", "ClinicSettings").objects.using(schema_editor.connection.alias).get_or_create(pk=1)


class Migration(migrations.Migration):
    # Every other app stands on the roles' functions and on the extension.
    run_before = [("accounts", "0001_initial")]
    dependencies = [("core", "0002_initial")]
    operations = [
        migrations.RunPython(make_settings, migrations.RunPython.noop),
        run("clinic/core/sql/0002_rules.sql"),
    ]
