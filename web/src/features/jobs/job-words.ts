/** How a job reads to people. Pure. */
import type { Job } from "@/api/types";
import { plainWords } from "@/design/words";

const titles: Readonly<Record<string, string>> = {
  "catalog.ingest": "Reading footage",
  "labeling.propose": "Looking for objects",
  "labeling.resolve": "Finding the consensus",
  "datasets.export": "Writing an export",
  "training.train": "Training",
  "generation.render": "Generating",
  "generation.play": "Playing a world",
  "evaluation.score": "Evaluating",
  "jobs.deliver": "Telling a webhook",
};

export const jobTitle = (job: Pick<Job, "name">): string => titles[job.name] ?? plainWords(job.name);

/** "1 min 5 s": how long a job took, or has taken so far. */
export function jobDuration(job: Pick<Job, "started_at" | "finished_at">, now: Date): string {
  if (!job.started_at) return "";
  const end = job.finished_at ? new Date(job.finished_at) : now;
  const total_s = Math.max(0, Math.round((end.getTime() - new Date(job.started_at).getTime()) / 1000));
  return total_s < 60 ? `${total_s} s` : `${Math.floor(total_s / 60)} min ${total_s % 60} s`;
}
