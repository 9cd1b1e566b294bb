"""One flag, how its values are read, and what can be wrong with it. Read flags.py first."""


class Error(Exception):
    """Something is wrong with the flags. As in TF: tf.flags.Error."""


class DuplicateFlagError(Error):
    """Two flags of one name."""


class IllegalFlagValueError(Error):
    """A value that the flag cannot have."""


class ValidationError(Error):
    """A value that a validator refuses."""


class UnrecognizedFlagError(Error):
    """A flag on the command line that nobody defined."""

    def __init__(self, flagname, suggestions=()):
        self.flagname = flagname
        hint = f" Did you mean: {', '.join(suggestions)} ?" if suggestions else ""
        super().__init__(f"Unknown command line flag {flagname!r}.{hint}")


class StringParser:
    """a string."""

    def parse(self, argument):
        """`argument` as a value of the flag; ValueError or TypeError if it is none."""
        if not isinstance(argument, str):
            raise TypeError(f"flag value must be a string, found {argument!r}")
        return argument

    def show(self, value):
        """The value as it stands on a command line."""
        return str(value)


class _NumberParser(StringParser):
    """A number within bounds."""

    def __init__(self, lower_bound=None, upper_bound=None):
        self.bounds = lower_bound, upper_bound

    def parse(self, argument):
        value = self.convert(argument)
        lower, upper = self.bounds
        if (lower is not None and value < lower) or (upper is not None and value > upper):
            raise ValueError(f"{value} is not in the range [{lower}, {upper}]")
        return value


class FloatParser(_NumberParser):
    """a float, within lower_bound and upper_bound if they are given."""

    def convert(self, argument):
        """A number or its text, as a float."""
        if not isinstance(argument, str | int | float):
            raise TypeError(f"Expect argument to be a string, int, or float, found {argument!r}")
        return float(argument)


class IntegerParser(_NumberParser):
    """an int, also written as 0x.. or 0o.., within lower_bound and upper_bound if given."""

    def convert(self, argument):
        """A whole number or its text, as an int."""
        if isinstance(argument, str):
            prefix = argument[:2].lower()
            return int(argument, {"0x": 16, "0o": 8}.get(prefix, 10))
        if not isinstance(argument, int):
            raise TypeError(f"Expect argument to be a string or int, found {type(argument)}")
        return argument


class BooleanParser(StringParser):
    """True or False; on the command line --flag, --noflag, or --flag=true."""

    boolean = True

    def parse(self, argument):
        text = str(argument).lower() if isinstance(argument, str | int) else None
        if text in ("true", "t", "1"):
            return True
        if text in ("false", "f", "0"):
            return False
        raise ValueError(f"Non-boolean argument to boolean flag: {argument!r}")


class EnumParser(StringParser):
    """one of a few strings."""

    def __init__(self, enum_values, case_sensitive=True):
        if not enum_values:
            raise ValueError("enum_values cannot be empty")
        self.values, self.case_sensitive = list(enum_values), case_sensitive

    def parse(self, argument):
        for value in self.values:
            if argument == value or (not self.case_sensitive
                                     and argument.lower() == value.lower()):
                return value
        raise ValueError(f"value should be one of <{'|'.join(self.values)}>")


class CsvParser(StringParser):
    """a list of strings, with commas between them."""

    separator = ","

    def parse(self, argument):
        if isinstance(argument, list):
            return argument
        return [part.strip() for part in super().parse(argument).split(self.separator)
                ] if argument else []

    def show(self, value):
        return (self.separator or " ").join(value)


class WhitespaceParser(CsvParser):
    """a list of strings, with blanks between them."""

    separator = None


class Flag:
    """A flag: name, value, default, help.

    Attributes: `value`, what the program reads; `using_default_value`; `present`, how often it
    stood on the command line.
    """

    def __init__(self, parser, name, default, help, short_name=None, allow_override=False):
        self.parser, self.name, self.short_name = parser, name, short_name
        self.help = help or "(no help available)"
        self.allow_override = allow_override
        self.boolean = getattr(parser, "boolean", False)
        self.present, self.using_default_value = 0, True
        self.default = self.value = None if default is None else self._read(default)

    def parse(self, argument):
        """Takes a value from the command line."""
        self.value = self._read(argument)
        self.present += 1
        self.using_default_value = False

    def unparse(self):
        """Back to the default."""
        self.value, self.present, self.using_default_value = self.default, 0, True

    def serialize(self):
        """The flag as it stands on a command line; "" where it has no value."""
        if self.value is None:
            return ""
        if self.boolean:
            return f"--{self.name}" if self.value else f"--no{self.name}"
        return f"--{self.name}={self.parser.show(self.value)}"

    def _read(self, argument):
        try:
            return self.parser.parse(argument)
        except (TypeError, ValueError) as error:
            raise IllegalFlagValueError(f"flag --{self.name}={argument}: {error}") from None


class MultiFlag(Flag):
    """A flag that may be given several times: its value is the list of what was given."""

    def parse(self, argument):
        new = self._read(argument)
        self.value = [*self.value, *new] if self.present else new
        self.present += 1
        self.using_default_value = False

    def _read(self, argument):
        items = argument if isinstance(argument, list | tuple) else [argument]
        return [super(MultiFlag, self)._read(item) for item in items]

    def serialize(self):
        return "\n".join(f"--{self.name}={self.parser.show(item)}" for item in self.value or ())
