import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('appointments', '0002_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('booked', 'Booked'), ('confirmed', 'Confirmed'), ('moved', 'Moved'), ('cancelled', 'Cancelled'), ('dentist_unavailable', 'Dentist unavailable')], max_length=20, verbose_name='kind')),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('sending', 'On its way'), ('sent', 'Sent'), ('failed', 'Failed'), ('dropped', 'No longer needed')], db_default='queued', max_length=10, verbose_name='state')),
                ('starts_at', models.DateTimeField(verbose_name='starts')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('status', models.CharField(choices=[('pending', 'Waiting for confirmation'), ('confirmed', 'Confirmed'), ('checked_in', 'Checked in'), ('completed', 'Completed'), ('no_show', 'Did not come'), ('cancelled', 'Cancelled')], max_length=12, verbose_name='status of the visit')),
                ('dentist_name', models.CharField(blank=True, max_length=120, verbose_name='dentist')),
                ('was_starts_at', models.DateTimeField(null=True, verbose_name='started before')),
                ('was_dentist_name', models.CharField(blank=True, db_default='', max_length=120, verbose_name='dentist before')),
                ('by_patient', models.BooleanField(db_default=False, verbose_name='by the patient')),
                ('round', models.PositiveSmallIntegerField(db_default=0, verbose_name='sent again')),
                ('attempts', models.PositiveSmallIntegerField(db_default=0, verbose_name='attempts')),
                ('last_error', models.CharField(blank=True, db_default='', max_length=120, verbose_name='last error')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created')),
                ('tried_at', models.DateTimeField(null=True, verbose_name='last tried')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('appointment', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='messages', to='appointments.appointment', verbose_name='visit')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['-created_at', 'id'],
                'indexes': [models.Index(fields=['created_at'], name='message_by_creation'), models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['created_at'], name='message_unfinished')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['booked', 'confirmed', 'moved', 'cancelled', 'dentist_unavailable'])), name='message_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'failed', 'dropped'])), name='message_state'), models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'confirmed', 'checked_in', 'completed', 'no_show', 'cancelled'])), name='message_visit_status')],
            },
        ),
    ]
