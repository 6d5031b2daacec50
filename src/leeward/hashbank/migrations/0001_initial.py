import django.db.models.deletion
import leeward.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        leeward.tables.NewTable(
            name='BankClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('revision', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        leeward.tables.NewTable(
            name='Bank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('number', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('radius', models.PositiveSmallIntegerField(default=31)),
                ('harmless', models.BooleanField(default=False)),
                ('paused_until', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hotline', 'number'), name='bank_number_once'), models.UniqueConstraint(fields=('hotline', 'name'), name='bank_name_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('bank', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hashbank.bank')),
                ('revision', models.PositiveBigIntegerField()),
                ('media', models.CharField(default='image', max_length=10)),
                ('state', models.CharField(default='confirmed', max_length=12)),
                ('is_baseline', models.BooleanField(default=False)),
                ('facts', models.JSONField(default=dict)),
                ('series', models.CharField(default='', max_length=120)),
                ('victim_status', models.CharField(default='unknown', max_length=12)),
                ('offender_status', models.CharField(default='unknown', max_length=12)),
                ('first_seen', models.DateTimeField()),
                ('last_seen', models.DateTimeField()),
                ('brought_by', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'revision'], name='record_revision'), models.Index(condition=models.Q(('state', 'confirmed'), _negated=True), fields=['hotline', 'state'], name='record_not_confirmed'), models.Index(condition=models.Q(('series', ''), _negated=True), fields=['hotline', 'series'], name='record_series')],
            },
        ),
        leeward.tables.NewTable(
            name='RecordHash',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('record', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='hashes', to='hashbank.record')),
                ('kind', models.PositiveSmallIntegerField()),
                ('key', models.BigIntegerField()),
                ('value', models.BinaryField(max_length=144)),
                ('quality', models.PositiveSmallIntegerField(null=True)),
                ('second', models.FloatField(null=True)),
                ('aside', models.BooleanField(default=False)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'key'], name='hash_key'), models.Index(fields=['hotline', 'record'], name='hash_record')],
            },
        ),
        leeward.tables.NewTable(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('record', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='hashbank.record')),
                ('source', models.CharField(max_length=80)),
                ('verdict', models.CharField(max_length=12)),
                ('label', models.CharField(default='', max_length=40)),
                ('foreign_id', models.CharField(default='', max_length=60)),
                ('at', models.DateTimeField()),
                ('case_id', models.BigIntegerField(default=0)),
                ('brought_by', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('foreign_id', ''), _negated=True), fields=['hotline', 'foreign_id'], name='vote_foreign_id')],
                'constraints': [models.UniqueConstraint(fields=('record', 'source'), name='vote_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Investigation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='investigations', to='hashbank.record')),
                ('agency', models.CharField(max_length=120)),
                ('reference', models.CharField(max_length=80)),
                ('contact', models.CharField(default='', max_length=200)),
                ('outcome', models.CharField(default='open', max_length=20)),
                ('restricted', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('record', 'agency', 'reference'), name='investigation_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Sighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('record', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sightings', to='hashbank.record')),
                ('case_id', models.BigIntegerField()),
                ('match', models.CharField(default='known', max_length=5)),
                ('distance_bits', models.PositiveSmallIntegerField(default=0)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'case_id'], name='sighting_case')],
                'constraints': [models.UniqueConstraint(fields=('hotline', 'record', 'case_id'), name='sighting_once')],
            },
        ),
        leeward.tables.NewTable(
            name='IndexChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('first', models.PositiveBigIntegerField()),
                ('last', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'id'], name='index_change_order')],
            },
        ),
        leeward.tables.NewTable(
            name='HashTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('hash', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='hashbank.recordhash')),
                ('day', models.DateField()),
                ('matches', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hash', 'day'), name='tally_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Quarantine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('hash', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quarantines', to='hashbank.recordhash')),
                ('why', models.CharField(max_length=16)),
                ('matches', models.PositiveIntegerField(default=0)),
                ('usual', models.FloatField(default=0)),
                ('at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.CharField(default='', max_length=40)),
                ('kept', models.BooleanField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['hotline', 'at'], name='quarantine_open')],
            },
        ),
        leeward.tables.NewTable(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('record', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='feedback', to='hashbank.record')),
                ('source', models.CharField(max_length=80)),
                ('is_true', models.BooleanField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('record', 'source'), name='feedback_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('agency', models.CharField(max_length=120)),
                ('reference', models.CharField(max_length=80)),
                ('contact', models.CharField(default='', max_length=200)),
                ('restriction', models.CharField(default='', max_length=120)),
                ('by', models.CharField(max_length=40)),
                ('asked', models.PositiveBigIntegerField(default=0)),
                ('found', models.PositiveBigIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', '-last_at'], name='inquiry_newest')],
                'constraints': [models.UniqueConstraint(fields=('hotline', 'agency', 'reference'), name='inquiry_once')],
            },
        ),
        leeward.tables.NewTable(
            name='InquiryMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('inquiry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='hashbank.inquiry')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inquiry_matches', to='hashbank.record')),
                ('match', models.CharField(default='known', max_length=5)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('inquiry', 'record'), name='inquiry_match_once')],
            },
        ),
        leeward.tables.NewTable(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('source', models.CharField(max_length=80)),
                ('format', models.CharField(max_length=20)),
                ('file_name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('bank', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hashbank.bank')),
                ('by', models.CharField(max_length=40)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('rows', models.PositiveBigIntegerField(default=0)),
                ('added', models.PositiveBigIntegerField(default=0)),
                ('joined', models.PositiveBigIntegerField(default=0)),
                ('withdrawn', models.PositiveBigIntegerField(default=0)),
                ('broken', models.PositiveBigIntegerField(default=0)),
                ('problems', models.JSONField(default=list)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', '-id'], name='import_newest')],
            },
        ),
        leeward.tables.NewTable(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('token', models.CharField(max_length=32, unique=True)),
                ('file_name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('bytes', models.PositiveBigIntegerField()),
                ('source', models.CharField(default='', max_length=80)),
                ('bank', models.CharField(default='', max_length=60)),
                ('harmless', models.BooleanField(default=False)),
                ('format', models.CharField(default='', max_length=20)),
                ('state', models.CharField(default='unsaid', max_length=10)),
                ('done_bytes', models.PositiveBigIntegerField(default=0)),
                ('seen', models.JSONField(default=dict)),
                ('problem', models.CharField(default='', max_length=400)),
                ('by', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('import_id', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', '-id'], name='upload_newest')],
            },
        ),
        leeward.tables.NewTable(
            name='HashList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('name', models.CharField(max_length=60)),
                ('title', models.CharField(default='', max_length=200)),
                ('banks', models.JSONField(default=list)),
                ('kinds', models.JSONField(default=list)),
                ('baseline_only', models.BooleanField(default=False)),
                ('formats', models.JSONField(default=list)),
                ('readers', models.JSONField(default=list)),
                ('selected_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('hotline', 'name'), name='hash_list_once')],
            },
        ),
        leeward.tables.NewTable(
            name='ListVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='hashbank.hashlist')),
                ('version', models.PositiveBigIntegerField()),
                ('base', models.PositiveBigIntegerField(default=0)),
                ('revision', models.PositiveBigIntegerField()),
                ('made_at', models.DateTimeField()),
                ('entries', models.PositiveBigIntegerField()),
                ('drops', models.PositiveBigIntegerField(default=0)),
                ('bytes', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('signature', models.CharField(max_length=100)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('list', 'version', 'base'), name='list_version_once')],
            },
        ),
        leeward.tables.NewTable(
            name='ListReader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hotline', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.hotline')),
                ('list', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='hashbank.hashlist')),
                ('key_id', models.BigIntegerField()),
                ('since', models.DateTimeField()),
                ('form', models.CharField(default='', max_length=20)),
                ('version', models.PositiveBigIntegerField(default=0)),
                ('at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(null=True)),
                ('failure', models.CharField(default='', max_length=40)),
                ('alarm', models.CharField(default='', max_length=20)),
                ('alarm_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['hotline', 'id'], name='list_reader_order')],
                'constraints': [models.UniqueConstraint(fields=('list', 'key_id'), name='list_reader_once')],
            },
        ),
    ]
