"""Remakes the recorded answers. It needs TensorFlow 1.15.5, which needs Python 3.7:

    python3.7 -m venv v37
    v37/bin/pip install tensorflow==1.15.5 "protobuf<3.21" "numpy<1.19"
    v37/bin/python -m tests.recorded.record [theme ...]          # in the repository
"""

import json
import os
import sys
import warnings

from . import harness


def main(themes):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    warnings.simplefilter("ignore")
    import tensorflow as tf
    tf.compat.v1.logging.set_verbosity("ERROR")
    by_theme = {}
    for name in harness.load():
        theme = name.partition("/")[0]
        if not themes or theme in themes:
            by_theme.setdefault(theme, {})[name] = harness.answer(tf, name)
    for theme, answers in by_theme.items():
        lines = [f"{json.dumps(key)}: {json.dumps(value)}"
                 for key, value in [("tensorflow", tf.__version__), *answers.items()]]
        text = "{" + ",\n".join(lines) + "}\n"
        (harness.ANSWERS / (theme + ".json")).write_text(text)
        print(f"{theme}: {len(answers)} cases, {len(text) // 1024} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
