/** Jobs as a short list: a row of like ones that all went well is one line. Pure. */
import type { Job } from "@/api/types";

export type JobGroup = readonly [Job, ...Job[]];

export function groupJobs(jobs: readonly Job[]): JobGroup[] {
  const groups: [Job, ...Job[]][] = [];
  for (const job of jobs) {
    const last = groups.at(-1);
    const isAlike = last?.[0].name === job.name && job.state === "succeeded" && last[0].state === "succeeded";
    if (isAlike) last.push(job);
    else groups.push([job]);
  }
  return groups;
}
