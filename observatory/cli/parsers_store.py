"""Parsers of the commands of an operator: backup, copy, restore, store, doctor."""

from pathlib import Path

from observatory.cli.arguments import AddCommand, add_format_option, import_lazily


def add_store_commands(add_command: AddCommand) -> None:
    """The commands of an operator."""
    _add_copying_commands(add_command)
    _add_store_command(add_command)
    _add_doctor_command(add_command)


def _add_copying_commands(add_command: AddCommand) -> None:
    backup = add_command(
        "backup",
        import_lazily("backup", "operations"),
        "copy the store to a file, while it is served and written",
        "observatory backup /backups/observatory.db",
        "The copy is checked before it takes its name; a backup of that name is replaced.",
    )
    backup.add_argument("file", type=Path, metavar="FILE", help="the backup, one file")
    copied = add_command(
        "copy",
        import_lazily("copy", "operations"),
        "copy a store to an empty one, as from a file to a database",
        "observatory copy /var/lib/observatory/observatory.db postgresql://observatory_writer@db.example/observatory",
        "All rows and their numbers are the same in the copy, which is compared before it counts. OBSERVATORY_STORE is "
        "not looked at.",
    )
    for name in ("source", "target"):
        copied.add_argument(
            name, metavar="FROM" if name == "source" else "TO", help="a file, or the address of a store"
        )
    restore = add_command(
        "restore",
        import_lazily("restore", "operations"),
        "put a backup in the place of the store",
        "observatory restore /backups/observatory.db",
        "The backup is checked first; what was there is kept beside it, and a running server goes on with the backup.",
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="a file that 'backup' made")
    for parser in (backup, copied, restore):
        add_format_option(parser)


def _add_store_command(add_command: AddCommand) -> None:
    store = add_command(
        "store",
        import_lazily("store", "operations"),
        "check the store, or make what it lacks",
        "observatory store check",
    )
    actions = store.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action, text in (
        ("check", "damage, absent triggers, editions that were changed"),
        ("init", "make the tables, triggers and digests that are absent"),
    ):
        one = actions.add_parser(action, help=text, description=text, epilog=f"Example: observatory store {action}")
        add_format_option(one)
        if action == "init":
            one.add_argument(
                "--owner", action="store_true", help="print instead what an administrator of PostgreSQL runs with psql"
            )


def _add_doctor_command(add_command: AddCommand) -> None:
    doctor = add_command(
        "doctor",
        import_lazily("doctor", "doctor"),
        "what is wrong with the installation, or with a server that runs",
        "observatory doctor https://observatory.example",
        "Each problem with its cure; nothing is written. Exit code 1: something is wrong.",
    )
    doctor.add_argument("url", nargs="?", default="", metavar="URL", help="a server (default: this installation)")
    add_format_option(doctor)
    doctor.add_argument("--json", dest="format", action="store_const", const="json", help="the same as --format json")
