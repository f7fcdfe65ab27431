import { useInfiniteQuery } from "@tanstack/react-query";
import { Clapperboard, Plus } from "lucide-react";
import { useState } from "react";
import { runsQuery } from "@/api/training";
import { useMay } from "@/api/trust";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { useKeys } from "@/design/keys/use-keys";
import { More } from "@/design/More";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { NewRun } from "./NewRun";
import { RunRow } from "./RunRow";
import "./training.css";
import { TableScroll } from "@/design/TableScroll";

export function RunsPage() {
  const runs = useInfiniteQuery(runsQuery);
  const [isNewOpen, setNewOpen] = useState(false);
  const mayTrain = useMay()("training.run");
  useKeys("Runs", [{ keys: "n", label: "Start a run", isEnabled: mayTrain, run: () => setNewOpen(true) }]);
  const start = mayTrain && (
    <Button kind="primary" hotkey="N" icon={<Plus size={15} />} onClick={() => setNewOpen(true)}>
      Start a run
    </Button>
  );
  return (
    <Page
      title="Runs"
      about="Trainings of the world model, their curves and the checkpoints they left."
      actions={start}
    >
      {runs.isError && <Problem error={runs.error} />}
      {runs.isPending && <Skeleton height={44} lines={4} />}
      {runs.data?.length === 0 && (
        <EmptyState icon={<Clapperboard size={42} strokeWidth={1.2} />} title="No run yet" action={start}>
          A run trains the small world model on simulated clips and, if you choose a frozen version, on your
          footage. It stops itself when its time is up.
        </EmptyState>
      )}
      {runs.data !== undefined && runs.data.length > 0 && (
        <TableScroll label="Runs" className="panel">
          <table className="table">
            <thead>
              <tr>
                <th>Run</th>
                <th>Recipe</th>
                <th>Footage</th>
                <th className="end">Budget</th>
                <th className="end">Seed</th>
                <th>Begun</th>
                <th>State</th>
              </tr>
            </thead>
            <tbody>
              {runs.data.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      <More list={runs}>Older runs</More>
      <NewRun open={isNewOpen} onClose={() => setNewOpen(false)} />
    </Page>
  );
}
