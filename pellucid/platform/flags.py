"""Flags: what a program takes from its command line.

    tf.flags.DEFINE_integer("steps", 100, "How long to train.")
    FLAGS = tf.flags.FLAGS
    FLAGS.steps                  # parses sys.argv on first use, or app.run does

`--name=value`, `--name value`, one dash or two, `--flag` and `--noflag` for booleans; what stands
after the first argument that is no flag is left alone. As in TF: tf.flags, tf.app.flags, which in
1.15 are absl's. Read next: flag_types.py.
"""

import difflib
import sys

from pellucid.platform.flag_types import (
    BooleanParser,
    CsvParser,
    DuplicateFlagError,
    EnumParser,
    Error,
    Flag,
    FloatParser,
    IllegalFlagValueError,  # noqa: F401 - flags.IllegalFlagValueError
    IntegerParser,
    MultiFlag,
    StringParser,
    UnrecognizedFlagError,
    ValidationError,
    WhitespaceParser,
)


class FlagValues:
    """The flags of a program, by name, as attributes. As in TF: tf.flags.FLAGS.

    Called with an argument list it parses it, and returns what is left of it.
    """

    def __init__(self):
        self.__dict__.update(_flags={}, _parsed=False, _validators=[])

    def __call__(self, argv, known_only=False):
        """Parses argv, a program's name and arguments; returns the name and what is no flag.

        Raises UnrecognizedFlagError, unless known_only leaves unknown flags in what is returned;
        IllegalFlagValueError; ValidationError.
        """
        if not argv or isinstance(argv, str):
            raise TypeError("argv should be a list of strings that begins with the program's name.")
        unknown, rest = self._parse(argv[1:], known_only)
        if unknown:
            name = unknown[0]
            raise UnrecognizedFlagError(name, difflib.get_close_matches(name, self._flags, 1))
        self._validate()
        self.mark_as_parsed()
        return [argv[0], *rest]

    def _parse(self, arguments, known_only):
        """(names of unknown flags, arguments that are none of ours)."""
        unknown, rest = [], []
        pending = iter(arguments)
        for argument in pending:
            name, equals, value = argument.removeprefix("-").removeprefix("-").partition("=")
            if not argument.startswith("-") or not name:
                if argument != "--" or known_only:
                    rest.append(argument)
                break
            flag, negated = self._flags.get(name), None
            if flag is None and name.startswith("no"):
                negated = self._flags.get(name[2:])
            if flag is not None:
                if not equals:
                    value = "true" if flag.boolean else next(pending, None)
                    if value is None:
                        raise Error(f"Missing value for flag {argument}")
                flag.parse(value)
            elif negated is not None and negated.boolean:
                if equals:
                    raise ValueError(f"{argument} does not take an argument")
                negated.parse("false")
            elif known_only:
                rest.append(argument)
            else:
                unknown.append(name)
        return unknown, [*rest, *pending]

    def _validate(self):
        for names, checker, message in self._validators:
            values = {name: self._flags[name].value for name in names}
            if not checker(values):
                shown = ", ".join(f"--{name}={value}" for name, value in values.items())
                raise ValidationError(f"flag {shown}: {message}")

    def is_parsed(self):
        """True once the command line was parsed."""
        return self._parsed

    def mark_as_parsed(self):
        """Makes the flags readable with the values that they have."""
        self.__dict__["_parsed"] = True

    def unparse_flags(self):
        """Forgets that the command line was parsed; the next use parses it."""
        self.__dict__["_parsed"] = False

    def _parse_flags(self):
        """TensorFlow 1.4's: parses sys.argv. Programs called it before they read __flags."""
        if not self._parsed:
            self(sys.argv)

    def __getattr__(self, name):
        if name == "__flags":                        # TensorFlow 1.4's dictionary
            return self._flags
        if name not in self._flags:
            raise AttributeError(f"there is no flag {name!r}: define it with tf.flags.DEFINE_*")
        self._parse_flags()
        return self._flags[name].value

    def __setattr__(self, name, value):
        if name not in self._flags:
            raise UnrecognizedFlagError(name, difflib.get_close_matches(name, self._flags, 1))
        self._flags[name].value = value
        self._flags[name].using_default_value = False
        if self._parsed:
            self._validate()

    def __delattr__(self, name):
        if name not in self._flags:
            raise AttributeError(name)
        flag = self._flags[name]
        for known in (flag.name, flag.short_name):
            self._flags.pop(known, None)

    def __getitem__(self, name):
        return self._flags[name]

    def __setitem__(self, name, flag):
        """Adds a flag. DuplicateFlagError if there is one of this name that may not change."""
        for known in filter(None, (name, flag.short_name)):
            if known in self._flags and not (flag.allow_override
                                             or self._flags[known].allow_override):
                raise DuplicateFlagError(
                    f"The flag {known!r} is defined twice. First as "
                    f"{self._flags[known].help!r}, then as {flag.help!r}.")
        for known in filter(None, (name, flag.short_name)):
            self._flags[known] = flag

    def __contains__(self, name):
        return name in self._flags

    def __iter__(self):
        return iter(sorted(self._flags))

    def __len__(self):
        return len(self._flags)

    def __dir__(self):
        return sorted(self._flags)

    def flag_values_dict(self):
        """{name: value} of all flags."""
        return {name: flag.value for name, flag in self._flags.items()}

    def get_flag_value(self, name, default):
        """The value of a flag, or default where it is None or there is no such flag."""
        flag = self._flags.get(name)
        return default if flag is None or flag.value is None else flag.value

    def append_flag_values(self, flag_values):
        """Adds the flags of another FlagValues."""
        for name, flag in flag_values._flags.items():
            if name == flag.name:
                self[name] = flag

    def find_module_defining_flag(self, flagname, default=None):
        """Not kept: `default`."""
        return default

    def main_module_help(self):
        """The flags with their help and defaults, as text."""
        lines = []
        for name in self:
            flag = self._flags[name]
            if name == flag.name:
                dashes = f"--[no]{name}" if flag.boolean else f"--{name}"
                lines += [f"  {dashes}: {flag.help}", f"    (default: {flag.default!r})"]
        return "\n".join(lines)

    get_help = __str__ = main_module_help

    def flags_into_string(self):
        """The flags that have values, as lines of a command line."""
        return "".join(f"{flag.serialize()}\n" for name, flag in sorted(self._flags.items())
                       if name == flag.name and flag.value is not None)


