"""The roles that PostgreSQL and managed services define, and what the server gives them.

Source: the chapter "Predefined Roles" of the PostgreSQL documentation, versions 14 to 18.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.providers.grants import EdgeCertainty

    Gift = tuple[str, str, str]
    """Resource, action, and why in words."""

PREDEFINED: dict[str, tuple[Gift, ...]] = {
    "pg_execute_server_program": (
        ("server program", "EXECUTE", "COPY … TO PROGRAM runs any command on the server"),
    ),
    "pg_write_server_files": (
        ("server file", "UPDATE", "COPY … TO writes any file that the server can write"),
    ),
    "pg_read_server_files": (
        ("server file", "SELECT", "COPY … FROM reads any file that the server can read"),
    ),
    "pg_signal_backend": (("server session", "CANCEL", "ends the sessions of other roles"),),
    "pg_signal_autovacuum_worker": (("server session", "CANCEL", "ends autovacuum workers"),),
    "pg_checkpoint": (("server checkpoint", "EXECUTE", "runs CHECKPOINT"),),
    "pg_create_subscription": (
        ("server subscription", "CREATE", "creates subscriptions in databases it may create in"),
    ),
    "pg_monitor": (("server statistics", "SELECT", "reads what other sessions run"),),
    "pg_read_all_stats": (("server statistics", "SELECT", "reads what other sessions run"),),
    "pg_stat_scan_tables": (("server statistics", "SELECT", "runs functions that lock tables"),),
    "pg_read_all_settings": (("server settings", "SELECT", "reads every setting"),),
    "pg_use_reserved_connections": (("server", "CONNECT", "may use reserved connections"),),
}
"""What holds in the whole server; the roles for all tables are in `rights`."""

TO_EVERYTHING: dict[str, tuple[str, EdgeCertainty, str]] = {
    "pg_execute_server_program": (
        "programs run as the operating system's user that the server runs as",
        "proven",
        "",
    ),
    "pg_write_server_files": (
        "a file written over the configuration or the data of the server",
        "conditional",
        "",
    ),
    "pg_read_server_files": (
        "a file of the server that holds a password or key",
        "needs-fact",
        "whether the server can read a file with a superuser's password or key",
    ),
    "rds_superuser": ("the near-superuser of Amazon RDS", "needs-fact", ""),
    "cloudsqlsuperuser": ("the near-superuser of Cloud SQL", "needs-fact", ""),
    "alloydbsuperuser": ("the near-superuser of AlloyDB", "needs-fact", ""),
    "azure_pg_admin": ("the near-superuser of Azure", "needs-fact", ""),
}
"""Roles that lead to everything: how, how sure, and which fact is missing."""
