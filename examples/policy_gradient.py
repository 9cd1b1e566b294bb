"""A net learns to balance a pole: it does more often what was followed by more than it expected.

    python -m examples.policy_gradient

The policy says how likely each action is in a state. After an episode each action is made likelier
in proportion to what came after it, less what a second net had expected there, the baseline
(REINFORCE; Williams 1992): the gradient of log p(action) times that difference.
"""

import numpy as np

import pellucid as tf
from examples.learning import Learned, flags, watched
from examples.worlds import CartPole

GOAL = "the pole is balanced for at least 180 of 200 steps, on average"
DISCOUNT = 0.98


def returns(rewards):
    """What is still to come at each step: r0 + 0.98 r1 + 0.98^2 r2 + ..."""
    to_come, total = [], 0.0
    for reward in reversed(rewards):
        total = reward + DISCOUNT * total
        to_come.append(total)
    return np.array(to_come[::-1], np.float32)


class Agent:
    """The graph: an action drawn for a state, and a step of training on an episode."""

    def __init__(self, world, rate):
        self.states = tf.placeholder(tf.float32, [None, world.states], name="states")
        self.actions = tf.placeholder(tf.int32, [None], name="actions")
        self.returns = tf.placeholder(tf.float32, [None], name="returns")
        scaled = self.states / [2.4, 2.0, 0.2, 2.0]
        hidden = tf.layers.dense(scaled, 32, activation=tf.nn.tanh, name="policy_hidden")
        logits = tf.layers.dense(hidden, world.actions, name="policy_logits",
                                 kernel_initializer=tf.zeros_initializer())
        self.drawn = tf.multinomial(logits, 1)[:, 0]
        self.likeliest = tf.argmax(logits, axis=1)
        hidden = tf.layers.dense(scaled, 32, activation=tf.nn.tanh, name="baseline_hidden")
        expected = tf.squeeze(tf.layers.dense(hidden, 1, name="baseline"), axis=1)

        surprise = tf.stop_gradient(self.returns - expected)
        mean, variance = tf.nn.moments(surprise, axes=[0])
        surprise = (surprise - mean) / tf.sqrt(variance + 1e-6)
        unlikely = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=self.actions, logits=logits)                      # -log p(action)
        self.error = tf.losses.mean_squared_error(self.returns, expected)
        self.loss = tf.reduce_mean(surprise * unlikely) + 0.01 * self.error
        self.step = tf.train.AdamOptimizer(rate).minimize(self.loss)

    def episode(self, session, world, chosen):
        """(states, actions, rewards) of one episode; `chosen` is self.drawn or self.likeliest."""
        states, actions, rewards = [], [], []
        state, done = world.reset(), False
        while not done:
            action = session.run(chosen, {self.states: [state]})[0]
            states.append(state)
            actions.append(action)
            state, reward, done = world.step(action)
            rewards.append(reward)
        return states, actions, rewards


def train(steps=300, rate=0.01, seed=0):
    """A Learned; its losses are 200 - how long the pole stood in each episode, its score the mean
    number of steps in ten episodes of the likeliest actions."""
    random = np.random.RandomState(seed)
    world = CartPole(random)
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        agent = Agent(world, rate)
        losses = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in watched(steps, losses):
                states, actions, rewards = agent.episode(session, world, agent.drawn)
                session.run(agent.step, {agent.states: states, agent.actions: actions,
                                         agent.returns: returns(rewards)})
                losses.append(world.longest - len(rewards))
            lengths = [len(agent.episode(session, world, agent.likeliest)[2]) for _ in range(10)]
    return Learned(losses, float(np.mean(lengths)))


def main():
    """Trains and says how well; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"the pole stands for {result.score:.0f} of 200 steps")
    return result.score >= 180


if __name__ == "__main__":
    raise SystemExit(not main())
