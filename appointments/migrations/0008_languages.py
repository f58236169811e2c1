import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0007_handed_over'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointment',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=10, verbose_name='language'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='cancelled_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='cancelled'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='cancelled_by',
            field=models.CharField(blank=True, editable=False, max_length=10, verbose_name='cancelled by'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='checked_in_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='checked in'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='completed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='completed'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='confirmed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='confirmed'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='consent_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='agreed'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='consent_version',
            field=models.CharField(blank=True, editable=False, max_length=20, verbose_name='version of the consent text'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='currency',
            field=models.CharField(default='EUR', max_length=3, verbose_name='currency'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='no_show_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='did not come'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='payment_method',
            field=models.CharField(choices=[('cash', 'At the clinic'), ('stripe', 'Online')], default='cash', max_length=10, verbose_name='payment method'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='payment_status',
            field=models.CharField(choices=[('pending', 'Open'), ('paid', 'Paid'), ('refunded', 'Refunded'), ('failed', 'Failed')], default='pending', max_length=10, verbose_name='payment status'),
        ),
        migrations.AlterField(
            model_name='appointment',
            name='updated_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='last changed'),
        ),
    ]
