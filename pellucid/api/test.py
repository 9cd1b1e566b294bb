"""tf.test: test cases with assertions about arrays, and checks of gradients."""

from unittest import mock

from pellucid.platform.jacobian import compute_gradient, compute_gradient_error
from pellucid.platform.testing import (
    TestCase,
    assert_equal_graph_def,
    get_temp_dir,
    gpu_device_name,
    is_built_with_cuda,
    is_gpu_available,
    main,
    test_src_dir_path,
)


def __getattr__(name):
    """What a missing name would need."""
    from pellucid.names.old import answer
    return answer("test", name)