FLAGS = FlagValues()


def DEFINE(parser, name, default, help, flag_values=FLAGS, serializer=None, **args):
    """Defines a flag whose values a parser reads. As in TF: tf.flags.DEFINE.

    Raises NotImplementedError for a serializer: a parser writes its values itself (`show`).
    """
    if serializer is not None:
        raise NotImplementedError("tf.flags.DEFINE(serializer=...) is not supported: give the "
                                  "parser a method show(value).")
    DEFINE_flag(Flag(parser, name, default, help, **args), flag_values)


def DEFINE_flag(flag, flag_values=FLAGS):
    """Adds a Flag. As in TF: tf.flags.DEFINE_flag."""
    flag_values[flag.name] = flag


def _definer(parser_class, kind, flag_class=Flag):
    """A DEFINE_ function; TensorFlow's old argument names are taken as well."""
    def define(*args, **kwargs):
        for old, new in ("flag_name", "name"), ("default_value", "default"), ("docstring", "help"):
            if old in kwargs:
                kwargs[new] = kwargs.pop(old)
        _define(*args, **kwargs)

    def _define(name, default, help, *positional, flag_values=FLAGS, short_name=None,
                allow_override=False, required=False, **options):
        parser = parser_class(*positional, **options)
        flag_values[name] = flag_class(parser, name, default, help, short_name, allow_override)
        if required:
            mark_flag_as_required(name, flag_values)
    define.__name__ = define.__qualname__ = f"DEFINE_{kind}"
    define.__doc__ = f"Defines a flag (name, default, help): {parser_class.__doc__}"
    return define


