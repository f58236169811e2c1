from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_second_factors")]
    operations = [migrations.AddField("session", "last_seen_at", models.DateTimeField(null=True))]
