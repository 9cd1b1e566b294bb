"""What names of TensorFlow stand for here: old spellings, internal modules, what is missing.

Everything that is found by name at run time is found here: the module that answers to
`import tensorflow` under `pellucid run` (stand_in.py), the spellings of TensorFlow 0.x (old.py),
the paths below tensorflow.python (internal.py), and what a missing symbol would need
(missing.py). Read lookup.py first.
"""