DEFINE_string = _definer(StringParser, "string")
DEFINE_integer = _definer(IntegerParser, "integer")
DEFINE_float = _definer(FloatParser, "float")
DEFINE_boolean = DEFINE_bool = _definer(BooleanParser, "boolean")
DEFINE_list = _definer(CsvParser, "list")
DEFINE_spaceseplist = _definer(WhitespaceParser, "spaceseplist")
DEFINE_multi = _definer(StringParser, "multi", MultiFlag)
DEFINE_multi_string = _definer(StringParser, "multi_string", MultiFlag)
DEFINE_multi_integer = _definer(IntegerParser, "multi_integer", MultiFlag)
DEFINE_multi_float = _definer(FloatParser, "multi_float", MultiFlag)


def DEFINE_enum(name, default, enum_values, help, flag_values=FLAGS, short_name=None,
                case_sensitive=True):
    """Defines a flag that takes one of enum_values. As in TF: tf.flags.DEFINE_enum."""
    flag_values[name] = Flag(EnumParser(enum_values, case_sensitive), name, default, help,
                             short_name)


def DEFINE_multi_enum(name, default, enum_values, help, flag_values=FLAGS, short_name=None,
                      case_sensitive=True):
    """Defines a flag that takes some of enum_values. As in TF: tf.flags.DEFINE_multi_enum."""
    flag_values[name] = MultiFlag(EnumParser(enum_values, case_sensitive), name, default, help,
                                  short_name)


def DEFINE_alias(name, original_name, flag_values=FLAGS):
    """Gives a flag a second name. As in TF: tf.flags.DEFINE_alias."""
    flag_values._flags[name] = flag_values[original_name]


def register_validator(flag_name, checker, message="Flag validation failed",
                       flag_values=FLAGS):
    """Demands checker(value) of a flag. As in TF: tf.flags.register_validator."""
    flag_values._validators.append(
        ((flag_name,), lambda values: checker(values[flag_name]), message))


def register_multi_flags_validator(flag_names, multi_flags_checker,
                                   message="Flags validation failed", flag_values=FLAGS):
    """Demands checker({name: value}) of several flags."""
    flag_values._validators.append((tuple(flag_names), multi_flags_checker, message))


def validator(flag_name, message="Flag validation failed", flag_values=FLAGS):
    """A decorator: the function is the flag's checker. As in TF: tf.flags.validator."""
    def register(function):
        register_validator(flag_name, function, message, flag_values)
        return function
    return register


def mark_flag_as_required(flag_name, flag_values=FLAGS):
    """Demands a value other than None. As in TF: tf.flags.mark_flag_as_required."""
    register_validator(flag_name, lambda value: value is not None,
                       f"Flag --{flag_name} must have a value other than None.", flag_values)


def mark_flags_as_required(flag_names, flag_values=FLAGS):
    """mark_flag_as_required, for each. As in TF: tf.flags.mark_flags_as_required."""
    for name in flag_names:
        mark_flag_as_required(name, flag_values)


def mark_flags_as_mutual_exclusive(flag_names, required=False, flag_values=FLAGS):
    """Demands that at most one of the flags, or exactly one, has a value other than None."""
    def alone(values):
        count = sum(value is not None for value in values.values())
        return count == 1 or (not required and count == 0)
    register_multi_flags_validator(
        flag_names, alone, f"{'Exactly' if required else 'At most'} one of "
        f"({', '.join(flag_names)}) must have a value other than None.", flag_values)


def flag_dict_to_args(flag_map):
    """Yields command line arguments for {name: value}. As in TF: tf.flags.flag_dict_to_args."""
    for name, value in flag_map.items():
        if value is None:
            yield f"--{name}"
        elif isinstance(value, bool):
            yield f"--{name}" if value else f"--no{name}"
        elif isinstance(value, str | bytes):
            yield f"--{name}={value}"
        else:
            try:
                yield f"--{name}={','.join(map(str, value))}"
            except TypeError:
                yield f"--{name}={value}"
