"""Which TensorFlow this is: graphs and sessions, as in version 1, and never otherwise.

Programs that run on TensorFlow 2 as well switch it off first; here that is already so.
As in TF: tf.disable_v2_behavior and its kin, tf.executing_eagerly.
"""


def executing_eagerly():
    """False: operations join a graph, and a Session runs them."""
    return False


def disable_v2_behavior():
    """Nothing to do: behaviour is version 1's."""


def disable_eager_execution():
    """Nothing to do: operations join a graph."""


def disable_v2_tensorshape():
    """Nothing to do: shapes consist of Dimensions."""


def disable_resource_variables():
    """Nothing to do: variables are version 1's."""


def disable_control_flow_v2():
    """Nothing to do: loops and conditions give version 1's results."""
