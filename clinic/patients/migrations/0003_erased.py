from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_policies")]
    operations = [
        migrations.AddField("patient", "erased_at", models.DateTimeField("erased", editable=False, null=True)),
    ]
