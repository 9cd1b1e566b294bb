"""run: from the command line into a program's main. As in TF: tf.app."""

import sys

from pellucid.platform import flags

_HELP = ("help", "h", "helpshort", "helpfull")


def run(main=None, argv=None):
    """Parses the flags, calls main with the arguments that are left, and exits with its result.

    Args:
      main: function(argv); the function `main` of the program by default.
      argv: list of str; sys.argv by default.

    Flags that nobody defined are handed to main. A wrong value ends the program with code 1,
    --help shows the flags. As in TF: tf.app.run.
    """
    argv = sys.argv if argv is None else argv
    main = main or sys.modules["__main__"].main
    if any(argument.lstrip("-").partition("=")[0] in _HELP and argument.startswith("-")
           for argument in argv[1:]) and not set(_HELP) & set(flags.FLAGS):
        print(sys.modules["__main__"].__doc__ or f"\nUSAGE: {argv[0]} [flags]")
        print(f"flags:\n{flags.FLAGS.main_module_help()}")
        sys.exit(1)
    try:
        rest = flags.FLAGS(argv, known_only=True)
    except flags.Error as error:
        print(f"FATAL Flags parsing error:\n  {error}\n"
              "Pass --helpshort or --helpfull to see help on flags.", file=sys.stderr)
        sys.exit(1)
    sys.exit(main(rest))
