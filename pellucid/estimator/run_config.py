"""RunConfig: how often an Estimator saves, logs and summarizes."""

import copy

from pellucid.core.options import ConfigProto

_ONE_PROCESS = ("train_distribute", "device_fn", "protocol", "eval_distribute",
                "experimental_distribute")


class RunConfig:
    """How an Estimator runs. As in TF: tf.estimator.RunConfig.

    Args:
      model_dir: str, where checkpoints and summaries go.
      tf_random_seed: int, the graph's seed.
      save_summary_steps: int, steps between summaries; None for no summaries.
      save_checkpoints_steps, save_checkpoints_secs: how often to save, one of them; 600 seconds
        where both are left out, both None for only at the start and end.
      session_config: tf.ConfigProto.
      keep_checkpoint_max: int, how many checkpoints stay.
      keep_checkpoint_every_n_hours: number, those that stay for ever.
      log_step_count_steps: int, steps between lines of the log.

    train_distribute, device_fn and their kin are not supported: there is one process.
    """

    def __init__(self, model_dir=None, tf_random_seed=None, save_summary_steps=100,
                 save_checkpoints_steps="default", save_checkpoints_secs="default",
                 session_config=None, keep_checkpoint_max=5,
                 keep_checkpoint_every_n_hours=10000, log_step_count_steps=100,
                 train_distribute=None, device_fn=None, protocol=None, eval_distribute=None,
                 experimental_distribute=None, experimental_max_worker_delay_secs=None,
                 session_creation_timeout_secs=7200):
        given = locals()
        for name in _ONE_PROCESS:
            if given[name] is not None:
                raise NotImplementedError(f"RunConfig({name}=...): pellucid runs in one process; "
                                          "leave it out.")
        if save_checkpoints_steps == save_checkpoints_secs == "default":
            save_checkpoints_steps, save_checkpoints_secs = None, 600
        elif save_checkpoints_secs == "default":
            save_checkpoints_secs = None
        elif save_checkpoints_steps == "default":
            save_checkpoints_steps = None
        self._set(model_dir=model_dir, tf_random_seed=tf_random_seed,
                  save_summary_steps=save_summary_steps,
                  save_checkpoints_steps=save_checkpoints_steps,
                  save_checkpoints_secs=save_checkpoints_secs, session_config=session_config,
                  keep_checkpoint_max=keep_checkpoint_max,
                  keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
                  log_step_count_steps=log_step_count_steps)

    def _set(self, **values):
        steps = values.get("save_checkpoints_steps")
        if steps is not None and values.get("save_checkpoints_secs") is not None:
            raise ValueError("`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both "
                             "set.")
        for name, value in values.items():
            if value is not None and name.startswith(("save", "keep", "log")) and value < 0:
                raise ValueError(f"{name} should be >= 0")
        seed, session_config = values.get("tf_random_seed"), values.get("session_config")
        if seed is not None and not isinstance(seed, int):
            raise ValueError("tf_random_seed must be integer.")
        if session_config is not None and not isinstance(session_config, ConfigProto):
            raise ValueError("session_config must be instance of ConfigProto.")
        self.__dict__.update(values)

    def replace(self, **kwargs):
        """A RunConfig with some values changed. ValueError for a name that there is not."""
        unknown = kwargs.keys() - self.__dict__.keys()
        if unknown:
            raise ValueError(f"Replacing {sorted(unknown)[0]} is not supported.")
        new = copy.copy(self)
        if "save_checkpoints_steps" in kwargs:
            kwargs.setdefault("save_checkpoints_secs", None)
        elif "save_checkpoints_secs" in kwargs:
            kwargs.setdefault("save_checkpoints_steps", None)
        new._set(**kwargs)
        return new

    # What programs that were written for many processes ask.
    is_chief, master, evaluation_master, task_type, task_id = True, "", "", "worker", 0
    num_ps_replicas, num_worker_replicas = 0, 1

    @property
    def global_id_in_cluster(self):
        """0."""
        return 0
