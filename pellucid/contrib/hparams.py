"""HParams: a program's settings, by name, each with its type.

    hparams = tf.contrib.training.HParams(learning_rate=0.1, layers=[32, 16])
    hparams.parse("learning_rate=0.3,layers=[64]")
    hparams.learning_rate
"""

import json
import numbers
import re

_ITEM = re.compile(r"""
    (?P<name>[a-zA-Z][\w.]*) (\[\ *(?P<index>\d+)\ *\])? \s*=\s*
    ((?P<value>[^,\[]*) | \[(?P<values>[^\]]*)\])  ($|,\s*)""", re.VERBOSE)


class HParams:
    """A collection of settings. As in TF: tf.contrib.training.HParams.

    Args:
      **kwargs: the settings and their values: numbers, strings, booleans, or lists of one type.
    """

    def __init__(self, hparam_def=None, model_structure=None, **kwargs):
        if hparam_def is not None:
            raise ValueError("HParams(hparam_def=...): give the settings as arguments, or use "
                             "parse_json.")
        self._model_structure = model_structure
        self._hparam_types = {}
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name, value):
        """Adds a setting. ValueError if there is one of this name, or a list is empty."""
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        if isinstance(value, list | tuple):
            if not value:
                raise ValueError("Multi-valued hyperparameters cannot be empty: " + name)
            self._hparam_types[name] = type(value[0]), True
        else:
            self._hparam_types[name] = type(value), False
        setattr(self, name, value)

    def set_hparam(self, name, value):
        """Sets a setting. KeyError if there is none, ValueError if the type is another."""
        kind, is_list = self._hparam_types[name]
        if isinstance(value, list) != is_list:
            raise ValueError(f"Must {'' if is_list else 'not '}pass a list for "
                             f"{'multi' if is_list else 'single'}-valued parameter: {name}")
        setattr(self, name, [_cast(name, kind, v) for v in value] if is_list
                else _cast(name, kind, value))

    def del_hparam(self, name):
        """Removes a setting; it need not exist."""
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def parse(self, values):
        """Overrides settings by "name=value,names=[a,b],name[2]=c". Returns self.

        Raises ValueError for a name that there is not, or a value of another type.
        """
        for name, value in parse_values(values, self._hparam_types).items():
            if isinstance(value, dict):                          # some elements of a list
                changed = list(getattr(self, name))
                for index, element in value.items():
                    changed[index] = element
                value = changed
            self.set_hparam(name, value)
        return self

    def override_from_dict(self, values_dict):
        """Overrides settings. KeyError for a name that there is not. Returns self."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def parse_json(self, values_json):
        """Overrides settings by a JSON object. Returns self."""
        return self.override_from_dict(json.loads(values_json))

    def to_json(self, indent=None, separators=None, sort_keys=False):
        """The settings as a JSON object; functions are left out."""
        plain = {name: value for name, value in self.values().items() if not callable(value)}
        return json.dumps(plain, indent=indent, separators=separators, sort_keys=sort_keys)

    def values(self):
        """{name: value}."""
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key, default=None):
        """The value of a setting, or default. ValueError if default is of another type."""
        if key not in self._hparam_types:
            return default
        kind, is_list = self._hparam_types[key]
        if default is not None and isinstance(default, list) != is_list:
            raise ValueError(f"Must pass {'a list' if is_list else 'a single value'} as the "
                             f"default of {key}")
        if default is not None:
            for value in default if is_list else [default]:
                _cast(key, kind, value)
        return getattr(self, key)

    def set_model_structure(self, model_structure):
        """Keeps an object with the settings."""
        self._model_structure = model_structure

    def get_model_structure(self):
        """The object that is kept with the settings."""
        return self._model_structure

    def __contains__(self, key):
        return key in self._hparam_types

    def __str__(self):
        return str(sorted(self.values().items()))

    def __repr__(self):
        return f"HParams({self})"


def parse_values(values, type_map, ignore_unknown=False):
    """{name: value} of "name=value,names=[a,b],name[2]=c".

    Args:
      values: str.
      type_map: {name: type, or (type, whether it is a list)}.
      ignore_unknown: leave out names that type_map lacks; otherwise ValueError.

    Elements of lists that were set one by one come as {index: value}.
    As in TF: tf.contrib.training.parse_values.
    """
    found, position = {}, 0
    while position < len(values):
        match = _ITEM.match(values, position)
        if match is None:
            raise ValueError(f"Malformed hyperparameter value: {values[position:]}")
        position = match.end()
        name, index = match["name"], match["index"]
        if name not in type_map:
            if ignore_unknown:
                continue
            raise ValueError(f"Unknown hyperparameter type for {name}")
        kind = type_map[name][0] if isinstance(type_map[name], tuple) else type_map[name]
        if name in found and index is None:
            raise ValueError(f"Multiple assignments to variable {name!r} in {values}")
        if match["values"] is not None:
            if index is not None:
                raise ValueError(f"Assignment of a list to a list index: {match[0]}")
            parts = [part for part in re.split(r"[,\s]+", match["values"].strip()) if part]
            found[name] = [_read(name, kind, part) for part in parts]
        elif index is not None:
            found.setdefault(name, {})[int(index)] = _read(name, kind, match["value"])
        else:
            found[name] = _read(name, kind, match["value"])
    return found


def _read(name, kind, text):
    """A value as it is written."""
    text = text.strip()
    if kind is bool:
        if text not in ("true", "True", "1", "false", "False", "0"):
            raise ValueError(f"Could not parse hparam {name!r} of type 'bool' with value {text!r}")
        return text in ("true", "True", "1")
    try:
        return text if kind in (str, type(None)) else kind(text)
    except ValueError:
        raise ValueError(f"Could not parse hparam {name!r} of type {kind.__name__!r} with value "
                         f"{text!r}") from None


def _cast(name, kind, value):
    """A value as one of the setting's type. ValueError if that would lose something."""
    if value is None or kind is type(None) or type(value) is kind:
        return value
    right = not (isinstance(value, bool) or kind is bool)
    if issubclass(kind, str):
        right = isinstance(value, str | bytes)
    elif issubclass(kind, numbers.Integral):
        right &= isinstance(value, numbers.Integral)
    elif issubclass(kind, numbers.Number):
        right &= isinstance(value, numbers.Number)
    if not right:
        raise ValueError(f"Could not cast hparam {name!r} of type {kind} from value {value!r}")
    return kind(value)
