"""SyncReplicasOptimizer: what several machines needed, and what to use here."""

from pellucid.training.optimizer import Optimizer


class SyncReplicasOptimizer(Optimizer):
    """Not supported: there is one process, so there are no replicas to wait for.

    As in TF: tf.train.SyncReplicasOptimizer.
    """

    def __init__(self, opt, *args, **kwargs):
        raise NotImplementedError(
            f"SyncReplicasOptimizer: pellucid trains in one process; use the {type(opt).__name__} "
            "that you gave it as it is.")
