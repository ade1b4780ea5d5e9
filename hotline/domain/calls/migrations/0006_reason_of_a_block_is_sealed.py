from django.db import migrations, models


class Migration(migrations.Migration):
    """Words of an operator about a person stand sealed like any others. Blocks last for days:
    those that were made in clear end here."""

    dependencies = [("calls", "0005_indexes_of_reads")]

    operations = [
        migrations.RunSQL("DELETE FROM calls_block", migrations.RunSQL.noop),
        migrations.RemoveField(model_name="block", name="reason"),
        migrations.AddField(
            model_name="block",
            name="reason",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
    ]
