"""Search without accents: an IMMUTABLE folding function, a generated column, a trigram index.

The same folding as ``hotline.core.vietnamese.fold``. Marks are U+0300-U+036F.
"""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

FOLD = r"""
CREATE OR REPLACE FUNCTION hotline_fold(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT lower(translate(
        regexp_replace(normalize(words, NFD), '[\u0300-\u036f]', '', 'g'), 'đĐ', 'dD'))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION hotline_fold(text)"),
        migrations.AddField("place", "words", models.TextField(default="")),
        migrations.AddField(
            "place",
            "folded",
            models.GeneratedField(
                expression=models.Func(
                    "words", function="hotline_fold", output_field=models.TextField()
                ),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            "place",
            django.contrib.postgres.indexes.GinIndex(
                name="place_folded", fields=["folded"], opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
