from django.db import migrations, models

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("appointments", "0004_under_own_account")]
    operations = [
        migrations.AddField("appointment", "erased_at", models.DateTimeField("erased", editable=False, null=True)),
        run("appointments/sql/0005_erased.sql"),
    ]
