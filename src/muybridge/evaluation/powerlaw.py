"""Fit L(N, D) = E + A / N^alpha + B / D^beta to losses of networks of N parameters after D clips.

The form of Hoffmann et al. 2022 ("Training Compute-Optimal Large Language Models"). For fixed exponents the rest is
linear, so exponents are searched on a grid and E, A, B are least squares that may not be negative (all of their seven
supports are tried). Errors count relative to the loss.
"""

import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

GRID = np.linspace(0.02, 2.0, 67)
NUM_RESAMPLES = 200

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Law:
    """E: the loss that nothing removes. alpha: of parameters. beta: of clips. A and B are of the smallest N and D."""

    E: float
    A: float
    alpha: float
    B: float
    beta: float
    error: float
    "Root mean square of relative residuals."


def fit(parameters: Sequence[float], clips: Sequence[float], losses: Sequence[float]) -> Law:
    """The law with the least relative error. Needs two sizes and two amounts at least."""
    n, d = (np.asarray(values, float) / min(values) for values in (parameters, clips))
    loss = np.asarray(losses, float)
    alpha, beta = (grid.reshape(-1) for grid in np.meshgrid(GRID, GRID, indexing="ij"))
    design = np.stack([np.ones((len(alpha), len(n))), n[None] ** -alpha[:, None], d[None] ** -beta[:, None]], -1)
    design = design / loss[None, :, None]
    terms, errors = np.zeros((len(alpha), 3)), np.full(len(alpha), np.inf)
    for size in (1, 2, 3):
        for support in itertools.combinations(range(3), size):
            solved = _solve(design[:, :, support])
            error = np.square((design[:, :, support] @ solved[..., None])[..., 0] - 1.0).mean(1)
            better = (solved >= 0.0).all(1) & (error < errors)
            errors = np.where(better, error, errors)
            full = np.zeros((len(alpha), 3))
            full[:, support] = solved
            terms = np.where(better[:, None], full, terms)
    best = int(errors.argmin())
    floor, of_size, of_clips = terms[best].tolist()
    return Law(floor, of_size, float(alpha[best]), of_clips, float(beta[best]), float(np.sqrt(errors[best])))


def _solve(design_GKP: Floats) -> Floats:
    """Least squares to ones for every grid point: [G, P]."""
    square = np.einsum("gkp,gkq->gpq", design_GKP, design_GKP)
    square += 1e-10 * np.eye(square.shape[-1])
    return np.linalg.solve(square, design_GKP.sum(1)[..., None])[..., 0]


def fit_with_intervals(
    parameters: Sequence[float],
    clips: Sequence[float],
    losses: Floats,
    *,
    seed: int = 0,
    resamples: int = NUM_RESAMPLES,
) -> dict[str, Any]:
    """The law of the mean losses with 95 % intervals, as JSON.

    losses: [cells, batches]; each resample draws the batches anew (the same in all cells) and adds to each cell the
    relative residual of a cell drawn at random. An exponent whose interval reaches the grid's end is not determined.
    """
    chance = np.random.default_rng(seed)
    law = fit(parameters, clips, losses.mean(1).tolist())
    residual = losses.mean(1) / predict(law, parameters, clips)
    drawn = []
    for _ in range(resamples):
        means = losses[:, chance.integers(0, losses.shape[1], losses.shape[1])].mean(1)
        shaken = means * residual[chance.integers(0, len(residual), len(residual))]
        drawn.append(asdict(fit(parameters, clips, shaken.tolist())))
    intervals = {name: np.percentile([each[name] for each in drawn], [2.5, 97.5]).tolist() for name in asdict(law)}
    ends = (float(GRID[0]), float(GRID[-1]))
    open_ = [name for name in ("alpha", "beta") if intervals[name][0] <= ends[0] or intervals[name][1] >= ends[1]]
    return {"law": asdict(law), "intervals": intervals, "not_determined": open_}


def predict(law: Law, parameters: Sequence[float], clips: Sequence[float]) -> Floats:
    """The law's losses at these sizes and amounts, which must be those that it was fitted to."""
    n, d = (np.asarray(values, float) / min(values) for values in (parameters, clips))
    predicted: Floats = law.E + law.A * n**-law.alpha + law.B * d**-law.beta
    return predicted
