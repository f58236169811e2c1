import django.core.validators
from django.db import migrations, models

MONTHS = 600
BOUNDS = {
    "min_notice_minutes": ("settings_min_notice", 86400),
    "max_advance_days": ("settings_max_advance", 3660),
    "same_day_release_minutes": ("settings_same_day_release", 86400),
    "cancel_cutoff_hours": ("settings_cancel_cutoff", 1440),
    "reschedule_cutoff_hours": ("settings_reschedule_cutoff", 1440),
    "holds_per_address": ("settings_holds_per_address", 1000),
    "holds_per_hour": ("settings_holds_per_hour", 1000),
}


def into_bounds(apps, schema_editor):
    settings = apps.get_model("core", "ClinicSettings").objects.using(schema_editor.connection.alias).filter(pk=1)
    for name, (_constraint, most) in BOUNDS.items():
        settings.filter(**{f"{name}__gt": most}).update(**{name: most})


def bounded(field, label, most, default):
    kind = models.PositiveIntegerField if field.endswith("_minutes") else models.PositiveSmallIntegerField
    return migrations.AlterField(
        "clinicsettings", field, kind(label, default=default, validators=[django.core.validators.MaxValueValidator(most)])
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0003_rules")]
    operations = [
        migrations.AddField("idempotencykey", "about", models.UUIDField(null=True)),
        migrations.AddField(
            "clinicsettings",
            "guests_kept_months",
            models.PositiveSmallIntegerField(
                default=0,
                help_text="0 keeps them until they are erased by hand.",
                validators=[django.core.validators.MaxValueValidator(MONTHS)],
                verbose_name="guests are erased after their last visit (months)",
            ),
        ),
        migrations.AddField(
            "clinicsettings",
            "cancelled_kept_months",
            models.PositiveSmallIntegerField(
                default=0,
                help_text="0 keeps them until they are erased by hand.",
                validators=[django.core.validators.MaxValueValidator(MONTHS)],
                verbose_name="cancelled visits are made anonymous (months)",
            ),
        ),
        bounded("min_notice_minutes", "minimum notice (minutes)", 86400, 60),
        bounded("max_advance_days", "bookable ahead (days)", 3660, 456),
        bounded("same_day_release_minutes", "same-day hours are released (minutes before)", 86400, 960),
        bounded("cancel_cutoff_hours", "patients may cancel until (hours before)", 1440, 24),
        bounded("reschedule_cutoff_hours", "patients may move until (hours before)", 1440, 24),
        bounded("holds_per_address", "live holds per network address", 1000, 12),
        bounded("holds_per_hour", "holds per hour and holder", 1000, 40),
        migrations.RunPython(into_bounds, migrations.RunPython.noop),
        *(
            migrations.AddConstraint(
                "clinicsettings", models.CheckConstraint(condition=models.Q((f"{name}__lte", most)), name=constraint)
            )
            for name, (constraint, most) in {
                **BOUNDS,
                "guests_kept_months": ("settings_guests_kept", MONTHS),
                "cancelled_kept_months": ("settings_cancelled_kept", MONTHS),
            }.items()
        ),
    ]
