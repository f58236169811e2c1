import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('realtime', '0003_state_first'),
    ]

    operations = [
        migrations.AlterField(
            model_name='realtimeevent',
            name='previous',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None, verbose_name='positions before'),
        ),
    ]
