"""Everything the environment may say, in one place (docs/guides/settings.md lists it).

Only `wiring`, `cli` and `api` read settings; rooms get values.
"""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from `MUYBRIDGE_*` variables; every field has a default that works on a laptop."""

    model_config = SettingsConfigDict(env_prefix="MUYBRIDGE_", extra="ignore")

    data_dir: Path = Path("data")
    """Where the embedded database, the local store, keys and work folders live."""
    database_url: str = ""
    """Empty: SQLite in the data folder. Else a SQLAlchemy URL, e.g. postgresql+psycopg://user:password@host/db."""
    store_url: str = ""
    """Empty: a folder in the data folder. Else s3://bucket/prefix."""
    store_endpoint: str = ""
    """S3 endpoint when it is not Amazon's, e.g. http://127.0.0.1:8333."""
    store_region: str = "us-east-1"
    store_access_key: SecretStr = SecretStr("")
    store_secret_key: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = Field(default=8400, ge=0, le=65535)
    public_url: str = ""
    """The URL people use when it differs from host and port (behind a reverse proxy)."""
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    workers: int = Field(default=1, ge=0, le=64)
    """Worker slots that `serve` runs beside the server; 0 for none."""
    max_upload_bytes: int = Field(default=50 * 2**30, gt=0)
    allow_private_webhooks: bool = False
    """Whether webhooks may be made for addresses of private networks (this machine's own among them)."""
    log_level: str = "info"

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'muybridge.db'}"

    @property
    def resolved_store_url(self) -> str:
        return self.store_url or (self.data_dir.resolve() / "store").as_uri()

    @property
    def base_url(self) -> str:
        if self.public_url:
            return self.public_url.rstrip("/")
        # What listens everywhere is no address that one could go to.
        host = "localhost" if self.host in ("0.0.0.0", "::") else f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls_certificate else 'http'}://{host}:{self.port}"
