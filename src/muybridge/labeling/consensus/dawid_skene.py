"""Dawid & Skene 1979: EM over the true labels and each answerer's error rates.

With priors, because tasks have few answers and few are known of each person: each row of a confusion matrix has a
Dirichlet prior that favours the diagonal (a person is more often right than wrong), and the class shares a flat one.
Without them EM collapses on small sets (one-coin EM falls far below majority on several public sets).
N = tasks, A = answerers, L = labels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from muybridge.labeling.consensus.contract import Agreed, Answer
from muybridge.labeling.consensus.labels import Label, agreed_on, label_of

Matrix = NDArray[np.float64]
RIGHT_PRIOR = 4.0
"""Pseudo-answers that each person gave rightly, per label, before any was seen."""
WRONG_PRIOR = 1.0
"""Pseudo-answers that each person gave wrongly, per label, spread over the other labels."""
MAX_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Fit:
    """posterior_NL: probability of each label by task; confusion_ALL[a, truth, said]."""

    tasks: tuple[str, ...]
    answerers: tuple[str, ...]
    labels: tuple[Label, ...]
    posterior_NL: Matrix
    confusion_ALL: Matrix

    def skill(self) -> Mapping[str, float]:
        """Each answerer's mean probability of saying what is true."""
        diagonal_AL = np.diagonal(self.confusion_ALL, axis1=1, axis2=2)
        return dict(zip(self.answerers, diagonal_AL.mean(axis=1).tolist(), strict=True))


def fit(answers: Sequence[Answer]) -> Fit:
    """EM to convergence (or 50 rounds) from a start at the vote shares. Same result for every order of answers."""
    labelled = sorted({(answer.task_id, answer.answerer, label_of(answer)) for answer in answers})
    tasks = tuple(sorted({task for task, _, _ in labelled}))
    answerers = tuple(sorted({who for _, who, _ in labelled}))
    labels = tuple(sorted({label for _, _, label in labelled}))
    votes_NAL = np.zeros((len(tasks), len(answerers), len(labels)))
    for task, who, label in labelled:
        votes_NAL[tasks.index(task), answerers.index(who), labels.index(label)] = 1.0
    posterior_NL = votes_NAL.sum(axis=1) / votes_NAL.sum(axis=(1, 2))[:, None]
    for _ in range(MAX_ROUNDS):
        confusion_ALL, shares_L = _maximise(votes_NAL, posterior_NL)
        fresh_NL = _expect(votes_NAL, confusion_ALL, shares_L)
        has_converged = np.abs(fresh_NL - posterior_NL).max() < 1e-6
        posterior_NL = fresh_NL
        if has_converged:
            break
    return Fit(tasks, answerers, labels, posterior_NL, confusion_ALL)


def _maximise(votes_NAL: Matrix, posterior_NL: Matrix) -> tuple[Matrix, Matrix]:
    num_labels = posterior_NL.shape[1]
    prior_LL = np.full((num_labels, num_labels), WRONG_PRIOR / max(1, num_labels - 1))
    np.fill_diagonal(prior_LL, RIGHT_PRIOR)
    confusion_ALL = np.einsum("nt,nas->ats", posterior_NL, votes_NAL) + prior_LL
    confusion_ALL /= confusion_ALL.sum(axis=2, keepdims=True)
    shares_L = posterior_NL.sum(axis=0) + 1.0
    return confusion_ALL, shares_L / shares_L.sum()


def _expect(votes_NAL: Matrix, confusion_ALL: Matrix, shares_L: Matrix) -> Matrix:
    log_NL = np.log(shares_L) + np.einsum("nas,ats->nt", votes_NAL, np.log(confusion_ALL))
    log_NL -= log_NL.max(axis=1, keepdims=True)
    odds_NL = np.exp(log_NL)
    posterior_NL: Matrix = odds_NL / odds_NL.sum(axis=1, keepdims=True)
    return posterior_NL


@dataclass(frozen=True, slots=True)
class DawidSkene:
    name: str = "dawid_skene"
    shapes: frozenset[str] = frozenset({"class", "comparison"})

    def agree(self, answers: Sequence[Answer], others: Sequence[Answer] = ()) -> Agreed:
        """Agreement is the posterior of the chosen label, scaled by how far the attributes said of it agree.

        Of one answer alone it is 1, as for every method.
        """
        fitted = fit([*answers, *others])
        posterior_L = fitted.posterior_NL[fitted.tasks.index(answers[0].task_id)]
        best = int(posterior_L.argmax())
        agreement = 1.0 if len(answers) == 1 else float(np.clip(posterior_L[best], 0.0, 1.0))
        label = label_of(answers[0]) if len(answers) == 1 else fitted.labels[best]
        skill = fitted.skill()
        return agreed_on(
            label,
            answers,
            agreement,
            {"skill": {answer.answerer: round(skill[answer.answerer], 4) for answer in answers}},
        )


METHOD = DawidSkene()
