"""The first tables."""

import sqlalchemy as sa
from alembic import op

from muybridge import db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_failures",
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_login_failures")),
    )
    op.create_table(
        "tenants",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scopes", db.Json, nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=31), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_api_keys_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_keys_digest")),
    )
    op.create_index(op.f("ix_api_keys_tenant_id"), "api_keys", ["tenant_id"], unique=False)
    op.create_table(
        "artifacts",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("filename", sa.String(length=512), nullable=False),
        sa.Column("facts", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_artifacts_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artifacts")),
    )
    op.create_index(op.f("ix_artifacts_digest"), "artifacts", ["digest"], unique=False)
    op.create_index(op.f("ix_artifacts_tenant_id"), "artifacts", ["tenant_id"], unique=False)
    op.create_table(
        "datasets",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("query", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_datasets_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_datasets")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_datasets_tenant_id_name")),
    )
    op.create_index(op.f("ix_datasets_tenant_id"), "datasets", ["tenant_id"], unique=False)
    op.create_table(
        "event_heads",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_event_heads_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_event_heads")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("actor_id", sa.String(length=31), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(length=31), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_events_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("tenant_id", "seq", name=op.f("uq_events_tenant_id_seq")),
    )
    op.create_index("ix_events_actor", "events", ["tenant_id", "actor_id", "seq"], unique=False)
    op.create_index("ix_events_name", "events", ["tenant_id", "name", "seq"], unique=False)
    op.create_index("ix_events_subject", "events", ["tenant_id", "subject_id", "seq"], unique=False)
    op.create_index(op.f("ix_events_tenant_id"), "events", ["tenant_id"], unique=False)
    op.create_index(
        "ix_events_unsealed",
        "events",
        ["id"],
        unique=False,
        sqlite_where=sa.text("seq IS NULL"),
        postgresql_where=sa.text("seq IS NULL"),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=31), nullable=False),
        sa.Column("scope_id", sa.String(length=31), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("granted_by", sa.String(length=31), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_grants_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("tenant_id", "actor_id", "scope_id", name=op.f("uq_grants_tenant_id_actor_id_scope_id")),
    )
    op.create_index(op.f("ix_grants_actor_id"), "grants", ["actor_id"], unique=False)
    op.create_index(op.f("ix_grants_scope_id"), "grants", ["scope_id"], unique=False)
    op.create_index(op.f("ix_grants_tenant_id"), "grants", ["tenant_id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("result_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_idempotency_keys_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_tenant_id"), "idempotency_keys", ["tenant_id"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("subject_id", sa.String(length=31), nullable=True),
        sa.Column("args", db.Json, nullable=False),
        sa.Column("actor_id", sa.String(length=31), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("gpus", sa.Integer(), nullable=False),
        sa.Column("lock", sa.String(length=120), nullable=True),
        sa.Column("dedupe_key", sa.String(length=120), nullable=True),
        sa.Column("run_after", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("lease_until", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=120), nullable=True),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("cancel_requested_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failure", db.Json, nullable=True),
        sa.Column("started_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_jobs_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(
        "ix_jobs_claim",
        "jobs",
        [sa.literal_column("priority DESC"), "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_jobs_running",
        "jobs",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index("ix_jobs_subject_id", "jobs", ["subject_id"], unique=False)
    op.create_index(op.f("ix_jobs_tenant_id"), "jobs", ["tenant_id"], unique=False)
    op.create_index(
        "ix_jobs_waiting",
        "jobs",
        ["lock", "priority", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued' AND lock IS NOT NULL"),
        postgresql_where=sa.text("state = 'queued' AND lock IS NOT NULL"),
    )
    op.create_index(
        "uq_jobs_dedupe",
        "jobs",
        ["tenant_id", "dedupe_key"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running') AND dedupe_key IS NOT NULL"),
        postgresql_where=sa.text("state IN ('queued', 'running') AND dedupe_key IS NOT NULL"),
    )
    op.create_index(
        "uq_jobs_lock",
        "jobs",
        ["lock"],
        unique=True,
        sqlite_where=sa.text("state = 'running' AND lock IS NOT NULL"),
        postgresql_where=sa.text("state = 'running' AND lock IS NOT NULL"),
    )
    op.create_table(
        "lineage_edges",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("child_id", sa.String(length=31), nullable=False),
        sa.Column("parent_id", sa.String(length=31), nullable=False),
        sa.Column("relation", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_lineage_edges_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("child_id", "parent_id", "relation", name=op.f("pk_lineage_edges")),
    )
    op.create_index("ix_lineage_edges_parent_id_child_id", "lineage_edges", ["parent_id", "child_id"], unique=False)
    op.create_index(op.f("ix_lineage_edges_tenant_id"), "lineage_edges", ["tenant_id"], unique=False)
    op.create_table(
        "lineage_titles",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("title", sa.String(length=512), nullable=False),
        sa.Column("facts", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_lineage_titles_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineage_titles")),
    )
    op.create_index(op.f("ix_lineage_titles_tenant_id"), "lineage_titles", ["tenant_id"], unique=False)
    op.create_table(
        "members",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("removed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_members_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("tenant_id", "email", name=op.f("uq_members_tenant_id_email")),
    )
    op.create_index(op.f("ix_members_email"), "members", ["email"], unique=False)
    op.create_index(op.f("ix_members_tenant_id"), "members", ["tenant_id"], unique=False)
    op.create_table(
        "projects",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("ontology_id", sa.String(length=31), nullable=True),
        sa.Column("class_method", sa.String(length=100), nullable=False),
        sa.Column("review_below", sa.Double(), nullable=False),
        sa.Column("gold_rate", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_projects_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
    )
    op.create_index(op.f("ix_projects_tenant_id"), "projects", ["tenant_id"], unique=False)
    op.create_table(
        "quotas",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("limit_amount", sa.BigInteger(), nullable=True),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("window", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_quotas_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotas")),
        sa.UniqueConstraint("tenant_id", "resource", name=op.f("uq_quotas_tenant_id_resource")),
    )
    op.create_index(op.f("ix_quotas_tenant_id"), "quotas", ["tenant_id"], unique=False)
    op.create_table(
        "scope_contents",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("scope_id", sa.String(length=31), nullable=False),
        sa.Column("subject_id", sa.String(length=31), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_scope_contents_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("scope_id", "subject_id", name=op.f("pk_scope_contents")),
    )
    op.create_index(op.f("ix_scope_contents_subject_id"), "scope_contents", ["subject_id"], unique=False)
    op.create_index(op.f("ix_scope_contents_tenant_id"), "scope_contents", ["tenant_id"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("rights", db.Json, nullable=False),
        sa.Column("asset_id", sa.String(length=31), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_uploads_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_tenant_id"), "uploads", ["tenant_id"], unique=False)
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_names", db.Json, nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("secret", sa.String(length=80), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("allows_private", sa.Boolean(), nullable=False),
        sa.Column("paused_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_webhooks_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index(op.f("ix_webhooks_tenant_id"), "webhooks", ["tenant_id"], unique=False)
    op.create_table(
        "assets",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("search_name", sa.String(length=512), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("source_artifact_id", sa.String(length=31), nullable=False),
        sa.Column("proxy_artifact_id", sa.String(length=31), nullable=True),
        sa.Column("poster_artifact_id", sa.String(length=31), nullable=True),
        sa.Column("filmstrip_artifact_id", sa.String(length=31), nullable=True),
        sa.Column("index_artifact_id", sa.String(length=31), nullable=True),
        sa.Column("job_id", sa.String(length=31), nullable=True),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("failure", db.Json, nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("display_width", sa.Integer(), nullable=True),
        sa.Column("display_height", sa.Integer(), nullable=True),
        sa.Column("rotation", sa.Integer(), nullable=True),
        sa.Column("time_base_num", sa.Integer(), nullable=True),
        sa.Column("time_base_den", sa.Integer(), nullable=True),
        sa.Column("num_frames", sa.Integer(), nullable=True),
        sa.Column("start_pts", sa.BigInteger(), nullable=True),
        sa.Column("end_pts", sa.BigInteger(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("fps", sa.Double(), nullable=True),
        sa.Column("is_vfr", sa.Boolean(), nullable=True),
        sa.Column("codec", sa.String(length=32), nullable=True),
        sa.Column("pixel_format", sa.String(length=32), nullable=True),
        sa.Column("has_audio", sa.Boolean(), nullable=True),
        sa.Column("facts", db.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["filmstrip_artifact_id"], ["artifacts.id"], name=op.f("fk_assets_filmstrip_artifact_id_artifacts")
        ),
        sa.ForeignKeyConstraint(
            ["index_artifact_id"], ["artifacts.id"], name=op.f("fk_assets_index_artifact_id_artifacts")
        ),
        sa.ForeignKeyConstraint(
            ["poster_artifact_id"], ["artifacts.id"], name=op.f("fk_assets_poster_artifact_id_artifacts")
        ),
        sa.ForeignKeyConstraint(
            ["proxy_artifact_id"], ["artifacts.id"], name=op.f("fk_assets_proxy_artifact_id_artifacts")
        ),
        sa.ForeignKeyConstraint(
            ["source_artifact_id"], ["artifacts.id"], name=op.f("fk_assets_source_artifact_id_artifacts")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_assets_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
    )
    op.create_index(op.f("ix_assets_tenant_id"), "assets", ["tenant_id"], unique=False)
    op.create_index("ix_assets_tenant_id_id", "assets", ["tenant_id", "id"], unique=False)
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("project_id", sa.String(length=31), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_batches_project_id_projects")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_batches_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("project_id", "name", name=op.f("uq_batches_project_id_name")),
    )
    op.create_index(op.f("ix_batches_tenant_id"), "batches", ["tenant_id"], unique=False)
    op.create_table(
        "dataset_versions",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("dataset_id", sa.String(length=31), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("manifest_artifact_id", sa.String(length=31), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("query", db.Json, nullable=False),
        sa.Column("num_assets", sa.Integer(), nullable=False),
        sa.Column("num_clips", sa.Integer(), nullable=False),
        sa.Column("num_annotations", sa.Integer(), nullable=False),
        sa.Column("splits", db.Json, nullable=False),
        sa.Column("split_rule", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("includes_synthetic", sa.Boolean(), nullable=False),
        sa.Column("rights_proof", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], name=op.f("fk_dataset_versions_dataset_id_datasets")),
        sa.ForeignKeyConstraint(
            ["manifest_artifact_id"], ["artifacts.id"], name=op.f("fk_dataset_versions_manifest_artifact_id_artifacts")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_dataset_versions_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_versions")),
        sa.UniqueConstraint("dataset_id", "number", name=op.f("uq_dataset_versions_dataset_id_number")),
    )
    op.create_index("ix_dataset_versions_digest", "dataset_versions", ["digest"], unique=False)
    op.create_index(op.f("ix_dataset_versions_tenant_id"), "dataset_versions", ["tenant_id"], unique=False)
    op.create_table(
        "job_channels",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("job_id", sa.String(length=31), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_channels_job_id_jobs")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_job_channels_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_channels")),
    )
    op.create_index(op.f("ix_job_channels_tenant_id"), "job_channels", ["tenant_id"], unique=False)
    op.create_table(
        "job_events",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.String(length=31), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("lease", sa.Integer(), nullable=False),
        sa.Column("facts", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_events_job_id_jobs")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_job_events_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_events")),
    )
    op.create_index("ix_job_events_job_id_id", "job_events", ["job_id", "id"], unique=False)
    op.create_index(op.f("ix_job_events_tenant_id"), "job_events", ["tenant_id"], unique=False)
    op.create_table(
        "job_steps",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("job_id", sa.String(length=31), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("result", db.Json, nullable=False),
        sa.Column("done_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_steps_job_id_jobs")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_job_steps_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("job_id", "stage", name=op.f("pk_job_steps")),
    )
    op.create_index(op.f("ix_job_steps_tenant_id"), "job_steps", ["tenant_id"], unique=False)
    op.create_table(
        "login_links",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=31), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_login_links_member_id_members")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_login_links_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_login_links")),
    )
    op.create_index(op.f("ix_login_links_member_id"), "login_links", ["member_id"], unique=False)
    op.create_index(op.f("ix_login_links_tenant_id"), "login_links", ["tenant_id"], unique=False)
    op.create_table(
        "logins",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.String(length=31), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_logins_member_id_members")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_logins_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logins")),
        sa.UniqueConstraint("digest", name=op.f("uq_logins_digest")),
    )
    op.create_index(op.f("ix_logins_member_id"), "logins", ["member_id"], unique=False)
    op.create_index(op.f("ix_logins_tenant_id"), "logins", ["tenant_id"], unique=False)
    op.create_table(
        "ontologies",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("project_id", sa.String(length=31), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("classes", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_ontologies_project_id_projects")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_ontologies_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ontologies")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_ontologies_project_id_number")),
    )
    op.create_index(op.f("ix_ontologies_tenant_id"), "ontologies", ["tenant_id"], unique=False)
    op.create_table(
        "clips",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asset_id", sa.String(length=31), nullable=False),
        sa.Column("start_frame", sa.Integer(), nullable=False),
        sa.Column("end_frame", sa.Integer(), nullable=False),
        sa.Column("start_pts", sa.BigInteger(), nullable=False),
        sa.Column("end_pts", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_clips_asset_id_assets"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_clips_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clips")),
    )
    op.create_index(op.f("ix_clips_asset_id"), "clips", ["asset_id"], unique=False)
    op.create_index(op.f("ix_clips_tenant_id"), "clips", ["tenant_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asset_id", sa.String(length=31), nullable=False),
        sa.Column("person_ref", sa.String(length=256), nullable=False),
        sa.Column("uses", db.Json, nullable=False),
        sa.Column("given_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_consents_asset_id_assets"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_consents_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(op.f("ix_consents_asset_id"), "consents", ["asset_id"], unique=False)
    op.create_index(op.f("ix_consents_tenant_id"), "consents", ["tenant_id"], unique=False)
    op.create_table(
        "rights",
        sa.Column("asset_id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=512), nullable=False),
        sa.Column("owner", sa.String(length=512), nullable=False),
        sa.Column("licence", sa.String(length=256), nullable=False),
        sa.Column("allowed_uses", db.Json, nullable=False),
        sa.Column("expires_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("retain_until", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("declared_by", sa.String(length=31), nullable=True),
        sa.Column("declared_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=31), nullable=True),
        sa.Column("revoked_reason", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_rights_asset_id_assets"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_rights_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("asset_id", name=op.f("pk_rights")),
    )
    op.create_index(op.f("ix_rights_tenant_id"), "rights", ["tenant_id"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("recipe", db.Json, nullable=False),
        sa.Column("version_id", sa.String(length=31), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=31), nullable=True),
        sa.Column("parent_checkpoint_id", sa.String(length=31), nullable=True),
        sa.Column("code_version", sa.String(length=100), nullable=False),
        sa.Column("budget_s", sa.Double(), nullable=True),
        sa.Column("stop_requested_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_runs_tenant_id_tenants")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["dataset_versions.id"], name=op.f("fk_runs_version_id_dataset_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_tenant_id"), "runs", ["tenant_id"], unique=False)
    op.create_index(op.f("ix_runs_version_id"), "runs", ["version_id"], unique=False)
    op.create_table(
        "shots",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asset_id", sa.String(length=31), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start_frame", sa.Integer(), nullable=False),
        sa.Column("end_frame", sa.Integer(), nullable=False),
        sa.Column("start_pts", sa.BigInteger(), nullable=False),
        sa.Column("end_pts", sa.BigInteger(), nullable=False),
        sa.Column("detector", sa.String(length=64), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_shots_asset_id_assets"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_shots_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shots")),
    )
    op.create_index(op.f("ix_shots_tenant_id"), "shots", ["tenant_id"], unique=False)
    op.create_index("uq_shots_asset_id_number", "shots", ["asset_id", "number"], unique=True)
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("project_id", sa.String(length=31), nullable=False),
        sa.Column("batch_id", sa.String(length=31), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("asset_id", sa.String(length=31), nullable=True),
        sa.Column("start_frame", sa.Integer(), nullable=True),
        sa.Column("end_frame", sa.Integer(), nullable=True),
        sa.Column("start_pts", sa.BigInteger(), nullable=True),
        sa.Column("end_pts", sa.BigInteger(), nullable=True),
        sa.Column("ontology_id", sa.String(length=31), nullable=True),
        sa.Column("replicas", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("gold", db.Json, nullable=True),
        sa.Column("is_gold", sa.Boolean(), nullable=False),
        sa.Column("payload", db.Json, nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("completed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("replicas >= 1", name=op.f("ck_tasks_replicas_positive")),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_tasks_asset_id_assets")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_tasks_batch_id_batches")),
        sa.ForeignKeyConstraint(["ontology_id"], ["ontologies.id"], name=op.f("fk_tasks_ontology_id_ontologies")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_tasks_project_id_projects")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_tasks_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("project_id", "external_id", name=op.f("uq_tasks_project_id_external_id")),
    )
    op.create_index("ix_tasks_asset_id", "tasks", ["asset_id"], unique=False)
    op.create_index(
        "ix_tasks_claim",
        "tasks",
        ["project_id", "is_open", "is_gold", sa.literal_column("priority DESC"), "id"],
        unique=False,
    )
    op.create_index(op.f("ix_tasks_tenant_id"), "tasks", ["tenant_id"], unique=False)
    op.create_table(
        "assignments",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("project_id", sa.String(length=31), nullable=False),
        sa.Column("task_id", sa.String(length=31), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("lease_until", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("released_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("draft", db.Json, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_assignments_project_id_projects")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_assignments_task_id_tasks")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_assignments_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("task_id", "actor_id", name=op.f("uq_assignments_task_id_actor_id")),
    )
    op.create_index("ix_assignments_actor", "assignments", ["project_id", "actor_id", "submitted_at"], unique=False)
    op.create_index("ix_assignments_task", "assignments", ["tenant_id", "task_id"], unique=False)
    op.create_index(op.f("ix_assignments_tenant_id"), "assignments", ["tenant_id"], unique=False)
    op.create_table(
        "checkpoints",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(length=31), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("artifact_id", sa.String(length=31), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("card", db.Json, nullable=False),
        sa.Column("config", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["artifact_id"], ["artifacts.id"], name=op.f("fk_checkpoints_artifact_id_artifacts")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_checkpoints_run_id_runs")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_checkpoints_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoints")),
        sa.UniqueConstraint("run_id", "step", name=op.f("uq_checkpoints_run_id_step")),
    )
    op.create_index("ix_checkpoints_digest", "checkpoints", ["digest"], unique=False)
    op.create_index(op.f("ix_checkpoints_tenant_id"), "checkpoints", ["tenant_id"], unique=False)
    op.create_table(
        "consensuses",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("task_id", sa.String(length=31), nullable=False),
        sa.Column("method", sa.String(length=100), nullable=False),
        sa.Column("agreement", sa.Double(), nullable=False),
        sa.Column("num_attempts", sa.Integer(), nullable=False),
        sa.Column("value", db.Json, nullable=False),
        sa.Column("sources", db.Json, nullable=False),
        sa.Column("review_state", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_consensuses_task_id_tasks")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_consensuses_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consensuses")),
        sa.UniqueConstraint("task_id", name=op.f("uq_consensuses_task_id")),
    )
    op.create_index(op.f("ix_consensuses_tenant_id"), "consensuses", ["tenant_id"], unique=False)
    op.create_table(
        "run_metrics",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(length=31), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("values", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_metrics_run_id_runs")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_run_metrics_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("run_id", "step", name=op.f("pk_run_metrics")),
    )
    op.create_index(op.f("ix_run_metrics_tenant_id"), "run_metrics", ["tenant_id"], unique=False)
    op.create_table(
        "run_samples",
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(length=31), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("artifact_id", sa.String(length=31), nullable=False),
        sa.Column("prompts", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["artifact_id"], ["artifacts.id"], name=op.f("fk_run_samples_artifact_id_artifacts")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_samples_run_id_runs")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_run_samples_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("run_id", "step", name=op.f("pk_run_samples")),
    )
    op.create_index(op.f("ix_run_samples_tenant_id"), "run_samples", ["tenant_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("task_id", sa.String(length=31), nullable=False),
        sa.Column("assignment_id", sa.String(length=31), nullable=True),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("gold_score", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_attempts_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_attempts_task_id_tasks")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_attempts_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_attempts_assignment_id")),
    )
    op.create_index("ix_attempts_task_id", "attempts", ["task_id"], unique=False)
    op.create_index(op.f("ix_attempts_tenant_id"), "attempts", ["tenant_id"], unique=False)
    op.create_table(
        "evaluations",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("checkpoint_id", sa.String(length=31), nullable=False),
        sa.Column("version_id", sa.String(length=31), nullable=True),
        sa.Column("settings", db.Json, nullable=False),
        sa.Column("job_id", sa.String(length=31), nullable=True),
        sa.Column("metrics", db.Json, nullable=True),
        sa.Column("report_artifact_id", sa.String(length=31), nullable=True),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["checkpoints.id"], name=op.f("fk_evaluations_checkpoint_id_checkpoints")
        ),
        sa.ForeignKeyConstraint(
            ["report_artifact_id"], ["artifacts.id"], name=op.f("fk_evaluations_report_artifact_id_artifacts")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_evaluations_tenant_id_tenants")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["dataset_versions.id"], name=op.f("fk_evaluations_version_id_dataset_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
    )
    op.create_index(op.f("ix_evaluations_checkpoint_id"), "evaluations", ["checkpoint_id"], unique=False)
    op.create_index(op.f("ix_evaluations_tenant_id"), "evaluations", ["tenant_id"], unique=False)
    op.create_table(
        "generations",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("engine", sa.String(length=64), nullable=False),
        sa.Column("spec", db.Json, nullable=False),
        sa.Column("spec_digest", sa.String(length=64), nullable=False),
        sa.Column("prompt_digest", sa.String(length=64), nullable=False),
        sa.Column("checkpoint_id", sa.String(length=31), nullable=True),
        sa.Column("input_asset_id", sa.String(length=31), nullable=True),
        sa.Column("job_id", sa.String(length=31), nullable=True),
        sa.Column("artifact_id", sa.String(length=31), nullable=True),
        sa.Column("asset_id", sa.String(length=31), nullable=True),
        sa.Column("verdict", db.Json, nullable=True),
        sa.ForeignKeyConstraint(["artifact_id"], ["artifacts.id"], name=op.f("fk_generations_artifact_id_artifacts")),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_generations_asset_id_assets")),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["checkpoints.id"], name=op.f("fk_generations_checkpoint_id_checkpoints")
        ),
        sa.ForeignKeyConstraint(["input_asset_id"], ["assets.id"], name=op.f("fk_generations_input_asset_id_assets")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_generations_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generations")),
    )
    op.create_index(op.f("ix_generations_checkpoint_id"), "generations", ["checkpoint_id"], unique=False)
    op.create_index(op.f("ix_generations_input_asset_id"), "generations", ["input_asset_id"], unique=False)
    op.create_index(op.f("ix_generations_tenant_id"), "generations", ["tenant_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("project_id", sa.String(length=31), nullable=False),
        sa.Column("task_id", sa.String(length=31), nullable=False),
        sa.Column("consensus_id", sa.String(length=31), nullable=False),
        sa.Column("agreement", sa.Double(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("value", db.Json, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consensus_id"], ["consensuses.id"], name=op.f("fk_reviews_consensus_id_consensuses")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_reviews_project_id_projects")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_reviews_task_id_tasks")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_reviews_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_project_id", "reviews", ["project_id", "decided_at"], unique=False)
    op.create_index(op.f("ix_reviews_tenant_id"), "reviews", ["tenant_id"], unique=False)
    op.create_table(
        "annotations",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempt_id", sa.String(length=31), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("class_name", sa.String(length=200), nullable=True),
        sa.Column("value", db.Json, nullable=False),
        sa.Column("attributes", db.Json, nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_annotations_attempt_id_attempts")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_annotations_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotations")),
    )
    op.create_index("ix_annotations_attempt_id", "annotations", ["attempt_id"], unique=False)
    op.create_index(op.f("ix_annotations_tenant_id"), "annotations", ["tenant_id"], unique=False)
    op.create_table(
        "comparisons",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("project_id", sa.String(length=31), nullable=False),
        sa.Column("evaluation_id", sa.String(length=31), nullable=True),
        sa.Column("task_id", sa.String(length=31), nullable=False),
        sa.Column("question", sa.String(length=500), nullable=False),
        sa.Column("left_generation_id", sa.String(length=31), nullable=False),
        sa.Column("right_generation_id", sa.String(length=31), nullable=False),
        sa.Column("left_variant", sa.String(length=200), nullable=False),
        sa.Column("right_variant", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluations.id"], name=op.f("fk_comparisons_evaluation_id_evaluations")
        ),
        sa.ForeignKeyConstraint(
            ["left_generation_id"], ["generations.id"], name=op.f("fk_comparisons_left_generation_id_generations")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_comparisons_project_id_projects")),
        sa.ForeignKeyConstraint(
            ["right_generation_id"], ["generations.id"], name=op.f("fk_comparisons_right_generation_id_generations")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_comparisons_task_id_tasks")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_comparisons_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparisons")),
        sa.UniqueConstraint("task_id", name=op.f("uq_comparisons_task_id")),
    )
    op.create_index(op.f("ix_comparisons_evaluation_id"), "comparisons", ["evaluation_id"], unique=False)
    op.create_index(op.f("ix_comparisons_project_id"), "comparisons", ["project_id"], unique=False)
    op.create_index(op.f("ix_comparisons_tenant_id"), "comparisons", ["tenant_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(length=31), nullable=False),
        sa.Column("tenant_id", sa.String(length=31), nullable=False),
        sa.Column("created_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("project_id", sa.String(length=31), nullable=False),
        sa.Column("task_id", sa.String(length=31), nullable=False),
        sa.Column("asset_id", sa.String(length=31), nullable=False),
        sa.Column("tracker", sa.String(length=100), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("value", db.Json, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("annotation_id", sa.String(length=31), nullable=True),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotations.id"], name=op.f("fk_proposals_annotation_id_annotations")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name=op.f("fk_proposals_asset_id_assets")),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_proposals_project_id_projects")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_proposals_task_id_tasks")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_proposals_tenant_id_tenants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index("ix_proposals_project_id", "proposals", ["project_id", "state", "id"], unique=False)
    op.create_index("ix_proposals_task_id", "proposals", ["task_id"], unique=False)
    op.create_index(op.f("ix_proposals_tenant_id"), "proposals", ["tenant_id"], unique=False)
