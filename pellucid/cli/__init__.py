"""The command `pellucid`: one file a subcommand, put together in main.py."""
