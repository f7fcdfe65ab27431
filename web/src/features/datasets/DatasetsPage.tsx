import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Database, Plus } from "lucide-react";
import { useState } from "react";
import { datasetsQuery } from "@/api/datasets";
import { useMay } from "@/api/trust";
import { Button } from "@/design/Button";
import { EmptyState } from "@/design/EmptyState";
import { useKeys } from "@/design/keys/use-keys";
import { More } from "@/design/More";
import { Page } from "@/design/Page";
import { Problem } from "@/design/Problem";
import { Skeleton } from "@/design/Skeleton";
import { When } from "@/design/When";
import "./datasets.css";
import { TableScroll } from "@/design/TableScroll";
import { NewDataset } from "./NewDataset";
import { queryInWords } from "./query-words";

export function DatasetsPage() {
  const datasets = useInfiniteQuery(datasetsQuery);
  const [isNewOpen, setNewOpen] = useState(false);
  const mayFreeze = useMay()("datasets.freeze");
  useKeys("Datasets", [
    { keys: "n", label: "New dataset", isEnabled: mayFreeze, run: () => setNewOpen(true) },
  ]);
  const create = mayFreeze && (
    <Button kind="primary" hotkey="N" icon={<Plus size={15} />} onClick={() => setNewOpen(true)}>
      New dataset
    </Button>
  );
  return (
    <Page
      title="Datasets"
      about="Living selections of footage, and the versions frozen from them."
      actions={create}
    >
      {datasets.isError && <Problem error={datasets.error} />}
      {datasets.isPending && <Skeleton height={60} lines={3} />}
      {datasets.data?.length === 0 && (
        <EmptyState icon={<Database size={42} strokeWidth={1.2} />} title="No dataset yet" action={create}>
          A dataset is a question to the catalogue. Freezing it makes a version that never changes, with its
          splits and the proof that every clip may be used.
        </EmptyState>
      )}
      {datasets.data !== undefined && datasets.data.length > 0 && (
        <TableScroll label="Datasets" className="panel">
          <table className="table">
            <thead>
              <tr>
                <th>Name</th>
                <th>Selects</th>
                <th>Made</th>
              </tr>
            </thead>
            <tbody>
              {datasets.data.map((dataset) => (
                <tr key={dataset.id}>
                  <td>
                    <Link className="link" to="/datasets/$datasetId" params={{ datasetId: dataset.id }}>
                      {dataset.name}
                    </Link>
                  </td>
                  <td className="quiet">{queryInWords(dataset.query)}</td>
                  <td>
                    <When at={dataset.created_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      <More list={datasets}>Older datasets</More>
      <NewDataset open={isNewOpen} onClose={() => setNewOpen(false)} />
    </Page>
  );
}
