import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0003_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='when')),
                ('table_name', models.CharField(max_length=63, verbose_name='table')),
                ('row_id', models.CharField(max_length=40, verbose_name='row')),
                ('action', models.CharField(choices=[('created', 'Created'), ('changed', 'Changed'), ('deleted', 'Deleted'), ('read', 'Read')], max_length=8, verbose_name='what')),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), size=None, verbose_name='fields')),
                ('before', models.JSONField(verbose_name='before')),
                ('after', models.JSONField(verbose_name='after')),
                ('user_id', models.UUIDField(null=True, verbose_name='account')),
                ('role', models.CharField(blank=True, choices=[('anonymous', 'A guest'), ('patient', 'The patient'), ('dentist', 'A dentist'), ('desk', 'Front desk'), ('admin', 'An admin'), ('bot', 'The chatbot'), ('auth', 'The sign-in'), ('service', 'The system')], max_length=10, verbose_name='role')),
                ('source', models.CharField(choices=[('portal', 'portal'), ('api', 'API'), ('admin', 'administration'), ('chatbot', 'chatbot'), ('service', 'background service'), ('sql', 'SQL')], max_length=10, verbose_name='through')),
                ('login', models.CharField(blank=True, max_length=63, verbose_name='login')),
                ('visit_id', models.UUIDField(null=True, verbose_name='visit')),
                ('dentist_id', models.UUIDField(null=True, verbose_name='dentist')),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'history',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['table_name', 'row_id', 'id'], name='change_by_row'), models.Index(condition=models.Q(('visit_id__isnull', False)), fields=['visit_id', 'id'], name='change_by_visit'), models.Index(condition=models.Q(('user_id__isnull', False)), fields=['user_id', 'id'], name='change_by_user'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='change_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('action__in', ['created', 'changed', 'deleted', 'read'])), name='change_action'), models.CheckConstraint(condition=models.Q(('source__in', ['portal', 'api', 'admin', 'chatbot', 'service', 'sql'])), name='change_source')],
            },
        ),
    ]
