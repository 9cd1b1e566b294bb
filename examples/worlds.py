"""Two small worlds to act in, for dqn.py and policy_gradient.py.

    state = world.reset()
    state, reward, done = world.step(action)
"""

import numpy as np


class Catch:
    """A fruit falls, and a basket below can move by one cell a step: left, stay or right.

    A state is the board, of shape (size * size,): 1 where the fruit and the basket are. The reward
    comes at the end: 1 if the fruit falls into the basket, else -1.
    """

    actions = 3

    def __init__(self, random, size=6):
        self.random, self.size = random, size
        self.states = size * size

    def reset(self):
        """A new fruit at the top, the basket somewhere below."""
        self.row, self.column, self.basket = 0, *self.random.randint(self.size, size=2)
        return self._state()

    def step(self, action):
        """(state, reward, done) after moving by action - 1."""
        self.basket = min(max(self.basket + action - 1, 0), self.size - 1)
        self.row += 1
        done = self.row == self.size - 1
        reward = (1.0 if self.basket == self.column else -1.0) if done else 0.0
        return self._state(), reward, done

    def _state(self):
        board = np.zeros((self.size, self.size), np.float32)
        board[self.row, self.column] = 1.0
        board[-1, self.basket] = 1.0
        return board.ravel()


class CartPole:
    """A pole stands on a cart, which must be pushed left or right so that it does not fall.

    The equations are those of Barto, Sutton & Anderson (1983). A state is (position, speed, angle,
    speed of the angle); the reward is 1 a step. It is over when the cart is 2.4 from the middle,
    the pole 12 degrees from upright, or 200 steps have been made.
    """

    actions, states, longest = 2, 4, 200
    GRAVITY, CART, POLE, HALF, FORCE, SECONDS = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02

    def __init__(self, random):
        self.random = random

    def reset(self):
        """A pole that is nearly upright, and hardly moves."""
        self.state, self.steps = self.random.uniform(-0.05, 0.05, size=4), 0
        return self.state

    def step(self, action):
        """(state, reward, done) after a push to the left (0) or right (1)."""
        _, speed, angle, turn = self.state
        force = self.FORCE if action == 1 else -self.FORCE
        mass, moment = self.CART + self.POLE, self.POLE * self.HALF
        push = (force + moment * turn ** 2 * np.sin(angle)) / mass
        bend = (self.GRAVITY * np.sin(angle) - np.cos(angle) * push) / (
            self.HALF * (4 / 3 - self.POLE * np.cos(angle) ** 2 / mass))
        drive = push - moment * bend * np.cos(angle) / mass
        self.state = self.state + self.SECONDS * np.array([speed, drive, turn, bend])
        self.steps += 1
        fell = abs(self.state[0]) > 2.4 or abs(self.state[2]) > np.radians(12)
        return self.state, 1.0, bool(fell or self.steps == self.longest)
