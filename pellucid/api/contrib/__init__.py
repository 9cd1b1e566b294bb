"""tf.contrib: the parts of it that programs use."""

from pellucid.api.contrib import framework, layers, opt, slim
