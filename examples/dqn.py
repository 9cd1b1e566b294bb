"""A net learns to catch fruit from nothing but the reward at the end: deep Q-learning.

    python -m examples.dqn

Q(state, action) is the reward that is still to come. It should be the reward now, and, a little
less worth, the best Q of the next state (Bellman). Two things keep that from chasing its own tail
(Mnih et al. 2015): steps are remembered and learned from in random order, and the next state is
judged by an older copy of the net, the target. Read next: policy_gradient.py.
"""

import numpy as np

import pellucid as tf
from examples.learning import Learned, flags, watched
from examples.worlds import Catch

GOAL = "at least 95 % of the fruit is caught"
DISCOUNT, MEMORY, BATCH, COPY_EVERY = 0.9, 5000, 64, 100


class Memory:
    """The last steps in the world: state, action, reward, next state, done."""

    def __init__(self, size, states):
        self.size, self.count = size, 0
        self.arrays = [np.zeros((size, states), np.float32), np.zeros(size, np.int32),
                       np.zeros(size, np.float32), np.zeros((size, states), np.float32),
                       np.zeros(size, np.float32)]

    def add(self, *step):
        """Remembers a step in the place of the oldest."""
        for array, value in zip(self.arrays, step):
            array[self.count % self.size] = value
        self.count += 1

    def some(self, random, count):
        """Arrays of `count` steps drawn at random."""
        rows = random.randint(min(self.count, self.size), size=count)
        return [array[rows] for array in self.arrays]


class Agent:
    """The graph: Q of all actions in some states, and a step of training."""

    def __init__(self, world):
        self.inputs = [
            tf.placeholder(tf.float32, [None, world.states], name="state"),
            tf.placeholder(tf.int32, [None], name="action"),
            tf.placeholder(tf.float32, [None], name="reward"),
            tf.placeholder(tf.float32, [None, world.states], name="next_state"),
            tf.placeholder(tf.float32, [None], name="done")]
        self.state, action, reward, next_state, done = self.inputs
        q = self.net(self.state, world.actions, "q")
        q_next = self.net(next_state, world.actions, "target")
        self.best = tf.argmax(q, axis=1)
        wanted = reward + DISCOUNT * (1.0 - done) * tf.reduce_max(q_next, axis=1)
        taken = tf.reduce_sum(q * tf.one_hot(action, world.actions), axis=1)
        self.loss = tf.losses.huber_loss(tf.stop_gradient(wanted), taken)
        own, older = (tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope=scope)
                      for scope in ("q", "target"))
        self.step = tf.train.AdamOptimizer(0.001).minimize(self.loss, var_list=own)
        self.copy = tf.group(*[tf.assign(old, new) for old, new in zip(older, own)])

    def net(self, state, actions, scope):
        """From states (n, states) to Q of each action (n, actions)."""
        with tf.variable_scope(scope):
            hidden = tf.layers.dense(state, 64, activation=tf.nn.relu)
            return tf.layers.dense(hidden, actions)

    def act(self, session, state):
        """The action with the largest Q."""
        return session.run(self.best, {self.state: [state]})[0]


def caught(world, agent, session, falls=200):
    """The part of the fruit that the agent catches when it does what it thinks best."""
    good = 0
    for _ in range(falls):
        state, done = world.reset(), False
        while not done:
            state, reward, done = world.step(agent.act(session, state))
        good += reward > 0
    return good / falls


def train(steps=6000, seed=0):
    """A Learned; its score is the part of the fruit that is caught."""
    random = np.random.RandomState(seed)
    world = Catch(random)
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        agent, memory = Agent(world), Memory(MEMORY, world.states)
        losses = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            session.run(agent.copy)
            state = world.reset()
            for step in watched(steps, losses):
                curious = random.uniform() < max(0.1, 1 - 2 * step / steps)
                action = random.randint(world.actions) if curious else agent.act(session, state)
                next_state, reward, done = world.step(action)
                memory.add(state, action, reward, next_state, done)
                state = world.reset() if done else next_state
                if memory.count >= BATCH:
                    some = memory.some(random, BATCH)
                    value, _ = session.run(
                        [agent.loss, agent.step], dict(zip(agent.inputs, some)))
                    losses.append(value)
                if step % COPY_EVERY == 0:
                    session.run(agent.copy)
            score = caught(world, agent, session)
    return Learned(losses, score)


def main():
    """Trains and says how well; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"{result.score:.1%} of the fruit is caught")
    return result.score >= 0.95


if __name__ == "__main__":
    raise SystemExit(not main())
